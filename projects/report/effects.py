"""What is printed and counted of effects: indicators on each sheet, then all of them beside what people said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from cooperation.drawing.gauges import Gauge
from cooperation.french import percent
from cooperation.spreadsheets.writing import Table
from projects.effects.reads import Line, line_of
from projects.effects.rollup import tally
from projects.effects.rules import Standing
from projects.effects.survey_reads import Reading, reading_of, with_words
from projects.models import Indicator, Project, Survey
from projects.proposals.states import GIVEN_UP

if TYPE_CHECKING:
    from projects.report.choices import Choices
    from projects.report.reading import Present
    from projects.report.sheets import Sheet

INDICATORS = (
    "Référence", "Indicateur", "Type", "Unité", "Départ", "Date du départ", "Cible", "Date de la cible",
    "Condition de la cible", "Dernière mesure", "Mesuré le", "Part du chemin (%)", "Où il en est",
)  # fmt: skip
SURVEYS = (
    "Référence", "Enquête", "Service", "Interrogés", "Du", "Au", "Envois", "Réponses", "Note 1", "Note 2", "Note 3",
    "Note 4", "Note 5", "Note moyenne", "Satisfaits (%)", "Montré",
)  # fmt: skip


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


@dataclass(frozen=True)
class EffectsChapter:
    """All the indicators, each with its sheet, how many stand where, and what beneficiaries answered."""

    words: str
    rows: Sequence[tuple[Sheet, Effect]]
    surveys: Sequence[tuple[str, Reading]]  # the reference of the project, or nothing for a service


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


def tell_effects(
    reading: Present,
    projects: Sequence[Project],
    sheets: Mapping[int, Sheet],
    choices: Choices,
    width: float,
) -> EffectsChapter | None:
    """Gather what the sheets say, and in a whole document the surveys of services that no project holds."""
    rows = [(sheets[project.pk], effect) for project in projects for effect in sheets[project.pk].effects]
    surveys = [(sheets[project.pk].reference, one) for project in projects for one in sheets[project.pk].surveys]
    if not choices.is_partial:
        alone = reading.surveys(intercommunality=reading.intercommunality, project=None)
        surveys += [("", reading_of(survey, width=width)) for survey in alone]
    if not rows and not surveys:
        return None
    living = [project for project in projects if project.status not in GIVEN_UP]
    standings = [line_of(one, reading.day).standing for project in living for one in project.indicator_set.all()]
    return EffectsChapter(tally(standings).words, rows, surveys)


def effects_tables(projects: Sequence[Project], today: dt.date) -> list[Table]:
    """The same as tables; a survey below five answers gives none of its figures."""
    return [
        Table("Effets", INDICATORS, [row for project in projects for row in tell_indicators(project, today)]),
        Table("Satisfaction", SURVEYS, [row for project in projects for row in tell_surveys(project)]),
    ]


def tell_indicators(project: Project, today: dt.date) -> Iterable[Sequence[Any]]:
    for one in project.indicator_set.all():
        line = line_of(one, today)
        yield (
            project.reference, one.name, one.get_kind_display(), one.unit, one.baseline, one.baseline_on, one.target,
            one.target_on, one.condition, one.last_value, one.last_on,
            None if line.raw is None else round(line.raw, 1), line.label,
        )  # fmt: skip


def tell_surveys(project: Project) -> Iterable[Sequence[Any]]:
    for survey in project.surveys.all():
        told = (project.reference, survey.title, survey.service, survey.audience, survey.starts_on, survey.ends_on)
        result = survey.result
        if result is None:
            yield (*told, *(None,) * 9, "moins de cinq réponses : rien n’est montré")
            continue
        figures = (round(result.mean, 2), round(result.satisfied, 1))
        yield (*told, survey.sent, result.answers, *result.counts, *figures, "oui")
