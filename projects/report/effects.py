"""What is printed of the effects of a project: its indicators and what its beneficiaries answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch

from cooperation.drawing.gauges import Gauge
from cooperation.french import percent
from projects.effects.reads import Line, line_of
from projects.effects.rules import Standing
from projects.effects.survey_reads import Reading, reading_of, with_words
from projects.models import Indicator, Project, Survey


@dataclass(frozen=True)
class Effect:
    """An indicator on paper: figures with their unit and their day, where it stands, the part of the way."""

    name: str
    baseline: str
    value: str
    value_on: str
    target: str
    ends: str  # of which days the baseline and the target are, when that is known
    standing: str
    way: str
    gauge: Gauge | None
    sentence: str
    note: str = ""


def with_effects() -> list[Prefetch]:
    """What brings the effects along with projects, in one query for each kind of thing."""
    return [
        Prefetch("indicator_set", Indicator.objects.followed().with_last()),
        Prefetch("surveys", with_words(Survey.objects.all())),
    ]


def write_effects(project: Project, today: dt.date, *, public: bool) -> list[Effect]:
    """What was noted beside a measurement stays among those who follow the project."""
    return [write_effect(line_of(one, today), public=public) for one in project.indicator_set.all()]


def write_effect(line: Line, *, public: bool) -> Effect:
    indicator = line.indicator
    target = f"{line.target} ({indicator.condition})" if indicator.condition else line.target
    return Effect(
        name=indicator.name,
        baseline=line.baseline,
        value=line.value,
        value_on=f"{indicator.last_on:%d/%m/%Y}" if indicator.last_on else "",
        target=target,
        ends=", ".join(filter(None, (at("départ", indicator.baseline_on), at("cible", indicator.target_on)))),
        standing=line.label,
        way="" if line.raw is None else percent(line.raw, 0),
        gauge=line.gauge,
        sentence=say(line, target),
        note="" if public else indicator.last_note or "",
    )


def say(line: Line, target: str) -> str:
    """« 94 au 30/09/2026 (départ 61, cible 110). En chemin, 67 %. »."""
    ends = f"départ {line.baseline}, cible {target}" if line.indicator.baseline is not None else f"cible {target}"
    if line.standing is Standing.UNMEASURED:
        return f"pas encore mesuré ({ends})."
    way = "" if line.raw is None else f", {percent(line.raw, 0)} du chemin"
    return f"{line.value} au {line.indicator.last_on:%d/%m/%Y} ({ends}). {line.label}{way}."


def at(what: str, day: dt.date | None) -> str:
    return f"{what} au {day:%d/%m/%Y}" if day else ""


def write_surveys(project: Project, width: float) -> list[Reading]:
    return [reading_of(survey, width=width) for survey in project.surveys.all()]
