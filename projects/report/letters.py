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
    yield "Ce qui se vit", [" — ".join(filter(None, (one.text, one.who, one.about))) for one in sheet.testimonies]
    if funding := sheet.funding:
        yield "Le coût", [funding.gap, funding.tax, funding.spending, funding.rule, funding.yearly]
    yield "Les effets", [f"{one.name}\u00a0: {one.sentence}" for one in sheet.effects]
    steps = sheet.timeline.points if sheet.timeline else ()
    yield "Le parcours", [f"{one.on:%d/%m/%Y}\u00a0: {one.label}" for one in steps]
    yield "À noter", [sheet.remark]


Rows = list[Sequence[str]]
INTERESTS = ("Qui", "Son intérêt", "Y gagne", "Apporte", "Craint", "Face à l’objectif")


def tables_of(sheet: Sheet) -> Iterable[tuple[str, Sequence[str], Rows]]:
    interests: Rows = [(one.who, one.text, one.gains, one.gives, one.fears, one.convergence) for one in sheet.interests]
    yield "Les intérêts de chacun", INTERESTS, interests
    told = sheet.tells_relays
    actors: Rows = [(one.name, one.role, *((one.relay or "à trouver",) if told else ())) for one in sheet.actors]
    yield "Les acteurs", ("Acteur", "Place dans le projet", *(("Personne relais",) if told else ())), actors
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
