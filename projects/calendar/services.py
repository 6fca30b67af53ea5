"""What is done to the calendar: plan a stage or a meeting, move it, call it off, write what was said, open its feed."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.history import sign
from partners.directory.models import Partner
from projects.calendar.access import REFUSED, may_plan
from projects.calendar.guests import why_not
from projects.calendar.models import CalendarAddress, Guest, Meeting, Milestone
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

GUESTS_OF_HELD = "Cette réunion s’est tenue : sa liste d’invités ne change plus."


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
    invites_actors: bool = False,
) -> Meeting:
    """Plan a meeting about a project, or about the territory; invite at once those who take part in the project."""
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
    if invites_actors and project is not None:
        invite_actors(meeting, project, by)
    return meeting


def invite_actors(meeting: Meeting, project: Project, by: User) -> None:
    """Expect the author of a project, its elected member in charge, the communes and the partners among its actors."""
    in_charge = project.lead_councillor.user if project.lead_councillor else None
    wanted: list[dict[str, Any]] = [{"person": one} for one in (project.author, in_charge) if one and one != by]
    for actor in project.actors.select_related("commune", "partner"):
        if actor.commune or actor.partner:
            wanted.append({"commune": actor.commune} if actor.commune else {"partner": actor.partner})
    for named in wanted:
        guest = Guest(intercommunality_id=meeting.intercommunality_id, meeting=meeting, invited_by=by, **named)
        if not why_not(guest, timezone.localdate()) and not meeting.guests.filter(**named).exists():
            guest.save()


@transaction.atomic
def invite(
    *,
    meeting: Meeting,
    by: User,
    person: User | None = None,
    commune: Commune | None = None,
    partner: Partner | None = None,
) -> list[Guest]:
    """Expect somebody more at a meeting still to come; each must see the project that it is about."""
    locked = lock_planned(meeting, by, once_held=GUESTS_OF_HELD)
    wanted = {"person": person, "commune": commune, "partner": partner}
    guests = [
        Guest(intercommunality_id=locked.intercommunality_id, meeting=locked, invited_by=by, **{name: one})
        for name, one in wanted.items()
        if one is not None
    ]
    if not guests:
        raise ValidationError("Dites qui vous invitez.")
    for guest in guests:
        guest.full_clean()
        if reason := why_not(guest, timezone.localdate()):
            raise ValidationError(reason)
        guest.save()
    return guests


@transaction.atomic
def uninvite(*, guest: Guest, by: User) -> None:
    """Expect somebody no more at a meeting still to come: whoever knew of it is told, what nobody had read goes."""
    lock_planned(guest.meeting, by, once_held=GUESTS_OF_HELD)
    guest.removed_by = by
    guest.delete()


def lock_planned(meeting: Meeting, by: User, *, once_held: str = "") -> Meeting:
    """The row of a meeting that was not called off, locked, for a person who may change it.

    `once_held` says why nothing changes any more once it was held; without it, something still may.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("project").get(pk=meeting.pk)
    check(by, locked.project, locked.intercommunality_id)
    if locked.state == Meeting.State.CANCELLED:
        raise ValidationError("Cette réunion est annulée.")
    if once_held and locked.state == Meeting.State.HELD:
        raise ValidationError(once_held)
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
    locked = lock_planned(meeting, by, once_held="Cette réunion s’est tenue : sa date et son lieu ne changent plus.")
    locked.label, locked.starts_at, locked.ends_at = label.strip(), starts_at, ends_at
    locked.format, locked.place, locked.commune = format, place.strip(), commune
    locked.participants = participants.strip()
    locked.full_clean()
    sign(locked, by=by)
    locked.save()
    return locked


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User, reason: str) -> Meeting:
    """Call a meeting off and say why; it stays in the calendar, told as cancelled."""
    locked = lock_planned(meeting, by, once_held="Cette réunion s’est tenue.")
    locked.state, locked.reason = Meeting.State.CANCELLED, reason.strip()
    locked.full_clean()
    sign(locked, by=by)
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
    sign(locked, by=by)
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
