"""The sheet of one project as a text document (ODT), for colleagues who go on writing in a word processor."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

import odfdo
from django.template.loader import render_to_string

from cooperation.drawing.maps import Map
from cooperation.french import counted, date_fr, euros, percent, quoted
from cooperation.spreadsheets.writing import without_controls
from projects.effects.survey_reads import Reading
from projects.report.letter_styles import (
    BOLD,
    CELL,
    HEAD,
    NUMBER,
    OBJECTIVE,
    PICTURE,
    ROW,
    SUBTITLE,
    TABLE,
    TEXT,
    TITLE,
    dress,
    insert_column,
    widths_of,
)
from projects.report.sheets import Funding, Sheet

# What the empty document of the library brings, which says nothing of ours.
LEFT_OUT = ("Configurations2/", "Thumbnails/")
MAP = "Pictures/carte.svg"


def sheet_to_odt(sheet: Sheet, *, name: str, today: dt.date) -> bytes:
    """Write titles, paragraphs, tables and the map, with styles that the reader's own program lists and changes."""
    title = f"{sheet.reference} — {sheet.title}"
    document = start_document(title, name, today)
    body = document.body
    body.append(write_heading(1, title))
    body.append(write_line(f"{name} · {sheet.status}", TEXT))
    for heading, texts, tables in blocks_of(sheet):
        said = [line for text in texts for line in text.splitlines()]
        tables = [one for one in tables if one[2]]
        if not any(said) and not tables:
            continue
        body.append(write_heading(2, heading))
        for number, line in enumerate(said):
            body.append(write_line(line, OBJECTIVE if heading == OBJECTIVE_TITLE and not number else TEXT))
        if sheet.map and heading == BRIEF_TITLE:
            body.append(write_map(document, sheet.map))
        for table_name, headers, rows in tables:
            body.append(write_table(document, table_name, headers, rows))
    if body.children[-1].tag == "table:table":  # it leaves no place to go on writing
        body.append(write_line("", TEXT))
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
    dress(document, without_controls(title))
    return document


def write_heading(level: int, text: str) -> odfdo.Element:
    heading = odfdo.Header(level, without_controls(text))
    heading.set_attribute("text:style-name", (TITLE, SUBTITLE)[level - 1])
    return heading


def write_line(text: str, style: str) -> odfdo.Element:
    return odfdo.Paragraph(without_controls(text), style=style)


Rows = list[Sequence[str]]
Table = tuple[str, Sequence[str], Rows]  # its name, its headers, its rows
OBJECTIVE_TITLE, BRIEF_TITLE = "L’objectif partagé", "Le projet en bref"
INTERESTS = ("Qui", "Son intérêt", "Y gagne", "Apporte", "Craint", "Face à l’objectif")


def blocks_of(sheet: Sheet) -> Iterable[tuple[str, Sequence[str], Sequence[Table]]]:
    """The titles of the sheet, each with its texts and its tables, in the order of the printed one."""
    yield OBJECTIVE_TITLE, [sheet.shared_objective, sheet.endorsement], []
    yield "Le constat", [sheet.need], []
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
    yield BRIEF_TITLE, [f"{label}\u00a0: {text}" for label, text in brief if text], []
    interests: Rows = [(one.who, one.text, one.gains, one.gives, one.fears, one.convergence) for one in sheet.interests]
    yield "Les intérêts de chacun", [], [("Les intérêts de chacun", INTERESTS, interests)]
    told = sheet.tells_relays
    actors: Rows = [(one.name, one.role, *((one.relay or "à trouver",) if told else ())) for one in sheet.actors]
    headers = ("Acteur", "Place dans le projet", *(("Personne relais",) if told else ()))
    yield "Les acteurs", [], [("Les acteurs", headers, actors)]
    lived = [" — ".join(filter(None, (one.text, one.who, one.about))) for one in sheet.testimonies]
    yield "Ce qui se vit", lived, []
    if funding := sheet.funding:
        costs = [funding.gap, funding.tax, funding.spending, funding.rule, funding.yearly]
        yield "Le coût", costs, []
        yield from ((name, [], [(name, headers, rows)]) for name, headers, rows in tables_of(funding))
    effects = [f"{one.name}\u00a0: {one.sentence}" for one in sheet.effects]
    surveys = [say_survey(one) for one in sheet.surveys]
    yield "Les effets et la satisfaction" if surveys else "Les effets", [*effects, *surveys], []
    steps = sheet.timeline.points if sheet.timeline else ()
    yield "Le parcours", [f"{one.on:%d/%m/%Y}\u00a0: {one.label}" for one in steps], []
    decisions: Rows = [(date_fr(one.on), one.body, one.outcome, one.votes) for one in sheet.decisions]
    yield "Les décisions", [], [("Les décisions", ("Date", "Instance", "Décision", "Votes"), decisions)]
    yield "À noter", [sheet.remark], []


def say_survey(reading: Reading) -> str:
    """A survey in one line, as on the printed sheet; below five answers, nothing of what was said."""
    said = reading.masked
    if result := reading.result:
        answers = counted(result.answers, "réponse")
        said = f"{reading.mean} sur 5, {reading.satisfied} de satisfaits, {answers}."
    return f"Enquête {quoted(reading.survey.title)}, {reading.dates}\u00a0: {said}"


def tables_of(funding: Funding) -> Iterable[Table]:
    lines: Rows = [
        (line.funder, line.nature, line.state, euros(line.amount, funding.decimals), percent(line.percent, 1))
        for line in funding.lines
    ]
    lines += [(one.title, "", "", euros(one.amount, funding.decimals), one.share) for one in funding.feet[1:]]
    yield "Le financement", ("Financeur", "Nature", "État", "Montant", "Part"), lines
    if by_year := funding.by_year:
        years: Rows = [(row.funder, *(euros(amount, funding.decimals) for amount in row.cells)) for row in by_year.said]
        yield "Le financement, année par année", ("Financeur", *by_year.years), years


def write_map(document: odfdo.Document, drawn: Map) -> odfdo.Element:
    """The map of its communes, as a drawing that says in words what it shows."""
    written = render_to_string("drawing/_map.html", {"map": drawn, "key": "carte"})
    svg = written[written.index("<svg") :].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    package: Any = document.container
    package.set_part(MAP, svg.encode())
    document.manifest.add_full_path(MAP, "image/svg+xml")
    width = 7.5  # centimetres
    frame = odfdo.Element.from_tag("draw:frame")
    sizes = {"svg:width": f"{width}cm", "svg:height": f"{width * drawn.view_height / drawn.view_width:.2f}cm"}
    for name, value in {"draw:name": "Carte des communes", "text:anchor-type": "as-char", **sizes}.items():
        frame.set_attribute(name, value)
    image = odfdo.Element.from_tag("draw:image")
    for name, value in (("href", MAP), ("type", "simple"), ("show", "embed"), ("actuate", "onLoad")):
        image.set_attribute(f"xlink:{name}", value)
    told = odfdo.Element.from_tag("svg:title")
    told.text = without_controls(drawn.title)
    for part in (image, told):
        frame.append(part)
    line = write_line("", PICTURE)
    line.append(frame)
    return line


def write_table(
    document: odfdo.Document, name: str, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> odfdo.Element:
    """A table whose first row is a header, said again at the top of each page and read aloud before each cell.

    A column in which nothing is said is left out; amounts and shares stand at the right.
    """
    columns = [list(column) for column in zip(headers, *rows, strict=True) if any(column[1:])]
    table = odfdo.Element.from_tag("table:table")
    table.set_attribute("table:name", name)
    table.set_attribute("table:style-name", TABLE)
    for width in widths_of(columns):
        column = odfdo.Element.from_tag("table:table-column")
        column.set_attribute("table:style-name", insert_column(document, width))
        table.append(column)
    words = [NUMBER if all(one.endswith(("€", "%")) for one in cells[1:] if one) else "Case" for cells in columns]
    first, *others = zip(*columns, strict=True)
    heading = odfdo.Element.from_tag("table:table-header-rows")
    heading.append(write_row(first, HEAD, [BOLD] * len(columns)))
    for part in (heading, *(write_row(row, CELL, words) for row in others)):
        table.append(part)
    return table


def write_row(values: Sequence[str], style: str, words: Sequence[str]) -> odfdo.Element:
    row = odfdo.Element.from_tag("table:table-row")
    row.set_attribute("table:style-name", ROW)
    for value, kind in zip(values, words, strict=True):
        cell = odfdo.Element.from_tag("table:table-cell")
        cell.set_attribute("office:value-type", "string")
        cell.set_attribute("table:style-name", style)
        for line in value.splitlines() or [""]:
            cell.append(write_line(line, kind))
        row.append(cell)
    return row
