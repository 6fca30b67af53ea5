"""The calendar chapter: each project with its dates, the stages below it, and the meetings that are still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from cooperation.french import date_fr, hour_fr
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
        known = [self.starts_on, self.ends_on, *(stage.starts_on for stage in self.stages)]
        return [day for day in known if day]

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


def date_sheet(project: Project, sheet: Sheet, today: dt.date, *, public: bool) -> DatedSheet:
    """A project that gives no date of its own begins with its first stage and ends with its last."""
    stages = [write_stage(one, today) for one in project.milestones.all()]
    return DatedSheet(
        sheet,
        project.starts_on or min((stage.starts_on for stage in stages), default=None),
        project.ends_on or max((stage.ends_on for stage in stages), default=None),
        stages,
        [] if public else [say_meeting(one) for one in project.meetings.all() if is_to_come(one, today)],
    )


def write_stage(stage: Milestone, today: dt.date) -> StageLine:
    _, standing = words_of(stage, today)
    return StageLine(
        stage.label,
        standing,
        stage.actual_start or stage.planned_start,
        stage.actual_end or stage.planned_end,
    )


def is_to_come(meeting: Meeting, today: dt.date) -> bool:
    return meeting.state == Meeting.State.PLANNED and timezone.localdate(meeting.starts_at) >= today


def say_meeting(meeting: Meeting) -> str:
    return f"{meeting.label}, {date_fr(meeting.starts_at)}, {hour_fr(meeting.starts_at)}, {where_of(meeting)}"
