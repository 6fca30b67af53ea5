"""Writes tables for spreadsheets: XLSX, ODS and CSV, with real numbers and dates, and never a formula.

A cell that begins like a formula would be computed by the reader's spreadsheet: in a workbook it is written as text,
and in a CSV an apostrophe is put before it. Numbers and dates are never touched.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import odfdo
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # without it, a French spreadsheet reads a CSV in another alphabet
LONGEST = 32_000  # signs in a cell: no spreadsheet takes more than 32,767
CONTROLS = {code: None for code in range(32) if code not in {9, 10, 13}}  # no XML may hold them


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its headers, and rows of texts, numbers, days, or nothing."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]


def clean(value: Any) -> Any:
    """Give a value as a spreadsheet takes it: what is not a number nor a day is text."""
    if value is None or isinstance(value, int | float | Decimal | dt.date):
        return value
    return str(value).translate(CONTROLS)[:LONGEST]


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """Write one sheet a table; the first line stays in sight."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "A2"
        for number, header in enumerate(table.headers, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = max(12, min(48, len(header) + 4))
        sheet.append([xlsx_cell(sheet, header, bold=True) for header in table.headers])
        for row in table.rows:
            sheet.append([xlsx_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def xlsx_cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=clean(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"  # text, whatever it begins with
    elif isinstance(cell.value, dt.date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(cell.value, Decimal):
        cell.number_format = "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell


def to_ods(tables: Iterable[Table]) -> bytes:
    """Write one sheet a table; what is text is said to be text, so that nothing is computed."""
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    for table in tables:
        sheet = odfdo.Table(table.name)
        for values in (table.headers, *table.rows):
            row = odfdo.Row()
            for value in values:
                row.append_cell(ods_cell(clean(value)))
            sheet.append_row(row)
        document.body.append(sheet)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def ods_cell(value: Any) -> odfdo.Cell:
    if value is None:
        return odfdo.Cell()
    return odfdo.Cell(value, cell_type="string") if isinstance(value, str) else odfdo.Cell(value)


def to_csv(table: Table) -> bytes:
    """Write a CSV that a French spreadsheet opens: UTF-8 with its mark, semicolons, decimal commas."""
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.headers)
    writer.writerows([csv_cell(clean(value)) for value in row] for row in table.rows)
    return (MARK + content.getvalue()).encode("utf-8")


def csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value).replace(".", ",")
    return f"'{value}" if value.startswith(FORMULA) else value
