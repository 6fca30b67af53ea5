"""The sheet of one project as a text document (ODT), for colleagues who go on writing in a word processor."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import odfdo

from cooperation.french import date_fr, euros, percent
from projects.report.sheets import Sheet


def sheet_to_odt(sheet: Sheet, *, name: str) -> bytes:
    """Write titles, paragraphs and tables, with the styles of the reader's own program."""
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, f"{sheet.reference} — {sheet.title}"))
    body.append(odfdo.Paragraph(f"{name} · {sheet.status}"))
    for title, texts in sections_of(sheet):
        if any(texts):
            body.append(odfdo.Header(2, title))
            for text in texts:
                for line in text.splitlines():
                    body.append(odfdo.Paragraph(line))
    for title, headers, rows in tables_of(sheet):
        if rows:
            body.append(odfdo.Header(2, title))
            body.append(write_table(title, [headers, *rows]))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def sections_of(sheet: Sheet) -> Iterable[tuple[str, Sequence[str]]]:
    """The texts of the sheet, in the order of the printed one."""
    yield "L’objectif partagé", [sheet.shared_objective, sheet.endorsement]
    yield "Le constat", [sheet.need]
    brief = (
        ("Axe", sheet.axis),
        ("Objectif du plan", sheet.objective_of_plan),
        ("Service rendu", sheet.service),
        ("Bénéficiaires", sheet.beneficiaries),
        ("Communes", sheet.communes),
        ("Maître d’ouvrage", sheet.lead),
        ("Suivi par", sheet.carried_by),
        ("Calendrier", sheet.dates),
        ("Origine", sheet.origin),
        ("Orientation", " ; ".join(sheet.orientations)),
        ("Compétence", " ; ".join(sheet.competences)),
        ("Cadre juridique", sheet.legal_case),
    )
    yield "Le projet en bref", [f"{label}\u00a0: {text}" for label, text in brief if text]
    if sheet.funding:
        yield "Le coût et le fonctionnement", [sheet.funding.tax, sheet.funding.spending, sheet.funding.yearly]
    yield "À noter", [sheet.remark]


Rows = list[Sequence[str]]


def tables_of(sheet: Sheet) -> Iterable[tuple[str, Sequence[str], Rows]]:
    interests: Rows = [(one.who, one.text, one.convergence) for one in sheet.interests]
    yield "Les intérêts de chacun", ("Qui", "Son intérêt", "Face à l’objectif"), interests
    actors: Rows = [(actor.name, actor.role) for actor in sheet.actors]
    yield "Les acteurs", ("Acteur", "Place dans le projet"), actors
    lines: Rows = []
    if funding := sheet.funding:
        lines += [
            (line.funder, line.nature, line.state, euros(line.amount, funding.decimals), percent(line.percent, 1))
            for line in funding.lines
        ]
    yield "Le financement", ("Financeur", "Nature", "État", "Montant", "Part"), lines
    if funding and (by_year := funding.by_year):
        years: Rows = [(row.funder, *(euros(amount, funding.decimals) for amount in row.cells)) for row in by_year.said]
        yield "Le financement, année par année", ("Financeur", *by_year.years), years
    decisions: Rows = [(date_fr(one.on), one.body, one.outcome, one.votes) for one in sheet.decisions]
    yield "Les décisions", ("Date", "Instance", "Décision", "Votes"), decisions


def write_table(name: str, rows: Sequence[Sequence[str]]) -> odfdo.Table:
    table = odfdo.Table(name)
    for values in rows:
        row = odfdo.Row()
        for value in values:
            row.append_cell(odfdo.Cell(value, cell_type="string"))
        table.append_row(row)
    return table
