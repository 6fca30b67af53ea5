"""What is done to the calendar: plan a stage or a meeting, move it, call it off, write what was said, open its feed."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.calendar.access import REFUSED, may_plan
from projects.calendar.models import CalendarAddress, Meeting, Milestone
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


def check(by: User, project: Project | None, intercommunality_id: int) -> None:
    if not may_plan(by, project, intercommunality_id):
        raise PermissionDenied(REFUSED)


@transaction.atomic
def add_milestone(
    *, project: Project, by: User, label: str, planned_start: date, planned_end: date, order: int = 0
) -> Milestone:
    """Plan a stage of a project."""
    check(by, project, project.intercommunality_id)
    milestone = Milestone(
        intercommunality_id=project.intercommunality_id,
        project=project,
        label=label.strip(),
        planned_start=planned_start,
        planned_end=planned_end,
        order=order,
    )
    milestone.full_clean()
    milestone.save()
    return milestone


@transaction.atomic
def change_milestone(
    *,
    milestone: Milestone,
    by: User,
    label: str,
    planned_start: date,
    planned_end: date,
    actual_start: date | None = None,
    actual_end: date | None = None,
) -> Milestone:
    """Move a stage, or say when it really began and ended; its former days stay in the history."""
    locked = Milestone.objects.select_for_update(of=("self",)).select_related("project").get(pk=milestone.pk)
    check(by, locked.project, locked.intercommunality_id)
    locked.label, locked.planned_start, locked.planned_end = label.strip(), planned_start, planned_end
    locked.actual_start, locked.actual_end = actual_start, actual_end
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def add_meeting(
    *,
    intercommunality: Intercommunality,
    by: User,
    label: str,
    starts_at: datetime,
    ends_at: datetime,
    project: Project | None = None,
    format: str = Meeting.Format.IN_PERSON,
    place: str = "",
    commune: Commune | None = None,
    participants: str = "",
) -> Meeting:
    """Plan a meeting about a project, or about the territory."""
    check(by, project, intercommunality.pk)
    meeting = Meeting(
        intercommunality=intercommunality,
        project=project,
        label=label.strip(),
        starts_at=starts_at,
        ends_at=ends_at,
        format=format,
        place=place.strip(),
        commune=commune,
        participants=participants.strip(),
        written_by_name=str(by),
    )
    meeting.full_clean()
    meeting.save()
    return meeting


def lock_planned(meeting: Meeting, by: User) -> Meeting:
    """The row of a meeting still to come, locked, for a person who may change it."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=meeting.pk)
    check(by, locked.project, locked.intercommunality_id)
    if locked.state == Meeting.State.CANCELLED:
        raise ValidationError("Cette réunion est annulée.")
    return locked


@transaction.atomic
def change_meeting(
    *,
    meeting: Meeting,
    by: User,
    label: str,
    starts_at: datetime,
    ends_at: datetime,
    format: str,
    place: str = "",
    commune: Commune | None = None,
    participants: str = "",
) -> Meeting:
    """Move a meeting that was neither held nor called off, or change its words."""
    locked = lock_planned(meeting, by)
    if locked.state == Meeting.State.HELD:
        raise ValidationError("Cette réunion s’est tenue : sa date et son lieu ne changent plus.")
    locked.label, locked.starts_at, locked.ends_at = label.strip(), starts_at, ends_at
    locked.format, locked.place, locked.commune = format, place.strip(), commune
    locked.participants = participants.strip()
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User, reason: str) -> Meeting:
    """Call a meeting off and say why; it stays in the calendar, told as cancelled."""
    locked = lock_planned(meeting, by)
    if locked.state == Meeting.State.HELD:
        raise ValidationError("Cette réunion s’est tenue.")
    locked.state, locked.reason = Meeting.State.CANCELLED, reason.strip()
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def write_minutes(*, meeting: Meeting, by: User, minutes: str, now: datetime) -> Meeting:
    """Say what was said at a meeting that has begun; it is then held. A former text stays in the history."""
    locked = lock_planned(meeting, by)
    if locked.starts_at > now:
        raise ValidationError("Cette réunion n’a pas encore commencé.")
    if not minutes.strip():
        raise ValidationError({"minutes": "Écrivez le compte rendu."})
    locked.state, locked.minutes = Meeting.State.HELD, minutes.strip()
    locked.full_clean()
    locked.save()
    return locked


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def make_address(*, person: User, now: datetime) -> str:
    """A new secret for the person's diary, told once; the former one stops working."""
    token = secrets.token_urlsafe(32)
    CalendarAddress.objects.update_or_create(person=person, defaults={"digest": digest_of(token), "made_at": now})
    return token


@transaction.atomic
def revoke_address(*, person: User) -> None:
    """From now on, whoever holds the secret finds nothing there."""
    CalendarAddress.objects.filter(person=person).delete()
