"""The sheet of one project as a text document (ODT), for colleagues who go on writing in a word processor."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

import odfdo

from cooperation.french import date_fr, euros, percent
from cooperation.spreadsheets.writing import without_controls
from projects.report.sheets import Sheet

TITLE, TEXT = ("Heading_20_1", "Heading_20_2"), "Text_20_body"  # styles of the reader's own program
CELL, HEAD, BOLD = "Cellule", "Cellule_titre", "Titre_de_colonne"
BORDER = {"fo:border": "0.5pt solid #595959", "fo:padding": "0.1cm"}
HEADINGS = {"fo:background-color": "#e7e6e2"}
# What the empty document of the library brings, which says nothing of ours.
LEFT_OUT = ("Configurations2/", "Thumbnails/")


def sheet_to_odt(sheet: Sheet, *, name: str, today: dt.date) -> bytes:
    """Write titles, paragraphs and tables, with the styles of the reader's own program."""
    title = f"{sheet.reference} — {sheet.title}"
    document = start_document(title, name, today)
    body = document.body
    body.append(write_heading(1, title))
    body.append(write_line(f"{name} · {sheet.status}", TEXT))
    for heading, texts in sections_of(sheet):
        if any(texts):
            body.append(write_heading(2, heading))
            for text in texts:
                for line in text.splitlines():
                    body.append(write_line(line, TEXT))
    for heading, headers, rows in tables_of(sheet):
        if rows:
            body.append(write_heading(2, heading))
            body.append(write_table(heading, headers, rows))
            body.append(write_line("", TEXT))  # a table that ends a text leaves no place to go on writing
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def start_document(title: str, author: str, today: dt.date) -> odfdo.Document:
    """An empty text in French, that says what it is and holds nothing else."""
    document = odfdo.Document("text")
    document.body.clear()
    for part in list(document.parts):
        if part.startswith(LEFT_OUT):
            document.del_part(part)
    for entry in document.manifest.get_paths():
        if entry.startswith(LEFT_OUT):
            document.manifest.del_full_path(entry)
    meta, moment = document.meta, dt.datetime.combine(today, dt.time())
    meta.title, meta.language, meta.creator, meta.initial_creator = without_controls(title), "fr-FR", author, author
    meta.creation_date = meta.date = moment
    if statistic := meta.get_element("//meta:document-statistic"):
        statistic.delete()  # of an empty document
    for family, style, properties in (
        ("table-cell", CELL, BORDER),
        ("table-cell", HEAD, BORDER | HEADINGS),
        ("paragraph", BOLD, {"fo:font-weight": "bold"}),
    ):
        made = odfdo.Style(family, name=style)
        made.set_properties(properties, area="text" if family == "paragraph" else family)
        document.insert_style(made, automatic=True)
    return document


def write_heading(level: int, text: str) -> odfdo.Element:
    heading = odfdo.Header(level, without_controls(text))
    heading.set_attribute("text:style-name", TITLE[level - 1])
    return heading


def write_line(text: str, style: str) -> odfdo.Element:
    return odfdo.Paragraph(without_controls(text), style=style)


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


def write_table(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> odfdo.Element:
    """A table whose first row is a header, said again at the top of each page and read aloud before each cell."""
    table = odfdo.Element.from_tag("table:table")
    table.set_attribute("table:name", name)
    columns = odfdo.Element.from_tag("table:table-column")
    columns.set_attribute("table:number-columns-repeated", str(len(headers)))
    heading = odfdo.Element.from_tag("table:table-header-rows")
    heading.append(write_row(headers, HEAD, BOLD))
    for part in (columns, heading, *(write_row(row, CELL, "Standard") for row in rows)):
        table.append(part)
    return table


def write_row(values: Sequence[str], style: str, words: str) -> odfdo.Element:
    row = odfdo.Element.from_tag("table:table-row")
    for value in values:
        cell = odfdo.Element.from_tag("table:table-cell")
        cell.set_attribute("office:value-type", "string")
        cell.set_attribute("table:style-name", style)
        for line in value.splitlines() or [""]:
            cell.append(write_line(line, words))
        row.append(cell)
    return row
