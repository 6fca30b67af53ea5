"""The circuit is written step by step, adopted from a day on, and never changes for what was already submitted."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from partners.governance import circuit_services as services
from partners.governance.circuit_rules import (
    Birth,
    Facts,
    Step,
    conditions_of,
    faults_of_circuit,
    why_kept,
    why_not_concerned,
)
from partners.models import Body, Circuit, CircuitStep, Role
from tests.factories import make_competence, make_coordinator, make_epci, make_member

TODAY = date(2026, 11, 15)
STEP = Step(1, "Avis", False, frozenset({7}))


@pytest.mark.parametrize(
    ("condition", "facts", "concerned"),
    [
        ({}, Facts(), True),
        ({"amount_from": Decimal(90_000)}, Facts(Decimal("89999.99")), False),
        ({"amount_from": Decimal(90_000)}, Facts(Decimal(90_000)), True),
        ({"amount_from": Decimal(90_000)}, Facts(None), True),  # unknown: held for large
        ({"competences": frozenset({1, 2}), "competence_names": ("Eau",)}, Facts(competences=frozenset({3})), False),
        ({"competences": frozenset({1, 2})}, Facts(competences=frozenset({2})), True),
        ({"birth": Birth.POLITICAL}, Facts(is_political=True), True),
        ({"birth": Birth.POLITICAL}, Facts(), False),
        ({"birth": Birth.FIELD}, Facts(is_political=True), False),
        ({"only_if_communes_pay": True}, Facts(), False),
        ({"only_if_communes_pay": True}, Facts(communes_pay=True), True),
        ({"only_if_communes_pay": True}, Facts(communes_pay=None), True),  # unknown: they are heard
    ],
)
def test_a_step_concerns_the_projects_that_its_conditions_name(condition, facts, concerned):
    step = Step(**(vars(STEP) | condition))
    assert (why_not_concerned(step, facts) == "") is concerned
    assert bool(conditions_of(step)) is bool(condition)


def test_a_step_that_is_kept_without_knowing_says_so():
    step = Step(**(vars(STEP) | {"only_if_communes_pay": True}))
    assert "n’est pas encore écrit" in why_kept(step, Facts(communes_pay=None))
    assert [why_kept(step, Facts(communes_pay=known)) for known in (True, False)] == ["", ""]
    assert why_kept(STEP, Facts(communes_pay=None)) == ""


def test_a_circuit_ends_with_the_conseil_which_decides_without_condition():
    council = frozenset({1})
    last = Step(2, "Conseil", True, council)
    assert faults_of_circuit([STEP, last], council) == []
    assert "pas d’étape" in faults_of_circuit([], council)[0]
    assert "pas d’instance" in faults_of_circuit([Step(3, "Avis", False, frozenset()), last], council)[0]
    for wrong in (
        [last, STEP],
        [STEP, Step(2, "Conseil", False, council)],
        [Step(**(vars(last) | {"birth": "field"}))],
    ):
        assert "lui seul décide" in faults_of_circuit(wrong, council)[-1]


@pytest.fixture
def epci(db):
    return make_epci()


@pytest.fixture
def admin(epci):
    return make_member(epci, Role.ADMINISTRATOR)


@pytest.fixture
def bodies(epci):
    def body(kind, name, power):
        return Body.objects.create(intercommunality=epci, kind=kind, name=name, power=power)

    return body("committee", "Commission Eau", "advisory"), body("council", "Conseil", "deciding")


@pytest.fixture
def office(client, admin):
    client.force_login(admin)
    with time_machine.travel("2026-11-15 12:00", tick=False):
        yield client


def adopted(circuit, admin, starts_on):
    return services.adopt(
        circuit=circuit, starts_on=starts_on, reference="Délibération", by=admin, now=timezone.now(), today=TODAY
    )


def test_a_version_is_written_in_pages_then_adopted_and_does_not_change_any_more(office, epci, bodies, admin):
    write = reverse("partners:circuit_add")
    assert "Elle reprend" not in office.get(write).text
    office.post(write, {"reason": "Le premier circuit"})
    draft = Circuit.objects.get()
    add = reverse("partners:step_add", args=[draft.pk])
    eau = make_competence(epci, "Eau")
    for body, more in zip(bodies, ({"competences": [eau.pk]}, {"is_deciding": "on"}), strict=True):
        assert office.post(add, {"label": str(body), "bodies": [body.pk], "birth": "any"} | more).status_code == 302
    first, last = draft.steps.all()
    order = reverse("partners:steps_order", args=[draft.pk])
    office.post(order, {"move_id": last.pk, "direction": "up"})
    adopt = reverse("partners:circuit_adopt", args=[draft.pk])
    told = {"starts_on": "2024-01-01", "reference": "Délibération du 5 novembre"}
    refused = office.post(adopt, told)
    assert refused.status_code == 422 and "lui seul décide" in refused.text
    office.post(order, {"order": [first.pk, last.pk]})
    assert office.post(adopt, told).status_code == 302
    assert "pour Eau" in office.get(reverse("partners:circuit")).text
    assert "Elle reprend les étapes d’avant. Rien ne change" in office.get(write).text
    assert "ne change plus" in office.post(adopt, told).text
    office.post(reverse("partners:step_remove", args=[first.pk]))
    office.post(reverse("partners:circuit_drop", args=[draft.pk]))
    assert Circuit.objects.get().steps.count() == 2
    with pytest.raises(ValidationError, match="ne change plus"):
        services.remove_step(step=first, by=admin)


def test_a_new_version_takes_over_the_steps_and_never_reaches_what_was_already_submitted(epci, bodies, admin):
    first = services.open_draft(epci=epci, reason="Le premier", by=admin)
    step = CircuitStep.objects.create(circuit=first, label="Conseil", is_deciding=True, position=1)
    step.bodies.add(bodies[1])
    adopted(first, admin, date(2024, 1, 1))
    second = services.open_draft(epci=epci, reason="Le second", by=admin)
    assert [list(one.bodies.all()) for one in second.steps.all()] == [[bodies[1]]]
    with pytest.raises(ValidationError, match="déjà en cours d’écriture"):
        services.open_draft(epci=epci, reason="Un troisième", by=admin)
    with pytest.raises(ValidationError, match="gardent le circuit"):
        adopted(second, admin, TODAY)
    adopted(second, admin, date(2026, 11, 16))
    assert services.circuit_on(epci.pk, TODAY) == first
    assert services.circuit_on(epci.pk, date(2026, 11, 16)) == second
    assert services.circuit_on(epci.pk, date(2023, 12, 31)) is None


def test_a_deciding_step_has_one_body_that_decides(office, epci, bodies, admin):
    draft = services.open_draft(epci=epci, reason="Le premier", by=admin)
    told = {"label": "Décision", "birth": "any", "is_deciding": "on"}
    answer = office.post(reverse("partners:step_add", args=[draft.pk]), told | {"bodies": [one.pk for one in bodies]})
    assert answer.status_code == 422
    assert "ne décide pas" in answer.text and "n’a qu’une instance" in answer.text


def test_a_draft_is_read_by_those_who_weigh_it_and_adopted_versions_by_all(client, epci, admin):
    draft = services.open_draft(epci=epci, reason="Le premier", by=admin)
    address = reverse("partners:circuit_version", args=[draft.pk])
    for who, status in ((make_coordinator(epci), 200), (make_member(epci, Role.ELECTED), 403)):
        client.force_login(who)
        assert client.get(address).status_code == status
        assert client.post(reverse("partners:circuit_adopt", args=[draft.pk])).status_code == 403
