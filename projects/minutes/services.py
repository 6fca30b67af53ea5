"""What is done with the minutes: write them, settle them once and for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projects.deliberation.access import may_plan
from projects.deliberation.models import Session
from projects.minutes.models import ItemMinutes, Minutes
from projects.minutes.sealing import seal_minutes

if TYPE_CHECKING:
    from partners.people.models import User

HELD = (Session.State.OPEN, Session.State.CLOSED)
SETTLED = "Ce procès-verbal est arrêté : il ne change plus."


def lock(session: Session, by: User) -> Minutes:
    """The minutes of a session, locked, begun if they were not; refused once settled."""
    if not may_plan(by, session):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")
    if session.state not in HELD:
        raise ValidationError("La séance n’a pas encore eu lieu : son procès-verbal s’écrit à partir de son ouverture.")
    found = Minutes.objects.select_for_update(of=("self",)).filter(session=session).first()
    if found is None:
        return Minutes(intercommunality_id=session.intercommunality_id, session=session)
    if found.settled_on:
        raise ValidationError(SETTLED)
    return found


@transaction.atomic
def write(
    *, session: Session, values: Mapping[str, Any], discussions: Mapping[int, Mapping[str, str]], by: User
) -> Minutes:
    """Keep what the secretary wrote; `discussions` gives, by item, its discussion and the ballot asked for."""
    Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    minutes = lock(session, by)
    for name, value in values.items():
        setattr(minutes, name, value)
    minutes.full_clean()
    minutes.save()
    for item in session.items.filter(pk__in=discussions):
        told = ItemMinutes.objects.filter(item=item).first() or ItemMinutes(
            intercommunality_id=session.intercommunality_id, minutes=minutes, item=item
        )
        told.discussion, told.ballot_request = (
            discussions[item.pk]["discussion"],
            discussions[item.pk]["ballot_request"],
        )
        told.full_clean()
        told.save()
    return minutes


@transaction.atomic
def settle(*, session: Session, on: date, by: User, now: datetime) -> Minutes:
    """Freeze and seal the minutes, on the day when the next session settles them (CGCT, art. L. 2121-15)."""
    minutes = lock(session, by)
    if session.state != Session.State.CLOSED:
        raise ValidationError("La séance n’est pas close : son procès-verbal ne peut pas encore être arrêté.")
    if minutes.pk is None or not (minutes.chair and minutes.secretary and minutes.attending):
        raise ValidationError(
            "Un procès-verbal nomme la présidence, le secrétariat et les membres présents (CGCT, art. L. 2121-15)."
        )
    if not session.held_on <= on <= timezone.localdate(now):
        raise ValidationError("Donnez un jour compris entre la séance et aujourd’hui.")
    minutes.settled_on, minutes.settled_by_name = on, str(by)
    minutes.full_clean()
    minutes.save()
    seal_minutes(minutes, by=by, now=now)
    return minutes
