"""The circuit is written as a draft, step by step, then adopted from a day on; an adopted version never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cooperation.french import date_fr
from cooperation.history import sign
from cooperation.ordering import put_in_order
from partners.governance.access import require_manage
from partners.governance.circuit_rules import faults_of_circuit
from partners.governance.circuits import Circuit, CircuitStep
from partners.governance.models import Body
from partners.people.models import User
from territories.places.models import Intercommunality

COPIED = ("position", "label", "is_deciding", "amount_from", "birth", "only_if_communes_pay")
ADOPTED = "Cette version du circuit est adoptée : elle ne change plus. Écrivez-en une nouvelle."


def circuit_on(intercommunality_id: int, day: date) -> Circuit | None:
    """The version that the projects submitted that day follow."""
    found = Circuit.objects.filter(intercommunality=intercommunality_id, starts_on__lte=day)
    return found.with_steps().order_by("starts_on").last()


@transaction.atomic
def open_draft(*, epci: Intercommunality, reason: str, by: User) -> Circuit:
    """Begin a new version, with the steps of the last one adopted."""
    require_manage(by, epci.pk)
    Intercommunality.objects.select_for_update().get(pk=epci.pk)
    last = epci.circuits.first()
    draft = _keep(Circuit(intercommunality=epci, number=last.number + 1 if last else 1, reason=reason.strip()), by)
    former = epci.circuits.adopted().with_steps().first()
    for step in former.steps.all() if former else []:
        told = {name: getattr(step, name) for name in COPIED}
        copy = _keep(CircuitStep(circuit=draft, **told), by)
        copy.bodies.set(step.bodies.all())
        copy.competences.set(step.competences.all())
    return draft


def locked(circuit: Circuit, by: User) -> Circuit:
    """The draft again, locked, for whoever holds the circuit; refused once it is adopted."""
    require_manage(by, circuit.intercommunality_id)
    circuit = Circuit.objects.select_for_update(of=("self",)).get(pk=circuit.pk)
    if not circuit.is_draft:
        raise ValidationError(ADOPTED)
    return circuit


@transaction.atomic
def write_step(*, form: Any, by: User) -> CircuitStep:
    """Add a step at the end, or write one again."""
    step = form.instance
    circuit = locked(step.circuit, by)
    if not step.pk:
        step.position = circuit.steps.count() + 1
    _keep(step, by)
    step.bodies.set(form.cleaned_data["bodies"])
    step.competences.set(form.cleaned_data["competences"])
    return step


@transaction.atomic
def remove_step(*, step: CircuitStep, by: User) -> None:
    locked(step.circuit, by)
    sign(step, by=by)
    step.delete()


@transaction.atomic
def order_steps(*, circuit: Circuit, ids: Sequence[int], by: User) -> None:
    put_in_order(locked(circuit, by).steps.all(), ids)


@transaction.atomic
def drop_draft(*, circuit: Circuit, by: User) -> None:
    """Give up a version that nobody follows yet."""
    circuit = locked(circuit, by)
    sign(circuit, by=by)
    circuit.delete()


@transaction.atomic
def adopt(*, circuit: Circuit, starts_on: date, reference: str, by: User, now: datetime, today: date) -> Circuit:
    """Let projects submitted from a day on follow this version; those already submitted keep theirs.

    Only the first version may begin in the past: before it, no project followed any.
    """
    circuit = locked(circuit, by)
    council = Body.objects.filter(intercommunality=circuit.intercommunality_id, kind=Body.Kind.COUNCIL)
    if faults := faults_of_circuit(circuit.as_steps(), frozenset(council.values_list("pk", flat=True))):
        raise ValidationError(faults)
    others = Circuit.objects.filter(intercommunality=circuit.intercommunality_id).adopted()
    if others.exists() and starts_on <= today:
        raise ValidationError(
            {
                "starts_on": f"Les projets déposés jusqu’au {date_fr(today)} gardent le circuit sous lequel ils ont "
                "commencé : choisissez demain ou plus tard."
            }
        )
    circuit.starts_on, circuit.reference = starts_on, reference.strip()
    circuit.adopted_at, circuit.adopted_by_name = now, str(by)
    return _keep(circuit, by)


def _keep(row: Any, by: User) -> Any:
    sign(row, by=by)
    row.full_clean()
    row.save()
    return row
