"""The money of a project under several objectives and between communes: every euro once, to the cent."""

from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.funding.share_models import ChargeKey, ObjectiveShare
from projects.funding.share_reading import charge_of, charges_in, objectives_of
from projects.funding.share_rules import borne_by, even_split, parts_of, percents_fault, split
from projects.funding.share_services import bearers_of, keep_in_step, split_between_communes, split_between_objectives
from projects.models import FundingLine, FundingPlan, OrientationFit, Project, Status, StrategyNode, TerritorialPlan
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen
from territories.levers.sharing import euros_of
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_orientation,
    make_population,
    make_project,
)

db = pytest.mark.django_db
CENTS = st.integers(0, 10**11).map(lambda cents: Decimal(cents).scaleb(-2))
PERCENTS = st.lists(st.integers(0, 10_000), min_size=0, max_size=7).map(sorted)


@given(total=CENTS, cuts=PERCENTS)
@settings(max_examples=300, deadline=None)
def test_the_parts_of_a_cost_add_up_to_it_and_none_is_a_cent_away_from_its_due(total, cuts):
    bounds = [0, *cuts, 10_000]
    percents = {f"o{i}": Decimal(b - a).scaleb(-2) for i, (a, b) in enumerate(pairwise(bounds))}
    parts = parts_of(total, list(percents), percents)
    assert sum(parts.values()) == total
    for key, amount in parts.items():
        assert abs(amount - total * percents[key] / 100) < Decimal("0.01")
        assert amount == amount.quantize(Decimal("0.01"))


@given(total=CENTS, people=st.lists(st.integers(1, 300_000), min_size=1, max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_charge_shared_between_communes_adds_up_to_the_cent_and_a_bigger_commune_never_pays_less(total, people):
    weights = {f"{35000 + rank}": count for rank, count in enumerate(people)}
    borne = borne_by(total, weights, weights)
    assert sum(one.amount for one in borne) == total
    by_size = sorted(borne, key=lambda one: one.inhabitants)
    for small, big in pairwise(by_size):
        assert small.inhabitants == big.inhabitants or small.amount <= big.amount + Decimal("0.01")


def test_a_third_of_a_hundred_euros_is_exact_and_nothing_is_shared_between_no_one():
    assert list(even_split(Decimal("100.00"), "abc").values()) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert even_split(Decimal(100), "") == {}
    assert split(Decimal(10), {"a": Decimal("62.5"), "b": Decimal("37.5")}) == {
        "a": Decimal("6.25"),
        "b": Decimal("3.75"),
    }


def test_without_a_written_split_the_whole_goes_to_the_main_objective():
    assert parts_of(Decimal(90), ["1.1", "1.2"], {}) == {"1.1": Decimal(90), "1.2": Decimal(0)}
    gone = {"1.1": Decimal(40), "2.1": Decimal(60)}  # 2.1 is served no more: 40 % alone is no split
    assert parts_of(Decimal(90), ["1.1", "1.2"], gone) == {"1.1": Decimal(90), "1.2": Decimal(0)}


def test_percentages_that_make_no_hundred_are_refused_with_the_figure_that_lacks():
    assert percents_fault([Decimal(60), Decimal("39.5")]) == "Les parts font 99,50 % : il manque 0,50 %."
    assert percents_fault([Decimal(60), Decimal(41)]) == "Les parts font 101,00 % : il y a en trop 1,00 %."
    assert percents_fault([Decimal(60), Decimal(40)]) == ""


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator, self.agent = make_coordinator(self.epci), make_agent(self.epci)
        plan = TerritorialPlan.objects.create(intercommunality=self.epci, title="Horizon 2032")
        self.axes = [self.node(plan, code) for code in "12"]
        self.nodes = [self.node(plan, f"{axis.code}.1", axis) for axis in self.axes]
        self.nodes.append(self.node(plan, "1.2", self.axes[0]))
        self.communes = [make_commune(self.epci, name) for name in ("Avrel", "Bréauval", "Cormeray")]
        for commune, people in zip(self.communes, (1000, 2000, 1), strict=True):
            make_population(commune, people, counted_apart=50)

    def node(self, plan, code, parent=None):
        level = 2 if parent else 1
        return StrategyNode.objects.create(
            intercommunality=self.epci, plan=plan, level=level, code=code, title=f"But {code}", parent=parent
        )

    def project(self, cost="100000.01", own="30000.01", nodes=(0, 1), status=Status.ADOPTED):
        project = make_project(self.epci, author=self.agent, status=status)
        project.objectives.set([self.nodes[rank] for rank in nodes])
        plan = FundingPlan.objects.create(intercommunality=self.epci, project=project, cost_excl_tax=Decimal(cost))
        for name, nature, amount in (("EPCI", "own", Decimal(own)), ("État", "public", Decimal(cost) - Decimal(own))):
            FundingLine.objects.create(intercommunality=self.epci, plan=plan, funder=name, nature=nature, amount=amount)
        return project

    def share(self, project, percents, main=0, by=None):
        told = {self.nodes[rank]: Decimal(percent) for rank, percent in percents.items()}
        split_between_objectives(project=project, percents=told, main=self.nodes[main], by=by or self.coordinator)

    def money(self, kind=Kind.NODE):
        """In euros, by objective or by orientation, in all, and what goes to no axis."""
        sums = sums_seen(self.coordinator, self.epci, (Kind.ALL, kind), [Group.ADMISSIBLE])
        by_key = {of: euros_of(sums.of(kind, of).cents) for of, _ in sums.places(kind)}
        total = euros_of(sums.of(Kind.ALL).cents)
        untied = total - sum(by_key.get(axis.pk, 0) for axis in self.axes)
        return SimpleNamespace(by_key=by_key, total=total, untied=untied)


def test_a_project_under_two_axes_is_counted_once_and_the_axes_add_up_to_the_whole(world):
    first, second = world.project(), world.project("50.00", "50.00", nodes=())
    world.share(first, {0: "33.33", 1: "33.33", 2: "33.34"}, main=1)
    money = world.money()
    assert money.total == Decimal("100050.01")
    assert money.untied == Decimal("50.00")
    assert sum(money.by_key[axis.pk] for axis in world.axes) + money.untied == money.total
    assert sum(money.by_key[node.pk] for node in world.nodes) == Decimal("100000.01")
    assert money.by_key[world.axes[0].pk] == money.by_key[world.nodes[0].pk] + money.by_key[world.nodes[2].pk]
    assert objectives_of(first)[0].node == world.nodes[1]
    assert second.objectives.count() == 0


@pytest.mark.parametrize("status", [Status.REJECTED, Status.ABANDONED, Status.ABSORBED])
def test_what_was_given_up_costs_nothing(world, status):
    world.project(status=status)
    assert world.money().total == 0


def test_the_main_objective_is_the_one_said_and_there_is_one_only(world):
    project = world.project()
    world.share(project, {0: "60", 1: "40"}, main=0)
    world.share(project, {0: "10", 2: "90"}, main=2)
    assert ObjectiveShare.objects.get(project=project, is_main=True).node == world.nodes[2]
    assert set(project.objectives.all()) == {world.nodes[0], world.nodes[2]}
    assert ObjectiveShare.history.filter(project=project).count() >= 4


def test_a_split_is_refused_when_it_makes_no_hundred_and_to_whoever_is_not_the_coordination(world):
    project = world.project()
    with pytest.raises(ValidationError, match="il manque 10,00 %"):
        world.share(project, {0: "60", 1: "30"})
    with pytest.raises(ValidationError, match="principal"):
        world.share(project, {0: "60", 1: "40"}, main=2)
    with pytest.raises(PermissionDenied):
        world.share(project, {0: "60", 1: "40"}, by=world.agent)
    assert not ObjectiveShare.objects.exists()


def test_an_objective_that_leaves_with_money_undoes_the_split_and_one_without_does_not(world):
    project = world.project()
    world.share(project, {0: "100", 1: "0"})
    project.objectives.set([world.nodes[0]])
    assert not keep_in_step(project=project)
    world.share(project, {0: "70", 1: "30"})
    project.objectives.set([world.nodes[0]])
    assert keep_in_step(project=project)
    assert world.money().by_key[world.nodes[0].pk] == Decimal("100000.01")


def test_a_project_that_fits_two_orientations_is_counted_once(world):
    project = world.project("100.01", "100.01")
    for orientation in (make_orientation(world.epci), make_orientation(world.epci)):
        OrientationFit.objects.create(intercommunality=world.epci, project=project, orientation=orientation)
    money = world.money(Kind.ORIENTATION)
    assert sorted(money.by_key.values()) == [Decimal("50.00"), Decimal("50.01")]
    assert sum(money.by_key.values()) == money.total


def test_the_charge_is_shared_by_municipal_population_and_keeps_its_year(world):
    project = world.project()
    split_between_communes(project=project, method="inhabitants", by=world.coordinator)
    make_population(world.communes[2], 9000, year=2027)  # a later census does not move what was agreed
    charge = charge_of(project, project.funding_plans.get(), bearers_of(project))
    assert (charge.year, charge.total, charge.own.amount) == (2026, Decimal("30000.01"), Decimal("30000.01"))
    assert [(c.name, b.amount, b.inhabitants) for c, b in charge.rows] == [
        ("Avrel", Decimal("9996.67"), 1000),
        ("Bréauval", Decimal("19993.34"), 2000),
        ("Cormeray", Decimal("10.00"), 1),
    ]
    assert charge.rows[0][1].each == Decimal("10.00")


def test_the_charge_is_shared_equally_between_the_communes_named(world):
    project = world.project(own="100.00")
    project.communes.set(world.communes[:2])
    split_between_communes(project=project, method="equal", by=world.coordinator)
    charge = charge_of(project, project.funding_plans.get(), bearers_of(project))
    assert [borne.amount for _, borne in charge.rows] == [Decimal("50.00"), Decimal("50.00")]


def test_a_key_by_hand_makes_a_hundred_and_falls_when_the_communes_change(world):
    project = world.project(own="100.01")
    by_hand = dict(zip(world.communes, map(Decimal, ("50", "30", "20")), strict=True))
    with pytest.raises(ValidationError, match="il manque"):
        split_between_communes(
            project=project, method="by_hand", by=world.coordinator, percents={world.communes[0]: Decimal(9)}
        )
    assert not ChargeKey.objects.exists()
    split_between_communes(project=project, method="by_hand", by=world.coordinator, percents=by_hand)
    charge = charge_of(project, project.funding_plans.get(), bearers_of(project))
    assert charge.total == Decimal("100.01")
    project.communes.set(world.communes[:2])
    charge = charge_of(project, project.funding_plans.get(), bearers_of(project))
    assert (charge.rows, charge.fault[:22]) == ([], "Les communes du projet")


def test_a_population_that_nobody_knows_is_said_and_the_key_may_be_forgotten(world):
    project = world.project()
    lost = make_commune(world.epci, "Dorvelle")
    project.communes.set([lost])
    with pytest.raises(ValidationError, match="pas connue"):
        split_between_communes(project=project, method="inhabitants", by=world.coordinator)
    split_between_communes(project=project, method="equal", by=world.coordinator)
    split_between_communes(project=project, method="", by=world.coordinator)
    assert not ChargeKey.objects.exists()


def test_what_a_commune_bears_is_read_in_as_many_queries_for_ten_projects_as_for_two(world, django_assert_num_queries):
    def fill(count):
        for _ in range(count):
            split_between_communes(project=world.project(), method="inhabitants", by=world.coordinator)

    fill(2)
    with django_assert_num_queries(7):
        assert len(charges_in(Project.objects.of(world.epci), world.communes[0])) == 2
    fill(8)
    with django_assert_num_queries(7):
        assert len(charges_in(Project.objects.of(world.epci), world.communes[0])) == 10
