"""What pages and diaries show of the meetings, at a constant number of queries and in a bounded time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cooperation.french import MONTHS, counted, date_fr, hour_fr
from cooperation.icalendar import Event
from partners.people.access import scope_of
from projects.calendar.models import Meeting
from projects.calendar.rules import Conflict, Slot, conflicts_of
from projects.calendar.windows import DAY, meetings_of, milestones_of
from projects.deliberation.models import Session
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

BADGES = {Meeting.State.PLANNED: "on_agenda", Meeting.State.HELD: "completed", Meeting.State.CANCELLED: "abandoned"}
SESSION_BADGES = {
    Session.State.PLANNED: "on_agenda", Session.State.CONVENED: "on_agenda", Session.State.OPEN: "in_progress",
    Session.State.CLOSED: "completed", Session.State.CANCELLED: "abandoned",
}  # fmt: skip
COMPARED = 500  # meetings of the same days looked at for a conflict
IN_FEED = 300  # meetings, and as many stages: a diary is read by a person
KEPT_IN_FEED = timedelta(days=92)


@dataclass(frozen=True)
class Clash:
    """Another meeting, which stands in the way of one."""

    key: int
    label: str
    told: str  # what follows its name

    @property
    def url(self) -> str:
        return reverse("projects:meeting", args=[self.key])


@dataclass(frozen=True)
class MeetingRow:
    """A meeting told in words, with what stands in its way."""

    meeting: Meeting
    when: str
    where: str
    badge: str
    conflicts: Sequence[Clash] = ()
    is_session: ClassVar[bool] = False


@dataclass(frozen=True)
class SessionRow:
    """A session of a body told in words, among the meetings."""

    session: Session
    when: str
    where: str
    what: str
    badge: str
    is_session: ClassVar[bool] = True


@dataclass(frozen=True)
class Month:
    """The meetings and the sessions of a month, under its name."""

    name: str
    rows: list[MeetingRow | SessionRow] = field(default_factory=list)


def when_of(meeting: Meeting) -> str:
    return f"{date_fr(meeting.starts_at)}, de {hour_fr(meeting.starts_at)} à {hour_fr(meeting.ends_at)}"


def where_of(meeting: Meeting) -> str:
    at = ", ".join(str(one) for one in (meeting.place, meeting.commune) if one)
    return f"{at} ({meeting.get_format_display().lower()})" if at else meeting.get_format_display()


def meeting_row(meeting: Meeting, conflicts: Sequence[Clash] = ()) -> MeetingRow:
    return MeetingRow(meeting, when_of(meeting), where_of(meeting), BADGES[Meeting.State(meeting.state)], conflicts)


def session_row(session: Session) -> SessionRow:
    points = counted(session.item_count, "point") + " à l’ordre du jour" if session.item_count else "ordre du jour vide"
    at = f" à {hour_fr(session.held_at)}" if session.held_at else ""
    remote = f" ({session.get_format_display()})" if session.is_remote else ""
    return SessionRow(
        session,
        f"{date_fr(session.held_on)}{at}",
        f"{session.place or 'lieu à préciser'}{remote}",
        session.cancelled_because or points,
        SESSION_BADGES[Session.State(session.state)],
    )


def moment_of(row: MeetingRow | SessionRow) -> datetime:
    """When a row begins, here; a session without an hour comes before what has one that day."""
    if isinstance(row, MeetingRow):
        return timezone.localtime(row.meeting.starts_at)
    hour = row.session.held_at or time.min
    return datetime.combine(row.session.held_on, hour, tzinfo=timezone.get_current_timezone())


def by_month(rows: Iterable[MeetingRow | SessionRow]) -> list[Month]:
    """The rows in the order of time, under the name of each month."""
    months: list[Month] = []
    for row in sorted(rows, key=moment_of):
        local = moment_of(row)
        name = f"{MONTHS[local.month - 1].capitalize()} {local.year}"
        if not months or months[-1].name != name:
            months.append(Month(name))
        months[-1].rows.append(row)
    return months


def clash_of(found: Conflict, about: Meeting) -> Clash:
    """What stands in the way of a meeting; its name may be that of the meeting itself."""
    other = found.second if found.first.key == about.pk else found.first
    hours = f"de {hour_fr(other.starts_at)} à {hour_fr(other.ends_at)}"
    return Clash(other.key, other.label, f"se tient {found.shared} au même moment ({hours}).")


def conflicts_in(seen: QuerySet[Meeting], shown: Sequence[Meeting]) -> dict[int, list[Clash]]:
    """What stands in the way of each of the meetings shown, among all those seen on the same days; read once."""
    planned = [one for one in shown if one.state == Meeting.State.PLANNED]
    if not planned:
        return {}
    near = seen.filter(
        state=Meeting.State.PLANNED,
        starts_at__gte=planned[0].starts_at - DAY,
        starts_at__lt=max(one.ends_at for one in planned),
    ).order_by("starts_at", "pk")
    slots = near.values_list("pk", "label", "starts_at", "ends_at", "place", "commune_id", "project_id")[:COMPARED]
    found = conflicts_of([Slot(*row) for row in slots])
    return {
        one.pk: [clash_of(pair, one) for pair in found if one.pk in (pair.first.key, pair.second.key)]
        for one in planned
    }


def limits_of_feed() -> str:
    """What a diary does not receive, in one sentence for those who subscribe."""
    months = round(KEPT_IN_FEED.days / 30.5)
    return (
        f"Votre agenda reçoit au plus {IN_FEED} réunions et {IN_FEED} étapes de chaque intercommunalité, les plus "
        f"proches d’abord : celles à venir, et celles des {months} derniers mois. Le reste se lit ici, dans le "
        "calendrier."
    )


def events_of(user: User, now: datetime) -> list[Event]:
    """What the diary of a person receives: the meetings and the stages that they see today, the soonest first.

    Neither the participants nor the minutes: a diary is copied to places that nobody here controls.
    """
    since, host = now - KEPT_IN_FEED, settings.SITE_URL.split("//")[-1]
    meetings, stages = [], []
    for epci in Intercommunality.objects.filter(pk__in=scope_of(user).intercommunalities):
        coming = meetings_of(epci, user).filter(starts_at__gte=since).select_related("project", "commune")
        meetings += coming.order_by("starts_at", "pk")[:IN_FEED]
        running = milestones_of(epci, user).filter(planned_end__gte=timezone.localdate(since))
        stages += running.select_related("project").order_by("planned_end", "pk")[:IN_FEED]
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
        for one in stages
    ]
