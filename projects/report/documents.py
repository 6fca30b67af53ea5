"""Makes printable documents: the whole projet de territoire, or the sheet of one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cooperation.printing import Document, Part
from projects.models import PrintVersion, Project
from projects.report.content import PrintedChapter, Report, gather_sheet
from projects.report.versions import Comparison

CITING = {"strategy", "index"}  # with the contents, they say on which page the others stand


def report_document(report: Report) -> Document:
    """Write each part with its template, in the order of the pages."""
    extract = " (extrait)" if report.choices.is_partial else ""
    return Document(
        title=f"Projet de territoire — {report.name}{extract}",
        author=report.name,
        subject=f"{report.plan}, imprimé le {report.printed_on:%d/%m/%Y}",
        keywords="projet de territoire, intercommunalité",
        header=report.name,
        footer=report.plan,
        parts=list(write_parts(report)),
    )


def write_parts(report: Report) -> Iterable[Part]:
    yield Part("la couverture", write("cover", report=report), numbered=False)
    yield Part("le sommaire", write("contents", report=report), cites_pages=True)
    yield from write_chapters(report, report.before)
    for axis in report.axes if report.has_sheets else ():
        yield Part(f"« {axis.label} »", write("axis", axis=axis))
        for sheet in axis.sheets:
            yield Part(f"la fiche {sheet.reference}", write("sheet", sheet=sheet))
    yield from write_chapters(report, report.after)
    yield Part("l’achevé d’imprimer", write("colophon", report=report))


def write_chapters(report: Report, chapters: Iterable[PrintedChapter]) -> Iterable[Part]:
    for chapter in chapters:
        html = write(chapter.name, report=report, chapter=chapter)
        yield Part(f"« {chapter.title} »", html, cites_pages=chapter.name in CITING)


def write(template: str, **values: object) -> SafeString:
    return render_to_string(f"projects/pdf/_{template}.html", values)


def project_document(project: Project, *, moment: str, today: dt.date, public: bool = False) -> Document:
    """Write the sheet of one project; `moment` says what it witnesses (« Déposé le… »)."""
    sheet = gather_sheet(project, today=today, public=public)
    name = project.intercommunality.name
    html = render_to_string("projects/pdf/_alone.html", {"sheet": sheet, "name": name, "moment": moment})
    title = f"{project.reference} — {sheet.title}"
    return Document(title=title, author=name, subject=moment, parts=[Part(f"la fiche {project.reference}", html)])


def changes_document(before: PrintVersion, after: PrintVersion, comparison: Comparison) -> Document:
    """Write the supplement that says what changed from one version to another."""
    name = after.intercommunality.name
    values = {"before": before, "after": after, "comparison": comparison, "name": name}
    title = f"Ce qui change de la version {before.number} à la version {after.number}"
    part = Part("le supplément", write("changes", **values))
    return Document(title=f"{title} — {name}", author=name, parts=[part], header=name, footer=title)
