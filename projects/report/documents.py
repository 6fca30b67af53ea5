"""Makes printable documents: the whole projet de territoire, or the sheet of one project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.template.loader import render_to_string

from cooperation.printing import Document, Part
from projects.models import Project
from projects.report.content import Report, gather_sheet

FRONT = (
    ("la couverture", "cover"),
    ("le sommaire", "contents"),
    ("le mode d’emploi", "guide"),
    ("le territoire en chiffres", "territory"),
    ("les orientations", "strategy"),
)
CITING = {"contents", "strategy"}  # they say on which page the others stand


def report_document(report: Report) -> Document:
    """Write each part with its template, in the order of the pages."""
    return Document(
        title=f"Projet de territoire — {report.name}",
        author=report.name,
        subject=f"{report.plan}, imprimé le {report.printed_on:%d/%m/%Y}",
        keywords="projet de territoire, intercommunalité",
        header=report.name,
        footer=report.plan,
        parts=list(write_parts(report)),
    )


def write_parts(report: Report) -> Iterable[Part]:
    for name, template in FRONT:
        html = render_to_string(f"projects/pdf/_{template}.html", {"report": report})
        yield Part(name, html, numbered=template != "cover", cites_pages=template in CITING)
    for axis in report.axes:
        yield Part(f"« {axis.label} »", render_to_string("projects/pdf/_axis.html", {"axis": axis}))
        for sheet in axis.sheets:
            html = render_to_string("projects/pdf/_sheet.html", {"sheet": sheet})
            yield Part(f"la fiche {sheet.reference}", html)


def project_document(project: Project, *, moment: str, today: dt.date) -> Document:
    """Write the sheet of one project; `moment` says what it witnesses (« Déposé le… »)."""
    sheet = gather_sheet(project, today=today)
    name = project.intercommunality.name
    html = render_to_string("projects/pdf/_alone.html", {"sheet": sheet, "name": name, "moment": moment})
    title = f"{project.reference} — {sheet.title}"
    return Document(title=title, author=name, subject=moment, parts=[Part(f"la fiche {project.reference}", html)])
