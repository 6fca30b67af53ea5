"""What is told of meetings to those whom they expect: planned, moved, called off, near.

A fact names when and where the meeting was to be (« meeting:12:5f0c…:34 »): once it is to be elsewhere, what was told
of it no longer holds, and whoever has read nothing yet is simply invited to the new day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cooperation.workdays import add_working_days
from projects.calendar.guests import people_expected
from projects.calendar.models import Guest, Meeting
from projects.calendar.reads import when_of, where_of
from projects.notices.models import Notice
from projects.notices.services import tell

FURTHEST = timedelta(days=7)  # the longest run of days off is shorter: Christmas, a Sunday, a Saturday, one more


def slot_of(meeting: Any) -> str:
    """When and where a meeting is to be, in eight signs; of a row of its history as well."""
    hours = [str(one.timestamp()) for one in (meeting.starts_at, meeting.ends_at)]
    told = "|".join([*hours, str(meeting.format), meeting.place, str(meeting.commune_id)])
    return sha256(told.encode()).hexdigest()[:8]


def of_meeting(meeting: Meeting, now: datetime, change: object) -> dict[str, Any]:
    """What every notice about a meeting says; its place is on its page, and read there."""
    return {
        "project": meeting.project,
        "intercommunality_id": meeting.intercommunality_id,
        "address": meeting.get_absolute_url(),
        "fact": f"meeting:{meeting.pk}:{slot_of(meeting)}:{change}",
        "now": now,
        "detail": f"{when_of(meeting)}, {where_of(meeting)}",
    }


REACHED = Q(settled_at__isnull=False) | Q(read_at__isnull=False)  # it left, or it was read


def about(meeting: int) -> QuerySet[Notice]:
    """What was told of a meeting and not dropped since."""
    return Notice.objects.filter(fact__startswith=f"meeting:{meeting}:", is_dropped=False)


def hear_guest(instance: Guest, created: bool, **_: Any) -> None:
    """Somebody is expected at a meeting still to come."""
    now, meeting = timezone.now(), instance.meeting
    if created and is_to_come(meeting, now):
        people = people_expected(meeting, timezone.localdate(now), [instance])
        tell("meet_asked", people, **of_meeting(meeting, now, "asked"), by=instance.invited_by)


def hear_meeting(instance: Meeting, created: bool, **_: Any) -> None:
    """A meeting is called off, or is to be another day or elsewhere. Whoever knows of it is told of the change;
    whoever does not yet is invited to the new day, or told nothing.
    """
    now = timezone.now()
    if created or instance.starts_at <= now:
        return
    last, *before = instance.history.all()[:2]
    if not before:
        return
    expected = people_expected(instance, timezone.localdate(now))
    knowing = expected.filter(pk__in=about(instance.pk).filter(REACHED, person__in=expected).values("person"))
    told = of_meeting(instance, now, last.pk) | {"by": getattr(instance, "_history_user", None)}
    if instance.state == Meeting.State.CANCELLED != before[0].state:
        tell("meet_off", knowing, **told)
    elif instance.state == Meeting.State.PLANNED and slot_of(last) != slot_of(before[0]):
        tell("meet_moved", knowing, **told)
        tell("meet_asked", expected.exclude(pk__in=knowing.values("pk")), **told)


def is_to_come(meeting: Meeting, now: datetime) -> bool:
    return meeting.state == Meeting.State.PLANNED and meeting.starts_at > now


def is_expected(notice: Notice, pk: int, now: datetime) -> bool:
    """The meeting still is when and where it was told to be, still expects the person, and this is news to them."""
    meeting = Meeting.objects.filter(pk=pk).first()
    if meeting is None or not people_expected(meeting, timezone.localdate(now)).filter(pk=notice.person_id).exists():
        return False
    if notice.kind == "meet_off":
        return meeting.state == Meeting.State.CANCELLED
    told = notice.fact.split(":")[2]
    if not is_to_come(meeting, now) or slot_of(meeting) != told:
        return False
    return notice.kind == "meet_soon" or told != last_told(notice, pk, told)


def last_told(notice: Notice, meeting: int, slot: str) -> str:
    """When and where the person knew a meeting to be before a notice, or was about to be told that it would be.

    What was moved and moved back before anybody read it did not move.
    """
    earlier = about(meeting).filter(person=notice.person_id, happened_at__lte=notice.happened_at).exclude(pk=notice.pk)
    known = earlier.filter(REACHED | Q(fact__startswith=f"meeting:{meeting}:{slot}:"))
    fact = known.order_by("-happened_at", "-pk").values_list("fact", flat=True).first()
    return fact.split(":")[2] if fact else ""


def meetings_near(now: datetime) -> list[Meeting]:
    """The meetings to come within a week that expect somebody."""
    planned = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__gt=now, starts_at__lte=now + FURTHEST)
    expecting = planned.filter(pk__in=Guest.objects.values("meeting"))
    return list(expecting.select_related("project", "commune", "intercommunality").prefetch_related("guests"))


def is_eve(today: date, day: date, department: str) -> bool:
    """Whether a day is called today: from the last working day before it on, never on the day itself."""
    return add_working_days(day, -1, department) <= today < day


def remind_of_meeting(meeting: Meeting, now: datetime) -> None:
    """Tell those who are expected, once, on the working day before; whoever planned it comes too, and is told."""
    today, day = timezone.localdate(now), timezone.localdate(meeting.starts_at)
    if is_eve(today, day, meeting.intercommunality.department_code):
        people = people_expected(meeting, today, meeting.guests.all())
        tell("meet_soon", people, **of_meeting(meeting, now, "soon"))
