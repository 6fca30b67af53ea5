"""What pages and diaries show of the calendar, at a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from cooperation.drawing.gantt import Gantt, Stage, draw_gantt
from cooperation.french import NBSP, date_fr
from cooperation.icalendar import Event
from projects.calendar.models import Meeting, MeetingQuerySet, Milestone
from projects.calendar.rules import Slot, conflicts_of, stage_words
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

BADGES = {Meeting.State.PLANNED: "on_agenda", Meeting.State.HELD: "completed", Meeting.State.CANCELLED: "abandoned"}
KEPT_IN_FEED = timedelta(days=366)


@dataclass(frozen=True)
class MeetingRow:
    """A meeting told in words."""

    meeting: Meeting
    when: str
    where: str
    badge: str


@dataclass(frozen=True)
class StageRow:
    """A stage with the number it bears on the drawing, and how it stands."""

    number: int
    milestone: Milestone
    badge: str
    label: str


def hour(moment: datetime) -> str:
    """« 18 h 30 », in local time."""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02}" if local.minute else "")


def when_of(meeting: Meeting) -> str:
    return f"{date_fr(meeting.starts_at)}, de {hour(meeting.starts_at)} à {hour(meeting.ends_at)}"


def where_of(meeting: Meeting) -> str:
    at = ", ".join(str(one) for one in (meeting.place, meeting.commune) if one)
    return f"{at} ({meeting.get_format_display().lower()})" if at else meeting.get_format_display()


def meeting_row(meeting: Meeting) -> MeetingRow:
    return MeetingRow(meeting, when_of(meeting), where_of(meeting), BADGES[Meeting.State(meeting.state)])


def meetings_of(epci: Intercommunality, user: User) -> MeetingQuerySet:
    """The meetings of the EPCI that the person sees, in the order of time."""
    found = Meeting.objects.visible_to(user).filter(intercommunality=epci)
    return found.select_related("project", "commune").order_by("starts_at", "pk")


def milestones_of(epci: Intercommunality, user: User) -> QuerySet[Milestone]:
    """The stages of the projects that the person sees."""
    visible = Project.objects.visible_to(user).of(epci)
    return Milestone.objects.filter(project__in=visible).select_related("project")


def within(start: date, end: date) -> Q:
    """Stages that have a day, planned or real, between two days."""
    planned = Q(planned_start__lte=end, planned_end__gte=start)
    return planned | Q(actual_start__lte=end, actual_end__gte=start)


def stage_rows(milestones: Iterable[Milestone], today: date) -> list[StageRow]:
    return [
        StageRow(
            number,
            one,
            *stage_words(
                today,
                planned_start=one.planned_start,
                planned_end=one.planned_end,
                actual_start=one.actual_start,
                actual_end=one.actual_end,
            ),
        )
        for number, one in enumerate(milestones, start=1)
    ]


def gantt_of(rows: list[StageRow], today: date) -> Gantt | None:
    """The stages drawn; one that began and has not ended runs until today."""

    def stage(one: Milestone) -> Stage:
        end = one.actual_end or max(today, one.actual_start or today)
        actual = (one.actual_start, end) if one.actual_start else None
        return Stage((one.planned_start, one.planned_end), actual)

    return draw_gantt([stage(row.milestone) for row in rows], title="Les étapes dans le temps", today=today)


def conflicts_in(meetings: MeetingQuerySet, now: datetime, about: Meeting | None = None) -> list[str]:
    """The planned meetings still to come that stand in each other's way, in words; those of one meeting, if asked."""
    coming = meetings.filter(state=Meeting.State.PLANNED, ends_at__gt=now).order_by("starts_at", "pk")
    slots = [
        Slot(*row)
        for row in coming.values_list("pk", "label", "starts_at", "ends_at", "place", "commune_id", "project_id")
    ]
    return [
        f"« {found.first.label} » et « {found.second.label} » se tiennent en même temps, "
        f"le {date_fr(found.second.starts_at)} à {hour(found.second.starts_at)}, {found.shared}."
        for found in conflicts_of(slots)
        if about is None or about.pk in (found.first.key, found.second.key)
    ]


def events_of(user: User, now: datetime) -> list[Event]:
    """What the diary of a person receives: the meetings and the stages they see today, for the past year and after.

    Neither the participants nor the minutes: a diary is copied to places that nobody here controls.
    """
    since = now - KEPT_IN_FEED
    host = settings.SITE_URL.split("//")[-1]
    meetings = Meeting.objects.visible_to(user).filter(ends_at__gte=since).select_related("project", "commune")
    stages = Milestone.objects.filter(project__in=Project.objects.visible_to(user), planned_end__gte=since.date())
    return [
        Event(
            uid=f"reunion-{one.pk}@{host}",
            start=one.starts_at,
            end=one.ends_at,
            summary=one.label,
            description="\n".join(filter(None, [one.project and str(one.project), one.get_format_display()])),
            location=", ".join(str(part) for part in (one.place, one.commune) if part),
            url=settings.SITE_URL + one.get_absolute_url(),
            is_cancelled=one.state == Meeting.State.CANCELLED,
        )
        for one in meetings
    ] + [
        Event(
            uid=f"etape-{one.pk}@{host}",
            start=one.planned_start,
            end=one.planned_end,
            summary=one.label,
            description=str(one.project),
            url=settings.SITE_URL + one.get_absolute_url(),
        )
        for one in stages.select_related("project")
    ]
