"""The opinion that the law wants first, once it is known: a legal case no longer asks for what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cooperation.french import uncapitalized
from projects.opinions.models import Opinion
from projects.opinions.reads import Line, Summary
from projects.opinions.rules import Stage
from projects.proposals.models import Project
from territories.competences.legal_case import LegalCase
from territories.competences.rules import Kind


def with_opinions(
    cases: Sequence[LegalCase], project: Project, opinions: Summary | None, today: date
) -> list[LegalCase]:
    """The same cases; the opinion of the only commune concerned takes the place of the request to ask for it.

    It is known once given, or once its time is up (CGCT, art. L. 5211-57: silence is deemed favourable). Of several,
    the latest that bears on the text in force is told; while none does, the latest, with that the text has changed.
    """
    if opinions is None or all(case.kind != Kind.ONE_COMMUNE for case in cases):
        return list(cases)
    line = line_of_the_commune(project, opinions, today)
    if line is None:
        return list(cases)
    return [replace(case, done=said_of(line)) if case.kind == Kind.ONE_COMMUNE else case for case in cases]


def line_of_the_commune(project: Project, opinions: Summary, today: date) -> Line | None:
    """The opinion of a commune that the project concerns which counts today: on the text in force, then the latest."""
    concerned = {commune.pk for commune in project.communes.all()}
    known = [
        line
        for line in opinions.lines
        if line.request.commune_id in concerned and line.request.stage_on(today) in {Stage.GIVEN, Stage.SILENT}
    ]
    return max(known, key=lambda line: (not line.has_changed, known_on(line), line.request.pk), default=None)


def known_on(line: Line) -> date:
    """The day from which the opinion is known: that of the answer, or that of the silence."""
    return line.opinion.given_on if line.opinion else line.request.due_on


def said_of(line: Line) -> str:
    since = " Le texte a changé depuis." if line.has_changed else ""
    return f"avis du conseil municipal ({line.request.commune}), {uncapitalized(line.label)}. {line.when}.{since}"


def refused_by(project: Project, opinions: Summary, today: date) -> str:
    """The only commune that a project concerns, when its council gave an unfavourable opinion; "" otherwise."""
    if len(project.communes.all()) != 1:
        return ""
    line = line_of_the_commune(project, opinions, today)
    is_unfavourable = line and line.opinion and line.opinion.position == Opinion.Position.UNFAVOURABLE
    return str(line.request.commune) if line and is_unfavourable else ""
