"""Opening an act between two sessions, where the law allows it, and reading what was decided so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cooperation.access import ALLOWED, Verdict
from partners.governance.models import Body
from partners.people.access import scope_of
from projects.ballots.services import call_item
from projects.circuit.services import DECIDING
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.services import add_item, members_in_office, open_session, plan_session
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

BY_DELEGATION, IN_WRITING = "par délégation, entre deux séances", "par consultation écrite, entre deux séances"
DELEGATED_TO = (Body.Kind.PRESIDENCY, Body.Kind.BUREAU)


def may_act_between_sessions(body: Body, on: date) -> Verdict:
    """The president decides what is delegated to them; a body that advises answers in writing if its rules say so."""
    if body.kind == Body.Kind.PRESIDENCY:
        return ALLOWED
    if body.is_deciding:
        return Verdict(f"{body} délibère en séance : ni la loi ni un règlement ne permettent de décider par écrit.")
    if not body.conduct_on(on).by_writing:
        return Verdict(f"Les règles de cette instance ne prévoient pas de consultation écrite : {body}.")
    return ALLOWED


def bodies_between_sessions(intercommunality_id: int, on: date) -> list[Body]:
    found = Body.objects.filter(intercommunality=intercommunality_id)
    return [body for body in found if may_act_between_sessions(body, on)]


@transaction.atomic
def open_act(*, body: Body, project: Project, reason: str, answers: int | None, by: User, today: date) -> AgendaItem:
    """Open an act between two sessions on one project: it is then proclaimed, sealed and published like any other.

    The reason stays with the session, where the place of a sitting would be. `answers`: how many members answered a
    written consultation; the president answers alone.
    """
    if not scope_of(by).may("plan_sessions", body.intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas de préparer un acte entre deux séances.")
    if not (verdict := may_act_between_sessions(body, today)):
        raise ValidationError({"body": verdict.reason})
    alone = body.kind == Body.Kind.PRESIDENCY
    if not alone and not answers:
        raise ValidationError({"answers": "Écrivez combien de membres ont répondu."})
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi cela ne peut pas attendre la prochaine séance."})
    place = f"{BY_DELEGATION if alone else IN_WRITING} : {reason.strip()}"
    session = plan_session(
        session=Session(intercommunality=body.intercommunality, body=body, held_on=today, place=place), by=by
    )
    item = add_item(session=session, project=project, by=by)
    in_office = 1 if alone else members_in_office(body, today) or answers or 0
    present = 1 if alone else answers or 0
    item.session = open_session(session=session, in_office=in_office, present=present, powers=0, by=by, on=today)
    call_item(item=item, by=by)
    return item


def period_of(council: Session) -> Q:
    """From the day after the former session of the conseil, unless it was called off, to the day of this one."""
    before = council.body.sessions.filter(held_on__lt=council.held_on).exclude(state=Session.State.CANCELLED)
    former = before.order_by("-held_on").first()
    until = Q(item__session__held_on__lte=council.held_on)
    return until & Q(item__session__held_on__gt=former.held_on) if former else until


def delegated_since(council: Session) -> QuerySet[Decision]:
    """What the bureau and the president decided in the place of the conseil since it last met (art. L. 5211-10)."""
    found = Decision.objects.filter(
        period_of(council),
        intercommunality=council.intercommunality_id,
        item__session__body__kind__in=DELEGATED_TO,
        outcome__in=DECIDING,
    )
    return found.select_related("item__session__body", "item__session__publication", "item__project").order_by(
        "item__session__held_on", "pk"
    )


@dataclass(frozen=True)
class Report:
    """The report made to the conseil, as it is printed: what is published; of the rest, how many are told aloud."""

    decisions: Sequence[Decision]
    unpublished: int


def report_to(session: Session, *, on: date) -> Report | None:
    """What is printed that day of the report of art. L. 5211-10; None for a body that receives none."""
    if not session.body.is_council:
        return None
    found = list(delegated_since(session))
    told = [one for one in found if is_published(one, on)]
    return Report(told, len(found) - len(told))


def is_published(decision: Decision, on: date) -> bool:
    publication = getattr(decision.item.session, "publication", None)
    return publication is not None and timezone.localdate(publication.published_at) <= on
