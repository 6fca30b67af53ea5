"""The calendar chapter: each project with its dates, the stages below it, and the meetings that are still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from cooperation.french import date_fr, hour_fr, uncapitalized
from projects.calendar.reads import where_of
from projects.calendar.stages import words_of
from projects.models import Meeting, Milestone, Project
from projects.report.sheets import Sheet


@dataclass(frozen=True)
class StageLine:
    """A stage on paper: the days as they came, or else as planned, and how it stands."""

    label: str
    standing: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class DatedSheet:
    """A project with a date at least, its stages in their order, its meetings to come in one sentence each."""

    sheet: Sheet
    starts_on: dt.date | None
    ends_on: dt.date | None
    stages: Sequence[StageLine] = ()
    meetings: Sequence[str] = ()

    @property
    def days(self) -> list[dt.date]:
        return [day for day in (self.starts_on, self.ends_on) if day]

    @property
    def lines(self) -> int:
        """On paper."""
        return 1 + len(self.stages) + len(self.meetings)


def order_by_date(
    projects: Sequence[Project], sheets: Mapping[int, Sheet], today: dt.date, *, public: bool
) -> list[DatedSheet]:
    """The projects that have a date or a stage, the soonest first; who meets where is not told to everybody."""
    found = [date_sheet(project, sheets[project.pk], today, public=public) for project in projects]
    found = [one for one in found if one.days or one.meetings]
    return sorted(found, key=lambda one: (not one.days, min(one.days, default=today), one.sheet.reference))


def project_span(project: Project) -> tuple[dt.date | None, dt.date | None]:
    """From its first stage to its last, as they came or are planned; its own dates, a wish, without any stage."""
    stages = list(project.milestones.all())
    if not stages:
        return project.starts_on, project.ends_on
    return min(starts_of(stage) for stage in stages), max(ends_of(stage) for stage in stages)


def date_sheet(project: Project, sheet: Sheet, today: dt.date, *, public: bool) -> DatedSheet:
    starts_on, ends_on = project_span(project)
    return DatedSheet(
        sheet,
        starts_on,
        ends_on,
        [write_stage(one, today) for one in project.milestones.all()],
        [] if public else [say_meeting(one) for one in project.meetings.all() if is_to_come(one, today)],
    )


def write_stage(stage: Milestone, today: dt.date) -> StageLine:
    _, standing = words_of(stage, today)
    return StageLine(stage.label, standing, starts_of(stage), ends_of(stage))


def starts_of(stage: Milestone) -> dt.date:
    return stage.actual_start or stage.planned_start


def ends_of(stage: Milestone) -> dt.date:
    return stage.actual_end or stage.planned_end


def say_moment(moment: dt.datetime) -> str:
    """As files for machines write it: in universal time, to the second."""
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_to_come(meeting: Meeting, today: dt.date) -> bool:
    return meeting.state == Meeting.State.PLANNED and timezone.localdate(meeting.starts_at) >= today


def say_meeting(meeting: Meeting) -> str:
    """« Réunion : Comité d’usagers, 3 décembre 2026, 18 h, … »; the word is not said twice."""
    name = meeting.label if meeting.label.lower().startswith("réunion") else f"Réunion : {meeting.label}"
    where = where_of(meeting) if meeting.place or meeting.commune_id else uncapitalized(meeting.get_format_display())
    return f"{name}, {date_fr(meeting.starts_at)}, {hour_fr(meeting.starts_at)}, {where}"
