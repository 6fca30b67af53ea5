"""Stages as pages show them: one after the other for a project, gathered by project for many, with their drawing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.text import capfirst

from cooperation.drawing.gantt import Gantt, Row, Stage, draw_gantt
from cooperation.french import date_fr
from projects.calendar.models import Milestone
from projects.calendar.rules import Dated, Span, StageDays, span_of, stage_words
from projects.proposals.models import Project

BAR = 384  # units: the width of a bar beside its words


@dataclass(frozen=True)
class StageRow:
    """A stage with the number it bears on the drawing, and how it stands."""

    number: int
    milestone: Milestone
    badge: str
    label: str
    bar: Row | None = None


@dataclass(frozen=True)
class Group:
    """A project from its first day to its last, and those of its stages that are shown."""

    project: Project
    bar: Row | None
    dates: Sequence[str]
    rows: list[StageRow] = field(default_factory=list)


@dataclass(frozen=True)
class Groups:
    """The projects one under the other, on the same scale of time."""

    groups: Sequence[Group]
    gantt: Gantt | None


def words_of(one: Milestone, today: date) -> tuple[str, str]:
    return stage_words(
        today,
        planned_start=one.planned_start,
        planned_end=one.planned_end,
        actual_start=one.actual_start,
        actual_end=one.actual_end,
    )


def stage_rows(milestones: Iterable[Milestone], today: date) -> list[StageRow]:
    return [StageRow(number, one, *words_of(one, today)) for number, one in enumerate(milestones, start=1)]


def stage_of(one: Milestone, today: date) -> Stage:
    """What is drawn of a stage; one that began and has not ended runs until today."""
    end = one.actual_end or max(today, one.actual_start or today)
    return Stage((one.planned_start, one.planned_end), (one.actual_start, end) if one.actual_start else None)


def gantt_of(rows: list[StageRow], today: date) -> Gantt | None:
    """The stages of one project, drawn one under the other."""
    return draw_gantt([stage_of(row.milestone, today) for row in rows], title="Les étapes dans le temps", today=today)


def groups_of(shown: Sequence[Milestone], today: date) -> Groups:
    """Gather the stages shown under their projects, in the order in which they come; all are drawn on one scale."""
    by_project: dict[int, list[Milestone]] = defaultdict(list)
    for one in shown:
        by_project[one.project_id].append(one)
    spans = spans_of({one.project_id: one.project for one in shown}.values())
    wanted = []
    for key, mine in by_project.items():
        wanted.append(whole_of(spans[key], today))
        wanted += [stage_of(one, today) for one in mine]
    gantt = draw_gantt(wanted, title="Les étapes dans le temps", today=today, width=BAR, left=0)
    bars = iter(gantt.rows if gantt else ())
    groups = []
    for key, mine in by_project.items():
        group = Group(mine[0].project, next(bars), told_of(spans[key]))
        group.rows.extend(StageRow(rank, one, *words_of(one, today), next(bars)) for rank, one in enumerate(mine, 1))
        groups.append(group)
    return Groups(groups, gantt)


def spans_of(projects: Iterable[Project]) -> dict[int, Span]:
    """From when to when each project runs, all its stages counted; in one query."""
    known = {project.pk: project for project in projects}
    days: dict[int, list[StageDays]] = defaultdict(list)
    for key, label, *dates in Milestone.objects.filter(project__in=known).values_list(
        "project_id", "label", "planned_start", "planned_end", "actual_start", "actual_end"
    ):
        days[key].append(StageDays(label, (dates[0], dates[1]), (dates[2], dates[3])))
    return {
        key: span_of(days[key], starts_on=project.starts_on, ends_on=project.ends_on) for key, project in known.items()
    }


def whole_of(span: Span, today: date) -> Stage:
    """What is drawn of a project that has stages: from its first day to its last."""
    assert span.planned_start and span.planned_end  # every project here has a stage
    begun = span.actual_start.on if span.actual_start else None
    end = span.actual_end.on if span.actual_end else max(today, begun or today)
    return Stage((span.planned_start.on, span.planned_end.on), (begun, end) if begun else None)


def told_of(span: Span) -> list[str]:
    """The dates of a project in sentences, each date with where it comes from."""

    def said(little: str, one: Dated | None) -> str:
        return f"{little} {date_fr(one.on)} ({one.source})" if one else ""

    start, end = span.planned_start, span.planned_end
    if start and end and start.source == end.source:
        planned = [f"prévu du {date_fr(start.on)} au {date_fr(end.on)} ({end.source})"]
    else:
        both = start and end
        planned = [
            said("prévu du" if both else "prévu à partir du", start),
            said("au" if both else "prévu jusqu’au", end),
        ]
    came = [said("commencé le", span.actual_start), said("fini le", span.actual_end)]
    sentences = (" ".join(filter(None, planned)), ", ".join(filter(None, came)))
    return [f"{capfirst(sentence)}." for sentence in sentences if sentence]


def extent_of(stages: QuerySet[Milestone]) -> str:
    """From when to when they all run, in a sentence that names the two stages it comes from; « » without any."""
    first = stages.select_related("project").order_by("planned_start", "pk").first()
    last = stages.select_related("project").order_by("-planned_end", "-pk").first()
    if first is None or last is None:
        return ""
    starts, ends = date_fr(first.planned_start), date_fr(last.planned_end)
    from_one, to_another = f"{first.project.reference}, « {first} »", f"{last.project.reference}, « {last} »"
    return f"Les étapes vont du {starts} ({from_one}) au {ends} ({to_another})."
