"""The chapter of effects: all the indicators and how many stand where, beside what people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projects.effects.reads import line_of
from projects.effects.rollup import tally
from projects.effects.survey_reads import Reading, reading_of
from projects.models import Project
from projects.proposals.states import GIVEN_UP
from projects.report.choices import Choices
from projects.report.effects import Effect
from projects.report.reading import Present
from projects.report.sheets import Sheet


@dataclass(frozen=True)
class EffectsChapter:
    """All the indicators, each with its sheet, how many stand where, and what beneficiaries answered."""

    words: str
    rows: Sequence[tuple[Sheet, Effect]]
    surveys: Sequence[tuple[str, Reading]]  # the reference of the project, or nothing for a service


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
