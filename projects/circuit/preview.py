"""What a version of the circuit would change for the projects in hand: how many, and which of those the person sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from partners.governance.circuit_rules import why_not_concerned
from partners.governance.circuits import Circuit
from projects.circuit.models import Nature
from projects.circuit.reads import Powers, facts_of, names_of_communes, powers_of, verdicts_of
from projects.circuit.rules import decider_of
from projects.funding.share_reading import CURRENT
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from projects.proposals.states import Status

if TYPE_CHECKING:
    from partners.governance.circuit_rules import Facts, Step
    from partners.governance.models import Body
    from partners.people.models import User

IN_HAND = (Status.SUBMITTED, Status.TO_COMPLETE, Status.UNDER_REVIEW, Status.ON_AGENDA, Status.DEFERRED)
MOST = 150  # the latest projects in hand: enough to judge a circuit by


@dataclass(frozen=True)
class Row:
    """One project in hand, the steps it would pass by, and where it would be decided."""

    project: Project
    steps: list[str]
    decider: str


@dataclass(frozen=True)
class Preview:
    total: int
    by_step: list[tuple[str, int]]
    rows: list[Row]
    is_cut: bool


def preview_of(circuit: Circuit, user: User, on: date) -> Preview:
    """In a number of queries that depends on the steps, never on the projects."""
    steps = circuit.as_steps()
    bodies = {body.pk: body for step in circuit.steps.all() for body in step.bodies.all()}
    in_hand = Project.objects.of(circuit.intercommunality).filter(status__in=IN_HAND)
    # What the conditions and the table read of them: their long texts stay where they are, and who does not pay.
    told = in_hand.only("reference", "title", "origin", "owner_kind")
    payers = Prefetch("actors", Actor.objects.filter(pays=True))
    told = told.prefetch_related("competences", payers, CURRENT, "funding_plans__operating_lines")
    found = list(told.order_by("-updated_at", "-pk")[: MOST + 1])
    natures = dict(Nature.objects.filter(project__in=found).values_list("project_id", "matter"))
    seen = set(Project.objects.visible_to(user).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    counts: dict[int, int] = {step.pk: 0 for step in steps}
    powers, communes = powers_of(circuit.intercommunality_id), names_of_communes(circuit.intercommunality_id)
    rows = []
    for project in found[:MOST]:
        path, decider = path_of(steps, facts_of(project, communes), bodies, natures.get(project.pk, ""), on, powers)
        for step in path:
            counts[step.pk] += 1
        if project.pk in seen:
            rows.append(Row(project, [step.label for step in path], decider))
    by_step = [(step.label, counts[step.pk]) for step in steps]
    return Preview(len(found[:MOST]), by_step, rows, len(found) > MOST)


def path_of(
    steps: list[Step], facts: Facts, bodies: dict[int, Body], matter: str, on: date, powers: Powers
) -> tuple[list[Step], str]:
    """The steps that would concern a project, up to the one that decides."""
    end = decider_of(steps, facts, verdicts_of(steps, bodies, matter, facts, on, powers))
    path = []
    for step in steps:
        if not why_not_concerned(step, facts):
            path.append(step)
        if step is end:
            break
    return path, str(bodies[min(end.bodies)]) if end else "personne"
