"""Writes an XLSX workbook row by row: what is text is said to be text, so that nothing is computed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from cooperation.spreadsheets.writing import Table, clean, widths_of


def write(tables: Iterable[Table]) -> bytes:
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.freeze_panes = "A2"
        for number, width in enumerate(widths_of(table), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([cell_of(sheet, header, bold=True) for header in table.headers])
        for row in table.rows:
            sheet.append([cell_of(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cell_of(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
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
