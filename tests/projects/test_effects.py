"""What a project changes is measured by those who hold the counter, kept with its history, and told as it is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role
from projects.effects import reads, services
from projects.effects.access import REFUSED, WRITERS, Act, Tie, verdict
from projects.effects.rules import Standing
from projects.models import Indicator, Measurement, Move, Project, Status, StrategyNode, TerritorialPlan
from projects.portfolio.strategy_page import tally_of
from projects.proposals.states import GIVEN_UP
from projects.totals.models import Kind
from projects.totals.reads import sums_of_all_and_seen
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_indicator,
    make_measurement,
    make_member,
    make_partner,
    make_project,
    make_survey,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class World:
    def __init__(self):
        self.epci = make_epci()
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.commune, other, partner = make_commune(self.epci), make_commune(self.epci, "Bois"), make_partner(self.epci)
        self.people = {
            "author": make_agent(self.epci, commune=self.commune),
            "colleague": make_agent(self.epci, "Une collègue", commune=self.commune),
            "other agent": make_agent(self.epci, "Ailleurs", commune=other),
            "coordinator": make_coordinator(self.epci),
            "elected": make_member(self.epci, Role.ELECTED, commune=self.commune),
            "relay": make_member(self.epci, Role.RELAY, partner=partner),
            "councillor": make_member(self.epci, Role.COUNCILLOR, commune=self.commune),
        }
        self.author, self.coordinator = self.people["author"], self.people["coordinator"]
        self.project = make_project(self.epci, author=self.author, status=Status.IN_PROGRESS)
        self.project.communes.set([self.commune, other])


def measure(world, indicator, value=7, by=None, on=None, **said):
    day = on or world.today
    return services.measure(
        indicator=indicator,
        value=Decimal(str(value)),
        measured_on=day,
        by=by or world.coordinator,
        now=world.now,
        **said,
    )


def write(world, by=None, **said):
    given = {"name": "Haltes actives", "kind": "output", "target": Decimal(8)} | said
    return services.write_indicator(project=world.project, by=by or world.coordinator, today=world.today, **given)


def line(indicator, today):
    return reads.line_of(Indicator.objects.with_last().get(pk=indicator.pk), today)


# --- Who writes what -------------------------------------------------------------------------------------------------

# fmt: off
EXPECTED = {
    # act            draft       to complete   submitted   once admissible
    Act.DEFINE:  (("author",), ("author",),  (),         ("coordinator",)),
    Act.MEASURE: ((),          (),           (),         ("author", "colleague", "coordinator")),
    Act.SURVEY:  ((),          (),           (),         ("coordinator",)),
}
# fmt: on
STATES = (Status.DRAFT, Status.TO_COMPLETE, Status.SUBMITTED, Status.UNDER_REVIEW)


@pytest.mark.parametrize("act", Act)
def test_each_act_is_for_those_of_the_table_and_nobody_else(world, act):
    for status, expected in zip(STATES, EXPECTED[act], strict=True):
        world.project.status = status
        allowed = {name for name, person in world.people.items() if verdict(person, act, world.project, world.today)}
        assert allowed == set(expected), (act, status)


def test_the_table_knows_every_act_and_every_tie_and_what_was_given_up_is_closed(world):
    assert set(WRITERS) == set(REFUSED) == set(Act)
    assert {tie for columns in WRITERS.values() for ties in columns for tie in ties} == set(Tie)
    for status in GIVEN_UP:
        world.project.status = status
        answer = verdict(world.coordinator, Act.MEASURE, world.project, world.today)
        assert world.project.get_status_display() in answer.reason


def test_an_agent_who_left_the_organisation_of_the_author_no_longer_measures_for_it(world):
    indicator, colleague = make_indicator(world.project), world.people["colleague"]
    assert measure(world, indicator, by=colleague).recorded_by_name == "Une collègue"
    colleague.memberships.update(ends_on=world.today - timedelta(days=1))
    with pytest.raises(PermissionDenied, match="agents de son organisation"):
        measure(world, indicator, by=type(colleague).objects.get(pk=colleague.pk))


def test_agents_of_the_epci_measure_for_an_author_of_the_epci_and_not_for_a_commune(world):
    of_epci = make_agent(world.epci, "Du siège")
    assert not verdict(of_epci, Act.MEASURE, world.project, world.today)
    theirs = make_project(world.epci, author=make_agent(world.epci, "Aussi du siège"), status=Status.ADOPTED)
    assert verdict(of_epci, Act.MEASURE, theirs, world.today)


# --- What is kept ----------------------------------------------------------------------------------------------------


def test_the_author_writes_indicators_with_the_draft_and_the_coordination_moves_the_target_in_plain_sight(world):
    world.project.status = Status.DRAFT
    indicator = write(world, by=world.author, baseline=Decimal(1))
    world.project.status = Status.IN_PROGRESS
    with pytest.raises(PermissionDenied, match="la coordination ensuite"):
        write(world, by=world.author, indicator=indicator, target=Decimal(6))
    write(world, indicator=indicator, target=Decimal(6))
    [change] = reads.story_of(indicator)
    assert change["changes"] == [("cible", "8", "6")]
    assert change["who"] == world.coordinator


def test_the_value_of_a_day_is_put_right_and_what_it_said_stays_readable(world):
    indicator = make_indicator(world.project)
    measure(world, indicator, 7, by=world.author)
    again = measure(world, indicator, 6)
    assert Measurement.objects.get() == again
    assert (again.value, again.recorded_by) == (6, world.coordinator)
    assert reads.former_values(indicator) == {again.pk: ["7"]}


def test_only_what_happened_is_measured(world):
    indicator = make_indicator(world.project, baseline_on=date(2024, 1, 1))
    with pytest.raises(ValidationError, match="pas encore venu"):
        measure(world, indicator, on=world.today + timedelta(days=1))
    with pytest.raises(ValidationError, match="vient après"):
        measure(world, indicator, on=date(2023, 12, 31))


def test_an_indicator_that_is_dropped_says_why_leaves_the_tables_and_keeps_its_measurements(world):
    indicator = make_indicator(world.project, value=7)
    with pytest.raises(ValidationError, match="pourquoi"):
        services.drop_indicator(indicator=indicator, by=world.coordinator, on=world.today, reason=" ")
    services.drop_indicator(indicator=indicator, by=world.coordinator, on=world.today, reason="Mal défini")
    assert reads.lines_of(world.project, world.today) == []
    assert indicator.measurements.count() == 1
    with pytest.raises(ValidationError, match="plus suivi"):
        measure(world, indicator)
    write(world, name=indicator.name)  # the name is free again


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": ""}, "nom"),
        ({"kind": "else"}, "type"),
        ({"baseline": None, "baseline_on": date(2024, 1, 1)}, "valeur de départ"),
        ({"baseline": Decimal(1), "baseline_on": date(2026, 1, 1), "target_on": date(2025, 1, 1)}, "doit suivre"),
    ],
)
def test_the_database_refuses_an_indicator_that_makes_no_sense_and_says_why(world, said, why):
    with pytest.raises(ValidationError):
        write(world, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_indicator(world.project, **said)
    messages = [str(one.violation_error_message) for one in Indicator._meta.constraints]
    assert any(why in message for message in messages)


def test_two_indicators_of_one_project_do_not_bear_the_same_name(world):
    write(world)
    with pytest.raises(ValidationError, match="déjà un indicateur"):
        write(world)


# --- What is told ----------------------------------------------------------------------------------------------------


def test_figures_are_told_with_their_unit_and_the_raw_part_of_the_way(world):
    rate = make_indicator(world.project, "Taux", value=84, baseline=Decimal(0), target=Decimal(80), unit="%")
    cost = make_indicator(world.project, "Coût", baseline=Decimal("7.2"), target=Decimal(5), unit="€", direction="down")
    told = line(rate, world.today)
    assert (told.value, told.target, told.label) == ("84\u202f%", "80\u202f%", "Cible atteinte")
    assert told.way == "105\u202f% du chemin"
    assert told.gauge.filled == told.gauge.width - 2
    told = line(cost, world.today)
    assert (told.baseline, told.value, told.label, told.gauge) == ("7,20\u00a0€", "—", "Pas encore mesuré", None)


def test_a_figure_without_its_condition_is_not_the_target(world):
    indicator = make_indicator(world.project, baseline=Decimal(0), target=Decimal(15), condition="dont le bourg-centre")
    measure(world, indicator, 17, meets_condition=False)
    told = line(indicator, world.today)
    assert (told.standing, told.lacks_condition) == (Standing.ON_THE_WAY, True)
    measure(world, indicator, 17, meets_condition=True)
    assert line(indicator, world.today).standing is Standing.REACHED


def test_a_limit_has_no_way_to_cover(world):
    indicator = make_indicator(
        world.project, "Trajet", value=11, baseline=Decimal(9), target=Decimal(12), direction="down"
    )
    told = line(indicator, world.today)
    assert (told.label, told.raw, told.gauge) == ("Limite respectée", None, None)


def test_the_last_measurement_is_that_of_the_latest_day_not_the_latest_written(world):
    indicator = make_indicator(world.project, value=7)
    measure(world, indicator, 3, on=world.today - timedelta(days=90))
    assert line(indicator, world.today).value == "7"


def test_rows_already_read_tell_the_same_last_measurement_as_the_database(world):
    indicators = [make_indicator(world.project, f"Mesure {n}", condition="dont le bourg") for n in range(3)]
    measure(world, indicators[0], 7, meets_condition=False, note="sans le bourg")
    measure(world, indicators[0], 3, on=world.today - timedelta(days=90))
    measure(world, indicators[1], 8)
    told = [reads.line_of(one, world.today) for one in Indicator.objects.with_last()]
    plain = list(Indicator.objects.all())
    reads.give_last(plain, Measurement.objects.order_by("-pk"))
    assert [reads.line_of(one, world.today) for one in plain] == told


def test_the_words_that_closed_a_project_stand_beside_its_effects(world, client):
    make_indicator(world.project, value=7)
    assert reads.evaluation_of(world.project) is None
    Project.objects.filter(pk=world.project.pk).update(status=Status.EVALUATED)
    said = {"transition": "evaluate", "label": "Clore par un bilan", "source": "completed", "target": "evaluated"}
    Move.objects.create(
        intercommunality=world.epci, project=world.project, reason="Sept haltes sur huit.", moved_by_name="DGS", **said
    )
    client.force_login(world.people["elected"], BACKEND)
    for name in ("detail", "effects"):
        page = client.get(reverse(f"projects:{name}", args=[world.project.pk])).content.decode()
        assert "Sept haltes sur huit." in page
        assert "86\u202f% du chemin" in page


def test_pages_write_measure_and_drop_and_lose_nothing_of_what_was_typed(world, client):
    client.force_login(world.coordinator, BACKEND)
    add = reverse("projects:indicator_add", args=[world.project.pk])
    typed = {
        "name": "Délai",
        "kind": "result",
        "unit": "jours",
        "direction": "down",
        "target": "7",
        "frequency": "year",
    }
    refused = client.post(add, typed | {"baseline_on": "2024-01-01"})
    assert refused.status_code == 422
    assert "Donnez la valeur de départ" in refused.content.decode()
    assert "Délai" in refused.content.decode()
    assert client.post(add, typed | {"baseline": "12,5"}).status_code == 302
    indicator = Indicator.objects.get()
    assert (indicator.baseline, indicator.written_by_name) == (Decimal("12.5"), "Paul-Arnaud Lessieur")
    page = indicator.get_absolute_url()
    assert client.post(page, {"value": "6", "measured_on": "2999-01-01"}).status_code == 422
    assert client.post(page, {"value": "6", "measured_on": world.today.isoformat()}).status_code == 302
    assert "Cible atteinte" in client.get(page).content.decode()
    drop = reverse("projects:indicator_drop", args=[world.project.pk, indicator.pk])
    assert client.post(drop, {"reason": ""}).status_code == 422
    assert client.post(drop, {"reason": "Remplacé"}).status_code == 302
    assert "Remplacé" in client.get(reverse("projects:effects", args=[world.project.pk])).content.decode()
    assert client.get(page).context["form"] is None


def test_pages_keep_their_number_of_queries(world, client):
    client.force_login(world.coordinator, BACKEND)
    first = make_indicator(world.project)
    addresses = [reverse(f"projects:{name}", args=[world.project.pk]) for name in ("detail", "effects")]
    addresses += [first.get_absolute_url(), reverse("projects:surveys"), reverse("projects:strategy")]

    def queries(more):
        for number in range(more):
            make_indicator(world.project, f"Mesure {Indicator.objects.count()}", value=3)
            make_measurement(first, 4, measured_on=world.today - timedelta(days=Measurement.objects.count() + 1))
            make_survey(world.project, words=[f"Parole {number}"])
        counts = []
        client.get(reverse("projects:strategy"))  # whoever first reads the sums counts what changed
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len(captured))
        return counts

    queries(3)
    assert queries(0) == queries(5)


# --- Together --------------------------------------------------------------------------------------------------------


def test_indicators_are_counted_by_objective_and_never_averaged(world, client):
    plan = TerritorialPlan.objects.create(
        intercommunality=world.epci, title="Horizon", level_labels=["Axe", "Objectif"]
    )
    axis = StrategyNode.objects.create(intercommunality=world.epci, plan=plan, level=1, code="1", title="Grandir")
    nodes = [
        StrategyNode.objects.create(
            intercommunality=world.epci, plan=plan, parent=axis, level=2, code=f"1.{n}", title=f"But {n}"
        )
        for n in (1, 2)
    ]
    world.project.objectives.set(nodes)  # serves both, and counts once for the axis
    rejected = make_project(world.epci, status=Status.REJECTED)
    rejected.objectives.set(nodes[:1])
    make_indicator(rejected, value=8)
    for name, value in (("Un", 8), ("Deux", 4), ("Trois", 0), ("Quatre", None)):
        make_indicator(world.project, name, value=value)
    sums, _ = sums_of_all_and_seen(world.coordinator, world.epci, [Kind.NODE])
    words = "4 indicateurs : 1 cible atteinte, 1 en chemin, 1 en recul, 1 sans mesure"
    assert [tally_of(sums.of(Kind.NODE, node.pk)).words for node in (axis, *nodes)] == [words] * 3
    client.force_login(world.coordinator, BACKEND)
    assert words.replace(" :", "\u00a0:") in client.get(reverse("projects:strategy")).content.decode()


def test_the_portfolio_finds_the_projects_that_nothing_measures(world, client):
    client.force_login(world.coordinator, BACKEND)
    make_indicator(world.project, value=7)
    unmeasured, old, none = (make_project(world.epci, status=Status.IN_PROGRESS) for _ in range(3))
    make_indicator(unmeasured)
    make_indicator(old, value=2, measured_on=world.today - timedelta(days=400))

    def lacking(what):
        return set(client.get(reverse("projects:list"), {"manque": what}).context["page"].rows)

    assert lacking("indicateur") == {none}
    assert lacking("mesure") == {unmeasured, old}
