"""Makes printable documents: the whole projet de territoire, or the sheet of one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cooperation.printing import A4, A5, Cites, Document, Part
from projects.models import PrintVersion, Project
from projects.report.choices import Chapter
from projects.report.content import PrintedChapter, Report, gather_sheet
from projects.report.runs import Group, Run, runs_of
from projects.report.sheets import Sheet
from projects.report.versions import Comparison

CITING = {Chapter.STRATEGY, Chapter.INDEX}  # with the contents, they say on which page the others stand
CITED = 7  # pages that the index cites on one line
SHORT = 12  # lines of a chapter that does not begin a page
ENTRY = 28  # lines of one entry: a row is not cut by the end of a page


def report_document(report: Report) -> Document:
    """Write each part with its template, in the order of the pages."""
    extract = " (extrait)" if report.choices.is_partial else ""
    state = f", tel qu’au {report.as_of:%d/%m/%Y}" if report.as_of else ""
    return Document(
        title=f"Projet de territoire — {report.name}{state}{extract}",
        author=report.name,
        subject=f"{report.plan}, imprimé le {report.printed_on:%d/%m/%Y}",
        keywords="projet de territoire, intercommunalité",
        header=report.name,
        footer=report.plan,
        paper=A5 if report.choices.is_small else A4,
        parts=list(write_parts(report)),
    )


def write_parts(report: Report) -> Iterable[Part]:
    yield Part("la couverture", write("cover", report=report), numbered=False)
    contents = list(write_contents(report))
    above = contents.pop() if contents and report.has_few_contents else None
    yield from contents
    yield from write_chapters(report, report.before, above=above)
    for axis in report.printed_axes:
        for run in runs_of((objective, objective.sheets) for objective in axis.objectives):
            yield Part(f"« {axis.label} »", write("axis", report=report, axis=axis, run=run))
        yield from write_sheets(axis.sheets)
    yield from end_with(report, list(write_chapters(report, report.after)))


def write_contents(report: Report) -> Iterable[Part]:
    for run in runs_of(contents_of(report)) if report.has_contents else ():
        yield Part("le sommaire", write("contents", report=report, run=run), cites=Cites.COLUMN)


def write_sheets(sheets: Iterable[Sheet]) -> Iterable[Part]:
    for first, *followers in put_together(sheets):
        html = write("sheet", sheet=first)
        name = f"la fiche {first.reference}"
        for second in followers:
            html += write("sheet", sheet=second, follows=True)
            name = f"les fiches {first.reference} et {second.reference}"
        yield Part(name, html)


def put_together(sheets: Iterable[Sheet]) -> list[list[Sheet]]:
    """Each sheet has its own pages; two brief ones that follow each other share theirs."""
    shared: list[list[Sheet]] = []
    for sheet in sheets:
        if sheet.is_brief and shared and len(shared[-1]) == 1 and shared[-1][0].is_brief:
            shared[-1].append(sheet)
        else:
            shared.append([sheet])
    return shared


def write_chapters(report: Report, chapters: Iterable[PrintedChapter], *, above: Part | None = None) -> Iterable[Part]:
    """Each chapter begins a page, but one of a few lines: it stands below the one before, where there is room, or
    below the part `above` them all.
    """
    last = above
    for chapter in chapters:
        follows = last is not None and 0 < lines_of(chapter, report) <= SHORT
        for run in runs_in(chapter, report):
            html = write(chapter.name, report=report, chapter=chapter, run=run, follows=follows)
            cites = Cites.SENTENCE if chapter.name in CITING else Cites.NOTHING
            part = Part(f"« {chapter.title} »", html, cites=cites)
            if follows and last:
                part = join(last, part)
            elif last:
                yield last
            last = part
    if last:
        yield last


def end_with(report: Report, parts: list[Part]) -> list[Part]:
    """The colophon closes the last page, where there is room."""
    colophon = Part("l’achevé d’imprimer", write("colophon", report=report, follows=bool(parts)))
    return [*parts[:-1], join(parts[-1], colophon)] if parts else [colophon]


def join(first: Part, second: Part) -> Part:
    """Two parts laid out as one; what one of them cites, both may."""
    cites = first.cites if second.cites is Cites.NOTHING else second.cites
    return replace(first, name=f"{first.name} et {second.name}", html=first.html + second.html, cites=cites)


def lines_of(chapter: PrintedChapter, report: Report) -> int:
    """How many lines of a table a chapter has; nothing for one that is no table, nor a letter of a few lines."""
    match chapter.name:
        case Chapter.FOREWORD if report.is_short_foreword:
            return SHORT
        case Chapter.BUILT if report.built:
            return len(report.built.bodies) + len(report.built.consultations)
        case Chapter.FUNDERS:
            return sum(len(one.rows) * (2 if one.by_year else 1) for one in report.funders)
        case Chapter.LEVERS:
            return len(report.levers)
        case Chapter.CALENDAR:
            return sum(row.lines for row in report.dated)
        case Chapter.PARTNERS:
            return len(report.partners)
        case Chapter.INDEX:
            return sum(1 + len(sheets) // CITED for one in report.indexes for _, sheets in one.entries)
        case _:
            return 0


def contents_of(report: Report) -> list[Group]:
    """The lines of the contents: chapters, the sheets of each axis, chapters."""
    axes: list[Group] = [(axis, axis.sheets) for axis in report.printed_axes]
    return [(None, report.before), *axes, (None, report.after)]


def runs_in(chapter: PrintedChapter, report: Report) -> list[Run]:
    """The runs of the chapters that grow with the projects; any other is one."""
    match chapter.name:
        case Chapter.STRATEGY:
            objectives = ((axis, objective) for axis in report.axes for objective in axis.objectives)
            return [in_axes(run) for run in runs_of((pair, pair[1].sheets) for pair in objectives)]
        case Chapter.PROGRAMME if report.programme:
            return runs_of([(None, report.programme.rows)])
        case Chapter.CALENDAR:
            return runs_of([(None, report.dated)], weigh=lambda row: row.lines)
        case Chapter.PARTNERS:
            return runs_of([(None, report.partners)], weigh=lambda row: 1 + len(row.sheets) // CITED)
        case Chapter.EFFECTS if report.effects:
            return runs_of([(None, report.effects.rows)])
        case Chapter.INDEX:
            lists = [(one, list(cut_entries(one.entries))) for one in report.indexes]
            return runs_of(lists, weigh=lambda entry: 1 + len(entry[1]) // CITED)
        case _:
            return [Run([])]


def in_axes(run: Run) -> Run:
    """Gather the objectives of a run below their axes."""
    by_axis = groupby(run.groups, key=lambda group: group[0][0])
    axes = [(axis, [(objective, sheets) for (_, objective), sheets in groups]) for axis, groups in by_axis]
    return replace(run, groups=axes)


def cut_entries(entries: Iterable[tuple[str, Sequence[Sheet]]]) -> Iterable[tuple[str, Sequence[Sheet]]]:
    """Cut an entry that would take too much of a page: a commune may be in every project."""
    most = ENTRY * CITED
    for name, sheets in entries:
        for start in range(0, len(sheets), most):
            yield name if start == 0 else f"{name} (suite)", sheets[start : start + most]


def write(template: str, **values: object) -> SafeString:
    return render_to_string(f"projects/pdf/_{template}.html", values)


def project_document(project: Project, *, moment: str, today: dt.date, public: bool = False) -> Document:
    """Write the sheet of one project; `moment` says what it witnesses (« Déposé le… »)."""
    sheet = gather_sheet(project, today=today, public=public)
    name = project.intercommunality.name
    html = render_to_string("projects/pdf/_alone.html", {"sheet": sheet, "name": name, "moment": moment})
    title = f"{project.reference} — {sheet.title}"
    return Document(
        title=title,
        author=name,
        subject=moment,
        header=name,
        footer=moment,
        parts=[Part(f"la fiche {project.reference}", html)],
    )


def changes_document(before: PrintVersion, after: PrintVersion, comparison: Comparison) -> Document:
    """Write the supplement that says what changed from one version to another."""
    name = after.intercommunality.name
    values = {"before": before, "after": after, "comparison": comparison, "name": name}
    title = f"Ce qui change de la version {before.number} à la version {after.number}"
    parts = [
        Part(
            "le supplément" if run.is_first else f"la suite du supplément, à partir de {run.groups[0][1][0].reference}",
            write("changes", run=run, changed=run.groups[0][1], **values),
        )
        for run in runs_of([(None, comparison.changed)], weigh=lambda sheet: sheet.lines)
    ]
    return Document(title=f"{title} — {name}", author=name, parts=parts, header=name, footer=title)
