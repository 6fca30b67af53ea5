"""Read the cells of an XLSX or ODS workbook as text, without trusting its declared sizes."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cooperation.spreadsheets.errors import SpreadsheetError

MAX_UNPACKED_BYTES = 400_000_000
MAX_RATIO = 150  # an honest workbook packs about ten times
MAX_REPEATED_ROWS = 100_000
MAX_COLUMNS = 1_000


def check_archive(path: Path) -> None:
    """Refuse what is not a workbook, and one that would unpack into far more than it weighs."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise SpreadsheetError(
            "ce classeur est abîmé ou n’en est pas un : ouvrez-le et enregistrez-le à nouveau."
        ) from error
    packed = max(path.stat().st_size, 1)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 20_000_000 and unpacked / packed > MAX_RATIO):
        raise SpreadsheetError(
            f"ce classeur pèserait {unpacked // 1_000_000} Mo une fois ouvert : il est refusé, par prudence."
        )


def text_of(value: Any) -> str:
    """A cell as a person reads it: whole numbers without point, dates as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return str(value)


def xlsx_cells(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet of an XLSX workbook, the first sheet unless one is named."""
    import openpyxl  # heavy: loaded by those who import only

    check_archive(path)
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets out errors of every kind on a damaged file
        raise _unreadable() from error
    try:
        name = _chosen(sheet, workbook.sheetnames)
        worksheet = workbook[name]
        worksheet.reset_dimensions()  # those declared may be wrong, or a million rows
        try:
            for line, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
                yield line, [text_of(value) for value in cells]
        except (ValueError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
            raise _unreadable() from error
    finally:
        workbook.close()


def ods_cells(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet of an ODS workbook; rows repeated and empty are told once."""
    import odfdo

    check_archive(path)
    try:
        tables = odfdo.Document(str(path)).body.get_elements("table:table")
    except Exception as error:  # same as above
        raise _unreadable() from error
    by_name = {table.name: table for table in tables}
    table = by_name[_chosen(sheet, list(by_name))]
    line = 1
    for row in table.get_elements("descendant::table:table-row"):
        repeated = _repeated(row, "table:number-rows-repeated")
        cells = _ods_row(row, line)
        if cells and repeated > MAX_REPEATED_ROWS:
            raise SpreadsheetError("la même ligne est répétée sans fin : supprimez-la.", line)
        for offset in range(repeated if cells else 1):
            yield line + offset, list(cells)
        line += repeated


def _ods_row(row: Any, line: int) -> list[str]:
    cells: list[str] = []
    pending = 0  # empty cells count only if a full one follows
    for cell in row.get_elements("table:table-cell|table:covered-table-cell"):
        repeated = _repeated(cell, "table:number-columns-repeated")
        text = _ods_text(cell)
        if not text.strip():
            pending += repeated
            continue
        if len(cells) + pending + repeated > MAX_COLUMNS:
            raise SpreadsheetError(f"la ligne a plus de {MAX_COLUMNS} colonnes.", line)
        cells += [""] * pending + [text] * repeated
        pending = 0
    return cells


def _ods_text(cell: Any) -> str:
    if cell.get_attribute("office:value-type") in {None, "string"}:
        paragraphs = cell.get_elements("text:p")
        return "\n".join(paragraph.inner_text for paragraph in paragraphs)
    return text_of(cell.get_value())


def _repeated(element: Any, attribute: str) -> int:
    declared = element.get_attribute(attribute)
    return int(declared) if declared and str(declared).isdigit() else 1


def _chosen(sheet: str | None, names: list[str]) -> str:
    if sheet is None and names:
        return names[0]
    if sheet in names:
        return sheet
    listed = ", ".join(f"« {name} »" for name in names)
    raise SpreadsheetError(f"la feuille « {sheet} » n’est pas dans ce classeur, qui contient {listed or 'rien'}.")


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in their order; a CSV file has none."""
    suffix = path.suffix.casefold()
    if suffix not in {".xlsx", ".xlsm", ".ods"}:
        return []
    check_archive(path)
    try:
        if suffix == ".ods":
            import odfdo

            return [table.name for table in odfdo.Document(str(path)).body.get_elements("table:table")]
        import openpyxl

        workbook = openpyxl.load_workbook(path, read_only=True)
        names = list(workbook.sheetnames)
        workbook.close()
    except Exception as error:  # same as above
        raise _unreadable() from error
    return names


def _unreadable() -> SpreadsheetError:
    return SpreadsheetError(
        "ce classeur est illisible (abîmé ou protégé par un mot de passe) : enregistrez-le à nouveau, sans protection."
    )
