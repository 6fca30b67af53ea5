"""Loading the calendar: the stages of the projects, planned and real, and the meetings held and to come."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from partners.directory.models import Partner
from partners.people.models import User
from projects.calendar.models import Guest, Meeting, Milestone
from projects.demo.files import DemoData
from projects.demo.followup import COORDINATOR
from projects.demo.saving import save
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality


def load_calendar(
    data: DemoData,
    epci: Intercommunality,
    communes: dict[str, Commune],
    partners: dict[str, Partner],
    users: dict[str, User],
    projects: dict[str, Project],
) -> None:
    """Write the stages in the order of the file, then the meetings as they stand on the day of reference."""
    for reference, stages in data.calendar["milestones"].items():
        for rank, told in enumerate(stages, start=1):
            _load_stage(projects[reference], told, rank)
    for told in data.calendar["meetings"]:
        meeting = _load_meeting(told, epci, communes, projects, by=users[COORDINATOR])
        for code in told.get("guests", []):
            guest = Guest(intercommunality=epci, meeting=meeting, invited_by=users[COORDINATOR])
            guest.commune, guest.partner = communes.get(code), partners.get(code)
            save(guest)


def _load_stage(project: Project, told: dict, rank: int) -> None:
    planned, actual = told["planned"], [*told.get("actual", []), None, None]
    save(
        Milestone(
            intercommunality=project.intercommunality,
            project=project,
            label=told["label"],
            planned_start=planned[0],
            planned_end=planned[1],
            actual_start=actual[0],
            actual_end=actual[1],
            order=rank,
        )
    )


def _load_meeting(
    told: dict, epci: Intercommunality, communes: dict[str, Commune], projects: dict[str, Project], *, by: User
) -> Meeting:
    """A meeting is held as soon as it has minutes; a past one without minutes still waits for them."""
    starts_at, ends_at = (_moment(told["day"], hour) for hour in told["hours"])
    state = Meeting.State.HELD if "minutes" in told else Meeting.State.PLANNED
    return save(
        Meeting(
            intercommunality=epci,
            project=projects.get(told.get("project", "")),
            label=told["label"],
            starts_at=starts_at,
            ends_at=ends_at,
            format=told.get("format", Meeting.Format.IN_PERSON),
            place=told.get("place", ""),
            commune=communes.get(told.get("commune", "")),
            participants=told.get("participants", ""),
            minutes=told.get("minutes", ""),
            state=Meeting.State.CANCELLED if "cancelled" in told else state,
            reason=told.get("cancelled", ""),
            written_by_name=str(by),
        )
    )


def _moment(day: date, hour: str) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(hour)))
