"""Urgency: an item added after the convocation, or a body convened less than five clear days before it meets.

The chair accounts for it at the opening and the body decides on it by a vote, before any of these items is examined
(CGCT, art. L. 2121-12).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.ballots.models import Urgency
from projects.ballots.room import is_listed, numbers_of, room_of
from projects.ballots.rules import Totals
from projects.ballots.services import beat, held
from projects.deliberation import rules
from projects.deliberation import services as sessions
from projects.deliberation.models import AgendaItem, Session
from projects.deliberation.services import NO_QUORUM
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

NO_REASON = "Dites pourquoi ce point ne peut pas attendre la prochaine séance."


def declare(item: AgendaItem, *, reason: str, at: datetime) -> Urgency:
    """Write why an item cannot wait; once said, it stays as it was said."""
    if not reason.strip():
        raise ValidationError(NO_REASON)
    if found := Urgency.objects.filter(item=item).first():
        return found
    urgency = Urgency(intercommunality_id=item.intercommunality_id, item=item, reason=reason.strip(), added_at=at)
    urgency.full_clean()
    urgency.save()
    return urgency


@transaction.atomic
def add_urgent_item(*, session: Session, project: Project, reason: str, by: User, at: datetime) -> AgendaItem:
    """Put a project on an agenda after the convocation, saying why it cannot wait (CGCT, art. L. 2121-12)."""
    if not reason.strip():
        raise ValidationError(NO_REASON)
    item = sessions.add_item(session=session, project=project, by=by)
    declare(item, reason=reason, at=at)
    beat(session)
    return item


@transaction.atomic
def settle(*, session: Session, totals: Totals, chair_votes_for: bool | None, by: User, at: datetime) -> bool:
    """The body decides on the urgency, once for all the items that wait for it; says whether it is accepted."""
    session = held(session, by)
    waiting = list(Urgency.objects.filter(item__session=session, is_accepted=None, item__decision=None))
    if not waiting:
        raise ValidationError("Aucun point n’attend que l’assemblée se prononce sur l’urgence.")
    numbers = numbers_of(session, None, room_of(session, None), listed=is_listed(session))
    if not sessions.has_quorum(session, numbers.present, numbers.in_office):
        raise ValidationError(NO_QUORUM)
    if fault := rules.fault_of_sum(expected=numbers.voters, given=totals.given):
        raise ValidationError(fault)
    accepted = rules.is_adopted(totals.votes_for, totals.votes_against, chair_votes_for=chair_votes_for)
    for urgency in waiting:
        urgency.is_accepted, urgency.settled_at = accepted, at
        urgency.votes_for, urgency.votes_against = totals.votes_for, totals.votes_against
        urgency.abstentions = totals.abstentions
        urgency.full_clean()
        urgency.save()
    beat(session)
    return accepted
