"""What the circuit answers when a project is placed on an agenda or decided, and what is written of a path."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cooperation.access import ALLOWED, Verdict, require
from cooperation.history import sign
from partners.governance.circuits import CircuitStep
from partners.governance.models import Body, Delegation
from partners.governance.rules import Holder
from partners.governance.services import HOLDERS
from projects.circuit.models import Departure, Nature, Referral
from projects.circuit.reads import amount_of, matter_of, may_decide, powers_of, standing_of, turn_in
from projects.deliberation.models import Decision, Outcome
from projects.funding.services import version_in_force
from projects.proposals.access import may
from projects.proposals.models import Project
from projects.proposals.workflow import is_not_own

if TYPE_CHECKING:
    from partners.people.models import User

DECIDING = {Outcome.ADOPTED, Outcome.ADOPTED_MODIFIED, Outcome.REJECTED}


def turn(project: Project, body: Body, *, on: date) -> Verdict:
    """Whether a project may be placed on an agenda of this body: asked by `deliberation`, whatever the door."""
    if body.kind == Body.Kind.PRESIDENCY:  # between two sessions: the delegation suffices, and nothing else
        fault = fault_of_presidency(project, body, on)
        return Verdict(fault) if fault else may_decide_here(project, body, on=on)
    return turn_in(standing_of(project, on), body)


def may_decide_here(project: Project, body: Body, *, on: date) -> Verdict:
    amount, powers = amount_of(version_in_force(project)), powers_of(project.intercommunality_id)
    return may_decide(body, matter=matter_of(project), amount=amount, on=on, powers=powers)


def fault_of_presidency(project: Project, body: Body, on: date) -> str:
    """Nobody decides on their own proposal, whoever writes it down: the president least of all, who decides alone."""
    if body.kind != Body.Kind.PRESIDENCY or project.author_id is None:
        return ""
    chairs = body.seats.in_force(on).filter(is_chair=True, member__user=project.author_id)
    return "La présidence a proposé ce projet : elle ne le décide pas seule, le conseil en décide." if chairs else ""


def basis_of(project: Project, body: Body, outcome: str, *, on: date) -> str:
    """What entitles a body to decide in the place of the conseil, written at the head of its act and sealed with it."""
    holder = HOLDERS.get(Body.Kind(body.kind))
    if outcome not in DECIDING or holder not in {Holder.BUREAU, Holder.PRESIDENT}:
        return ""
    granted = Delegation.objects.filter(
        intercommunality=body.intercommunality_id, holder=holder, matter=matter_of(project)
    )
    held = [one for one in granted if one.as_granted().holds_on(on)]
    return (
        f"Décision prise par délégation du conseil communautaire (CGCT, art. L. 5211-10) : "
        f"{held[-1].get_matter_display()}, {held[-1].decision_reference}."
    )


def fault_of_outcome(
    project: Project, body: Body, outcome: str, *, on: date, referred_to: Body | None
) -> dict[str, str]:
    """Why this body may not proclaim this: asked by `deliberation` before any decision is frozen, by field."""
    if Outcome(outcome) in DECIDING:
        reason = fault_of_presidency(project, body, on) or may_decide_here(project, body, on=on).reason
        return {"outcome": reason} if reason else {}
    if outcome == Outcome.REFERRED and referred_to is None:
        return {"referred_to": "Dites à quelle instance le projet est renvoyé."}
    if outcome != Outcome.REFERRED and referred_to is not None:
        return {"referred_to": "Une instance ne se choisit qu’avec « Renvoyé à une autre instance »."}
    if referred_to and (referred_to == body or referred_to.intercommunality_id != body.intercommunality_id):
        return {"referred_to": "Choisissez une autre instance de votre intercommunalité."}
    return {}


def keep_referral(decision: Decision, body: Body) -> Referral:
    """Write with the decision to whom it sends the project; who proclaims was asked for before."""
    referral = Referral(intercommunality_id=decision.intercommunality_id, decision=decision, body=body)
    referral.full_clean()
    referral.save()
    return referral


def may_state_nature(user: User, project: Project) -> Verdict:
    """The coordination says it, never of its own proposal: it tells who decides."""
    if not may(user, "review_project", project):
        return Verdict("La coordination dit la nature de la décision attendue.")
    return Verdict(is_not_own(project, user))


@transaction.atomic
def state_nature(*, project: Project, matter: str, by: User) -> Nature:
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(may_state_nature(by, project))
    nature = Nature.objects.filter(project=project).first() or Nature(
        intercommunality_id=project.intercommunality_id, project=project
    )
    nature.matter, nature.stated_by_name = matter, str(by)
    sign(nature, by=by)
    nature.full_clean()
    nature.save()
    return nature


def may_depart(user: User, project: Project) -> Verdict:
    """Whoever plans the sessions passes over an opinion, never for their own proposal."""
    if not may(user, "plan_sessions", project):
        return Verdict("La coordination seule passe une étape, avec un motif écrit.")
    return Verdict(is_not_own(project, user))


def may_pass(project: Project, step: CircuitStep, *, on: date) -> Verdict:
    """Only an opinion still awaited may be passed over; a decision, never (CGCT, art. L. 5211-10)."""
    place = next((one for one in standing_of(project, on).places if one.step.pk == step.pk), None)
    if place is None:
        return Verdict("Cette étape n’est pas du circuit de ce projet.")
    if place.decides:
        return Verdict("C’est à cette étape que le projet se décide : elle ne se passe pas.")
    if not place.waits:
        return Verdict(
            f"Cette étape n’est pas attendue : {place.why}" if place.why else "Cette étape n’est pas attendue."
        )
    return ALLOWED


@transaction.atomic
def depart(*, project: Project, step: CircuitStep, reason: str, by: User, now: datetime, today: date) -> Departure:
    """Pass over an advisory step, with its reason, kept for good in the history of the project."""
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if not (allowed := may_depart(by, project)):
        raise PermissionDenied(allowed.reason)
    if not reason.strip():
        raise ValidationError(
            {"reason": "Dites pourquoi cette étape est passée : ce motif reste dans l’histoire du projet."}
        )
    if not (verdict := may_pass(project, step, on=today)):
        raise ValidationError(verdict.reason)
    departure = Departure(
        intercommunality_id=project.intercommunality_id,
        project=project,
        step=step,
        reason=reason.strip(),
        departed_at=now,
        departed_by_name=str(by),
    )
    departure.full_clean()
    departure.save()
    return departure
