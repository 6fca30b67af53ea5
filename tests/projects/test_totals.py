"""The sums of a territory are always those of what is written, and cost the same to read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from partners.models import Body
from projects.funding.reads import unfunded
from projects.funding.services import open_version
from projects.models import (
    Addend,
    AgendaItem,
    Endorsement,
    FundingLine,
    FundingPlan,
    FundingYear,
    Measurement,
    OperatingLine,
    OpinionRequest,
    OrientationFit,
    PaymentCredit,
    Project,
    Session,
    Status,
    StrategyNode,
    TerritorialPlan,
    Total,
)
from projects.strategy.services import reorder
from projects.totals.counting import group_of
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen, without_funder, without_sharer
from projects.totals.services import recount, settle
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_indicator,
    make_member,
    make_opinion_request,
    make_orientation,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db


def stored(epci):
    """The sums as they are kept, those that fell back to nothing apart."""
    rows = Total.objects.filter(intercommunality=epci).values_list("group", "kind", "of", "within", *Total.FIGURES)
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator, self.agent = make_coordinator(self.epci), make_agent(self.epci)
        self.commune, self.orientation = make_commune(self.epci), make_orientation(self.epci)
        self.partner = make_partner(self.epci)
        plan = TerritorialPlan.objects.create(intercommunality=self.epci, title="Horizon", level_labels=["Axe"])
        self.axis = StrategyNode.objects.create(intercommunality=self.epci, plan=plan, level=1, code="1", title="Axe")
        self.project = make_project(self.epci, author=self.agent, status=Status.ADOPTED, scale=Project.Scale.COMMUNE)
        self.indicator = make_indicator(self.project)
        self.own = {"intercommunality": self.epci, "project": self.project}
        self.plan = FundingPlan.objects.create(cost_excl_tax=0, **self.own)
        self.credit = self.program(2026, "3.00")

    def save(self, row, **changes):
        for name, value in changes.items():
            setattr(row, name, value)
        row.save()

    def place(self):
        body = Body.objects.create(intercommunality=self.epci, kind="council", name="Conseil")
        session = Session.objects.create(intercommunality=self.epci, body=body, held_on=date(2026, 6, 1))
        AgendaItem.objects.create(session=session, **self.own)

    def leave(self):
        AgendaItem.objects.get().delete()

    def ask(self):
        make_opinion_request(self.project, partner=self.partner)

    def withdraw(self):
        self.save(OpinionRequest.objects.get(), withdrawn_on=date(2026, 6, 1), withdrawn_reason="Sans objet")

    def program(self, year, amount):
        about = {"intercommunality": self.epci, "plan": self.plan}
        return PaymentCredit.objects.create(year=year, amount=Decimal(amount), **about)

    def spend(self):
        self.save(self.plan, cost_excl_tax=Decimal("100.01"))
        return self.plan

    def beside(self, axis):
        """Another axis of the same plan."""
        return StrategyNode.objects.create(
            intercommunality=self.epci, plan=axis.plan, level=1, code="2", title="Un autre axe", position=9
        )

    def judge(self, *orientations):
        for one in orientations:
            OrientationFit.objects.create(orientation=one, **self.own)

    def settled(self, row):
        """A row whose writing is counted already: only what comes after it is heard."""
        settle(self.epci.pk)
        return row

    def aid(self):
        about = {"intercommunality": self.epci, "plan": self.settled(self.spend())}
        return FundingLine.objects.create(funder="CAF", amount=Decimal(5), nature="private", **about)

    def run(self, side):
        about = {"intercommunality": self.epci, "plan": self.plan}
        return OperatingLine.objects.create(label="Région", side=side, amount=Decimal(5), **about)

    def share(self, *, endorses=True):
        about = {"intercommunality": self.epci, "actor": make_actor(self.project, "CAF")}
        given = {"given_by_name": "La CAF", "given_on": date(2026, 6, 1)}
        return Endorsement.objects.create(objective_version=1, endorses=endorses, **about, **given)

    def promise(self):
        about = {"intercommunality": self.epci, "line": self.settled(self.aid())}
        return FundingYear.objects.create(year=2027, amount=Decimal(2), **about)


# What may change of a project, and by which act.
CHANGES = {
    "its state": lambda w: w.save(w.project, status=Status.ABSORBED),
    "its scale": lambda w: w.save(w.project, scale=Project.Scale.ALL),
    "a commune": lambda w: w.project.communes.add(w.commune),
    "an objective": lambda w: w.project.objectives.set([w.axis]),
    "a partner": lambda w: (w.project.communes.add(w.commune), make_actor(w.project, "CAF", partner=w.partner)),
    "an orientation": lambda w: OrientationFit.objects.create(orientation=w.orientation, **w.own),
    "a plan": lambda w: w.spend(),
    "another cost": lambda w: w.save(w.spend(), cost_excl_tax=Decimal("7.00")),
    "a plan that goes": lambda w: w.spend().delete(),
    "a year": lambda w: w.program(2027, "5.00"),
    "a year that goes": lambda w: w.credit.delete(),
    "the only year of a cost that goes": lambda w: (w.spend(), w.settled(w.credit).delete()),
    "the tax of a year": lambda w: (
        w.save(w.spend(), basis="incl", cost_incl_tax=120), w.save(w.settled(w.credit), amount_incl_tax=4),
    ),
    "an aid": lambda w: w.aid(),
    "another amount of an aid": lambda w: w.save(w.settled(w.aid()), amount=9),
    "an aid that goes": lambda w: w.settled(w.aid()).delete(),
    "the year of an aid": lambda w: w.promise(),
    "a year of an aid that goes": lambda w: w.settled(w.promise()).delete(),
    "a new version": lambda w: (w.promise(), open_version(project=w.project, label="Autre", by=w.coordinator)),
    "an indicator": lambda w: (w.project.objectives.add(w.axis), make_indicator(w.project, "Un autre")),
    "a measurement": lambda w: (w.project.objectives.add(w.axis), make_indicator(w.project, "Un autre", value=10)),
    "an agenda": lambda w: (w.project.communes.add(w.commune), w.place()),
    "an agenda it leaves": lambda w: (w.project.communes.add(w.commune), w.place(), settle(w.epci.pk), w.leave()),
    "an opinion asked": lambda w: (w.project.communes.add(w.commune), w.ask()),
    "an opinion no longer asked": lambda w: (
        w.project.communes.add(w.commune), w.ask(), settle(w.epci.pk), w.withdraw(),
    ),
    "a new project": lambda w: make_project(w.epci, status=Status.ADOPTED),
    "a project that goes": lambda w: (
        w.project.communes.add(w.commune), w.settled(w.promise()), w.indicator.delete(), w.project.delete(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_counted_again_before_it_is_read(world, change):
    settle(world.epci.pk)
    before = stored(world.epci)
    CHANGES[change](world)
    settle(world.epci.pk)
    kept = stored(world.epci)
    assert kept != before or change == "a plan that goes"
    Addend.objects.update(is_stale=True)
    settle(world.epci.pk)
    assert stored(world.epci) == kept  # nothing was waiting to be counted
    recount(world.epci.pk)
    assert stored(world.epci) == kept


def test_a_measurement_put_right_moves_the_count(world):
    world.project.objectives.add(world.axis)
    make_indicator(world.project, "Part des foyers", value=0)
    settle(world.epci.pk)
    before = stored(world.epci)
    world.save(Measurement.objects.latest("pk"), value=Decimal(10_000))
    settle(world.epci.pk)
    assert stored(world.epci) != before


def test_another_code_gives_the_cent_that_cannot_be_shared_to_another_orientation(world):
    other = make_orientation(world.epci)
    for one in (world.orientation, other):
        OrientationFit.objects.create(orientation=one, **world.own)
    world.spend()

    def cents():
        sums = sums_seen(world.coordinator, world.epci, [Kind.ORIENTATION], Group)
        return [sums.of(Kind.ORIENTATION, one.pk).cents for one in (world.orientation, other)]

    before = cents()
    world.save(min(world.orientation, other, key=lambda one: one.code), code="Z")
    assert (sorted(before), cents()) == ([5000, 5001], before[::-1])


def test_another_order_of_the_plan_gives_an_undivided_cost_to_another_objective(world):
    other = world.beside(world.axis)
    world.project.objectives.set([world.axis, other])
    world.spend()

    def cents():
        sums = sums_seen(world.coordinator, world.epci, [Kind.NODE], Group)
        return [sums.of(Kind.NODE, one.pk).cents for one in (world.axis, other)]

    assert cents() == [10_001, 0]
    reorder(by=world.coordinator, items=[world.axis, other], ids=[other.pk, world.axis.pk])
    assert cents() == [0, 10_001]


RANKED = {
    "an objective beside another": lambda w: (w.project.objectives.set([w.axis, w.beside(w.axis)]), w.axis),
    "the only objective": lambda w: (w.project.objectives.set([w.axis]), w.axis),
    "an orientation beside another": lambda w: (w.judge(w.orientation, make_orientation(w.epci)), w.orientation),
    "the only orientation": lambda w: (w.judge(w.orientation), w.orientation),
}


def test_an_objective_hung_elsewhere_takes_its_projects_along(world, django_capture_on_commit_callbacks):
    other, about = world.beside(world.axis), {"intercommunality": world.epci, "plan": world.axis.plan}
    place = StrategyNode.objects.create(level=2, code="1.1", title="Un objectif", parent=world.axis, **about)
    below = StrategyNode.objects.create(level=3, code="1.1.1", title="Un programme", parent=place, **about)
    world.project.objectives.set([below])
    world.settled(world.spend())

    def counted():
        sums = Total.objects.filter(group=Group.ADMISSIBLE, kind=Kind.NODE)
        return [sums.filter(of=one.pk, projects=1, cents=10_001).count() for one in (world.axis, other, place, below)]

    assert counted() == [1, 0, 1, 1]
    with django_capture_on_commit_callbacks(execute=True):  # the worker does it at once in tests
        world.save(place, parent=other)
    assert counted() == [0, 1, 1, 1]


@pytest.mark.parametrize("ranked", RANKED)
def test_the_worker_counts_what_another_rank_may_move_and_nothing_else(
    world, ranked, django_capture_on_commit_callbacks
):
    _, part = RANKED[ranked](world)
    world.settled(world.spend())
    is_touched = "only" not in ranked
    with django_capture_on_commit_callbacks() as left:
        world.save(part, title="Un autre intitulé")
        assert not Addend.objects.filter(is_stale=True).exists()
        world.save(part, code="Z")
        assert Addend.objects.filter(is_stale=True).exists() is is_touched
    assert len(left) == is_touched
    for ask in left:  # the worker does it at once in tests
        ask()
    assert not Addend.objects.filter(is_stale=True).exists()


FUNDED = {
    "nothing": lambda w: None,
    "a plan without aid": lambda w: w.settled(w.spend()),
    "an aid": lambda w: w.aid(),
    "an aid of nothing": lambda w: w.save(w.settled(w.aid()), amount=0),
    "an aid that goes": lambda w: w.settled(w.aid()).delete(),
    "a resource": lambda w: w.run("resource"),
    "a cost": lambda w: w.run("cost"),
    "a resource that goes": lambda w: w.settled(w.run("resource")).delete(),
    "a plan out of force": lambda w: w.save(w.settled(w.aid()).plan, is_current=False),
}


@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize("change", FUNDED)
def test_who_lacks_a_funder_is_found_as_the_rule_says_whatever_was_written(world, change, is_settled, monkeypatch):
    make_project(world.epci, status=Status.ADOPTED)
    settle(world.epci.pk)
    FUNDED[change](world)
    if is_settled:
        settle(world.epci.pk)
    everything = Project.objects.order_by("pk")
    lacking = list(unfunded(everything))
    assert (world.project in lacking) is (change not in {"an aid", "a resource"})
    for few in (10_000, 0):
        monkeypatch.setattr("projects.totals.reads.FEW", few)
        assert list(without_funder(everything)) == lacking
    settle(world.epci.pk)
    marked = Addend.objects.filter(may_lack_funder=True).order_by("project_id")
    assert [one.project for one in marked] == lacking  # counted, the mark says what the rule does


SHARED = {
    "nothing": lambda w: make_actor(w.project, "CAF"),
    "an actor who shares it": lambda w: w.share(),
    "an actor who declines": lambda w: w.share(endorses=False),
    "another wording": lambda w: (w.share(), w.save(w.project, objective_version=2)),
    "another answer": lambda w: w.save(w.settled(w.share()), endorses=False),
    "an answer that goes": lambda w: w.settled(w.share()).delete(),
    "an actor who goes": lambda w: w.settled(w.share()).actor.delete(),
}


@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize("change", SHARED)
def test_whose_objective_nobody_shares_is_found_as_the_rule_says_whatever_was_written(
    world, change, is_settled, monkeypatch
):
    make_project(world.epci, status=Status.ADOPTED)
    settle(world.epci.pk)
    SHARED[change](world)
    if is_settled:
        settle(world.epci.pk)
    everything = Project.objects.order_by("pk")
    lacking = [
        one
        for one in everything
        if not any(
            given.endorses and given.objective_version == one.objective_version
            for given in Endorsement.objects.filter(actor__project=one)
        )
    ]
    assert (world.project in lacking) is (change != "an actor who shares it")
    for few in (10_000, 0):
        monkeypatch.setattr("projects.totals.reads.FEW", few)
        assert list(without_sharer(everything)) == lacking
    settle(world.epci.pk)
    marked = Addend.objects.filter(may_lack_sharer=True).order_by("project_id")
    assert [one.project for one in marked] == lacking


def test_what_an_upgrade_leaves_to_be_counted_is_counted_before_anybody_reads(world, django_assert_max_num_queries):
    world.project.communes.add(world.commune)
    settle(world.epci.pk)
    kept = stored(world.epci)
    Total.objects.all().delete()  # nothing is counted yet, as such a migration leaves it
    Addend.objects.update(is_stale=True, parts={}, circles=[])
    call_command("settle_totals", stdout=(told := StringIO()))
    assert told.getvalue().startswith("1 projet compté de nouveau")
    assert stored(world.epci) == kept
    with django_assert_max_num_queries(5):  # nothing is left to whoever reads first
        sums_seen(world.coordinator, world.epci, [Kind.COMMUNE], Group)


def test_a_sum_costs_the_same_however_many_projects_there_are(world, django_assert_max_num_queries):
    for _ in range(12):
        make_project(world.epci, status=Status.ADOPTED, scale=Project.Scale.COMMUNE).communes.add(world.commune)
    elected = make_member(world.epci, "elected")
    with django_assert_max_num_queries(30):  # counting them all again, in one go
        settle(world.epci.pk)
    with django_assert_max_num_queries(5):  # what the person may read, and the sums
        sums_seen(elected, world.epci, [Kind.COMMUNE], Group)


def test_the_group_of_a_project_is_that_of_its_readers(world):
    assert group_of(make_project(world.epci)) == Group.PRIVATE
    assert group_of(make_project(world.epci, status=Status.SUBMITTED)) == Group.EARLY
    assert group_of(world.project) == Group.ADMISSIBLE
