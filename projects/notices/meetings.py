"""What is told of meetings to those whom they expect: planned, moved, called off, near, no longer theirs, told since.

A fact names when and where the meeting was to be (« meeting:12:5f0c…:34 »): once it is to be elsewhere, what was told
of it no longer holds, and whoever has read nothing yet is simply invited to the new day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cooperation.workdays import add_working_days
from projects.calendar.guests import people_expected
from projects.calendar.models import Guest, Meeting
from projects.calendar.reads import when_of, where_of
from projects.notices.models import Notice
from projects.notices.services import tell
from projects.proposals.states import GIVEN_UP

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


def told_slot(fact: str) -> str:
    return fact.split(":")[2]


def last_told(meeting: int) -> dict[int, tuple[str, str]]:
    """What reached each person last of a meeting: the kind of news, and when and where they know it to be."""
    reached = about(meeting).filter(REACHED).order_by("happened_at", "pk")
    return {person: (kind, told_slot(fact)) for person, kind, fact in reached.values_list("person", "kind", "fact")}


def known_slots(meeting: int) -> dict[int, str]:
    """When and where each person who knows that they are expected knows a meeting to be."""
    return {person: slot for person, (kind, slot) in last_told(meeting).items() if kind != "meet_gone"}


def take_back(notices: Iterable[Notice], now: datetime) -> None:
    """Drop what nobody has read and no longer holds, without waiting for the grace to end."""
    keys = [one.pk for one in notices]
    Notice.objects.filter(pk__in=keys, settled_at=None, read_at=None).update(settled_at=now, is_dropped=True)


def hear_guest(instance: Guest, created: bool, **_: Any) -> None:
    """Somebody is expected at a meeting still to come; again, when they knew that they no longer were."""
    now, meeting = timezone.now(), instance.meeting
    if not created or not is_to_come(meeting, now):
        return
    people = list(people_expected(meeting, timezone.localdate(now), [instance]))
    take_back(about(meeting.pk).filter(kind="meet_gone", person__in=people), now)
    last = last_told(meeting.pk)
    again = [one for one in people if one.pk in last and last[one.pk][0] == "meet_gone"]
    for asked, change in ((again, f"again{instance.pk}"), ([one for one in people if one not in again], "asked")):
        tell("meet_asked", asked, **of_meeting(meeting, now, change), by=instance.invited_by)


def hear_meeting(instance: Meeting, created: bool, **_: Any) -> None:
    """A meeting is called off, or is to be another day or elsewhere. Whoever knows of it is told of the change;
    whoever does not yet is invited to the new day, or told nothing.
    """
    now = timezone.now()
    if created or instance.starts_at <= now:
        return
    last, *before = instance.history.all()[:2]
    is_called_off = bool(before) and instance.state == Meeting.State.CANCELLED != before[0].state
    is_moved = bool(before) and instance.state == Meeting.State.PLANNED and slot_of(last) != slot_of(before[0])
    if not (is_called_off or is_moved):
        return
    slot, known = slot_of(instance), known_slots(instance.pk)
    told_before = about(instance.pk).exclude(kind="meet_gone")  # who is expected no more is so whatever the day
    take_back([one for one in told_before if is_called_off or told_slot(one.fact) != slot], now)
    expected = list(people_expected(instance, timezone.localdate(now)))
    told = of_meeting(instance, now, last.pk) | {"by": getattr(instance, "_history_user", None)}
    if is_called_off:
        tell("meet_off", [one for one in expected if one.pk in known], **told)
    else:
        tell("meet_moved", [one for one in expected if known.get(one.pk, slot) != slot], **told)
        tell("meet_asked", [one for one in expected if one.pk not in known], **told)


def hear_minutes(instance: Meeting, **_: Any) -> None:
    """The minutes of a meeting are written: told once, whatever is put right in them afterwards."""
    if instance.state != Meeting.State.HELD or not instance.minutes:
        return
    if any(one.minutes for one in instance.history.all()[1:2]):
        return
    now = timezone.now()
    told = of_meeting(instance, now, "minutes") | {"by": getattr(instance, "_history_user", None)}
    tell("meet_minutes", people_expected(instance, timezone.localdate(now)), **told)


def hear_guest_gone(instance: Guest, **_: Any) -> None:
    """Whoever is expected no more is told so when they knew of the meeting; who had read nothing was never invited.

    They may no longer see its page: the news leads to the calendar.
    """
    now, meeting = timezone.now(), instance.meeting
    today = timezone.localdate(now)
    expected = people_expected(meeting, today)
    take_back(about(meeting.pk).exclude(kind="meet_gone").exclude(person__in=expected), now)
    if not is_to_come(meeting, now):
        return
    known = known_slots(meeting.pk)
    gone = people_expected(meeting, today, [instance]).filter(pk__in=known).exclude(pk__in=expected.values("pk"))
    told = of_meeting(meeting, now, f"gone{instance.pk}") | {"address": reverse("projects:calendar")}
    tell("meet_gone", gone, **told, by=instance.removed_by)


def is_to_come(meeting: Meeting, now: datetime) -> bool:
    return meeting.state == Meeting.State.PLANNED and meeting.starts_at > now


def is_true_of_meeting(notice: Notice, pk: int, now: datetime) -> bool:
    """The meeting still expects the person, when and where it was told to be, or still does not; or it is still off,
    or its minutes are still there.
    """
    meeting = Meeting.objects.filter(pk=pk).first()
    if meeting is None:
        return False
    expects = people_expected(meeting, timezone.localdate(now)).filter(pk=notice.person_id).exists()
    if notice.kind == "meet_gone":
        return not expects and meeting.starts_at > now
    if notice.kind == "meet_minutes":
        return expects and bool(meeting.minutes)
    if notice.kind == "meet_off":
        return expects and meeting.state == Meeting.State.CANCELLED
    return expects and is_to_come(meeting, now) and slot_of(meeting) == told_slot(notice.fact)


def meetings_near(now: datetime) -> list[Meeting]:
    """The meetings to come within a week that expect somebody, but for those of a project that was given up."""
    planned = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__gt=now, starts_at__lte=now + FURTHEST)
    planned = planned.exclude(project__status__in=GIVEN_UP)
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
