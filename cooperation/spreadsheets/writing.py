"""Writes tables for spreadsheets: XLSX, ODS and CSV, with real numbers and dates, and never a formula.

A cell that begins like a formula would be computed by the reader's spreadsheet: in a workbook it is written as text,
and in a CSV an apostrophe is put before it. Numbers and dates are never touched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # without it, a French spreadsheet reads a CSV in another alphabet
WIDTHS = (12, 18, 30, 48)  # of a column, in signs
LOOKED_AT = 200  # rows that say how wide a column is
LONGEST = 32_000  # signs in a cell: no spreadsheet takes more than 32,767
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    f'<?xml version="1.0" encoding="UTF-8"?><m:manifest xmlns:m="{OASIS}:manifest:1.0" m:version="1.3">'
    f'<m:file-entry m:full-path="/" m:version="1.3" m:media-type="{ODS}"/>'
    '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
)
BEFORE = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{OASIS}:office:1.0" '
    f'xmlns:table="{OASIS}:table:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:style="{OASIS}:style:1.0" '
    f'xmlns:fo="{OASIS}:xsl-fo-compatible:1.0" xmlns:number="{OASIS}:datastyle:1.0" office:version="1.3">'
    '<office:automatic-styles><number:date-style style:name="jour">'  # without it, a day is shown with its midnight
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="Jour" style:family="table-cell" style:data-style-name="jour"/>'
    '<number:number-style style:name="montant"><number:number number:decimal-places="2" number:min-decimal-places="2" '
    'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    '<style:style style:name="Montant" style:family="table-cell" style:data-style-name="montant"/>'
    '<style:style style:name="Titre" style:family="table-cell"><style:text-properties fo:font-weight="bold"/>'
    "</style:style>"
    + "".join(
        f'<style:style style:name="Colonne{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{0.21 * width:.1f}cm"/></style:style>'
        for width in WIDTHS
    )
    + "</office:automatic-styles><office:body><office:spreadsheet>"
)
AFTER = "</office:spreadsheet></office:body></office:document-content>"
CONTROLS = dict.fromkeys(
    [*(code for code in range(32) if code not in {9, 10, 13}), 0xFFFE, 0xFFFF]
)  # no XML holds them


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its headers, and rows of texts, numbers, days, or nothing."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]


def widths_of(table: Table) -> list[int]:
    """The width of each column, in signs: that of most of its texts, as far as its rows may be read twice."""
    rows = table.rows[:LOOKED_AT] if isinstance(table.rows, Sequence) else ()
    widths = []
    for number, header in enumerate(table.headers):
        lengths = sorted(len(str(row[number])) for row in rows if row[number] is not None)
        most = lengths[len(lengths) * 3 // 4] if lengths else 0
        widths.append(next((width for width in WIDTHS if width >= max(most, len(header)) + 1), WIDTHS[-1]))
    return widths


def clean(value: Any) -> Any:
    """Give a value as a spreadsheet takes it: what is not a number nor a day is text."""
    if value is None or isinstance(value, int | float | Decimal | dt.date):
        return value
    return without_controls(str(value))[:LONGEST]


def without_controls(text: str) -> str:
    """Leave out the signs that no file made of XML may hold: a program would refuse the whole of it."""
    return text.translate(CONTROLS)


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """Write one sheet a table; the first line stays in sight."""
    from cooperation.spreadsheets import xlsx  # heavy: loaded by those who write a workbook only

    return xlsx.write(tables)


def to_ods(tables: Iterable[Table]) -> bytes:
    """Write one sheet a table; what is text is said to be text, so that nothing is computed.

    Written as it is read, row by row: a library that keeps every cell in memory takes twenty times longer.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("mimetype", ODS, compress_type=zipfile.ZIP_STORED)
        document.writestr("META-INF/manifest.xml", MANIFEST)
        with document.open("content.xml", "w", force_zip64=True) as body:
            body.write(BEFORE.encode())
            for table in tables:
                body.write(f"<table:table table:name={quoteattr(table.name)}>".encode())
                for width in widths_of(table):
                    body.write(f'<table:table-column table:style-name="Colonne{width}"/>'.encode())
                heading = ods_row(table.headers).replace(
                    "<table:table-cell ", '<table:table-cell table:style-name="Titre" '
                )
                body.write(f"<table:table-header-rows>{heading}</table:table-header-rows>".encode())
                for values in table.rows:
                    body.write(ods_row(values).encode())
                body.write(b"</table:table>")
            body.write(AFTER.encode())
    return content.getvalue()


def ods_row(values: Iterable[Any]) -> str:
    cells = "".join(ods_cell(clean(value)) for value in values)
    return f"<table:table-row>{cells}</table:table-row>"


def ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, dt.date):
        day = value.isoformat()
        return f'<table:table-cell table:style-name="Jour" office:value-type="date" office:date-value="{day}"/>'
    if isinstance(value, Decimal):
        return f'<table:table-cell table:style-name="Montant" office:value-type="float" office:value="{value}"/>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    lines = "".join(f"<text:p>{ods_text(line)}</text:p>" for line in re.split("\r\n|\r|\n", str(value)))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def ods_text(line: str) -> str:
    """A line whose spaces and tabs are kept: this format makes one space of several."""
    kept = re.sub(" {2,}|^ | $", lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(line))
    return kept.replace("\t", "<text:tab/>")


def to_csv(table: Table) -> Iterator[bytes]:
    """Write a CSV that a French spreadsheet opens, line by line: UTF-8 with its mark, semicolons, decimal commas."""
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
    line.write(MARK)
    writer.writerow(table.headers)
    for row in table.rows:
        yield taken(line)
        writer.writerow([csv_cell(clean(value)) for value in row])
    yield taken(line)


def taken(line: io.StringIO) -> bytes:
    """What was written, which leaves its place to the next line."""
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode("utf-8")


def csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    return f"'{value}" if value.startswith(FORMULA) else value
