"""The printed calendar: each project with its stages below it, and the meetings still to come; short at any size."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from projects.models import Status
from projects.report.choices import Audience, Choices
from projects.report.content import gather
from projects.report.documents import report_document, runs_in
from projects.report.runs import MOST
from tests.factories import make_epci, make_meeting, make_milestone, make_project

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 15)


class World:
    def __init__(self):
        self.epci = make_epci()
        self.project = make_project(self.epci, status=Status.ADOPTED, title="Voie verte")
        self.silent = make_project(self.epci, status=Status.ADOPTED, title="Sans date")
        make_milestone(self.project, label="Travaux", planned_start=date(2027, 1, 4), planned_end=date(2027, 6, 30))
        began = {"planned_start": date(2026, 3, 2), "actual_start": date(2026, 4, 1), "planned_end": date(2026, 10, 30)}
        make_milestone(self.project, label="Études", **began)

    def read(self, today=TODAY, **choices):
        return gather(self.epci, user=None, today=today, choices=Choices(**choices))

    def pages(self, **choices):
        parts = report_document(self.read(**choices)).parts
        return "".join(part.html for part in parts if "Le calendrier" in part.name).replace("\xa0", " ")


def test_stages_stand_below_their_project_as_they_came_or_are_planned(world):
    [dated] = world.read().dated
    assert [(one.label, one.standing, one.starts_on, one.ends_on) for one in dated.stages] == [
        ("Études", "En retard", date(2026, 4, 1), date(2026, 10, 30)),
        ("Travaux", "À venir", date(2027, 1, 4), date(2027, 6, 30)),
    ]
    html = world.pages()
    assert html.index("Voie verte") < html.index("Études") < html.index("Travaux")
    assert "Sans date" not in html


def test_a_project_runs_from_its_first_stage_to_its_last_and_its_own_dates_count_without_any(world):
    """As on the pages of the calendar: the sheet and the chapter say the same."""
    for project in (world.project, world.silent):
        project.starts_on = date(2026, 1, 1)
        project.save()
    first, last = world.read().dated
    assert (first.starts_on, first.ends_on, first.sheet.dates) == (date(2026, 1, 1), None, "à partir du 01/01/2026")
    assert (last.starts_on, last.ends_on) == (date(2026, 4, 1), date(2027, 6, 30))
    assert last.sheet.dates == "du 01/04/2026 au 30/06/2027"


def test_meetings_to_come_are_told_to_those_who_work_on_it_and_not_to_everybody(world):
    noon = timezone.make_aware(datetime(2026, 12, 3, 12))
    make_meeting(world.project, label="Comité de tracé", starts_at=noon)
    make_meeting(world.project, label="Réunion passée", starts_at=noon - timedelta(days=30))
    make_meeting(world.project, label="Réunion de chantier", starts_at=noon, place="", format="remote")
    html = world.pages()
    assert "Réunion de chantier, 3 décembre 2026, 12 h, à distance" in html
    assert "Réunion : Réunion" not in html
    assert "Réunion : Comité de tracé, 3 décembre 2026, 12 h, Mairie (sur place)" in html
    assert "Réunion passée" not in html
    assert world.read(audience=Audience.PUBLIC).dated[0].meetings == []


def test_a_past_state_tells_the_stages_of_that_day(world):
    day = timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        stage = world.project.milestones.get(label="Travaux")
        stage.label = "Grands travaux"
        stage.save()
        now = world.read(today=timezone.localdate()).dated[0]
        then = world.read(today=timezone.localdate(), as_of=day.isoformat()).dated[0]
    assert now.stages[1].label == "Grands travaux"
    assert then.stages[1].label == "Travaux"


def test_a_long_calendar_is_cut_by_the_lines_it_prints(world):
    """A run holds so many lines, whether they are projects or stages: two thousand projects print as thirty do."""
    report = world.read()
    [chapter] = [one for one in report.after if one.name == "calendar"]
    report.dated.extend(report.dated * (MOST - 1))  # each of three lines
    runs = runs_in(chapter, report)
    assert len(runs) == -(-len(report.dated) // (MOST // 3))
    assert all(sum(row.lines for _, rows in run.groups for row in rows) <= MOST for run in runs)
