"""Read the rows of a spreadsheet, of any of the three formats, under its headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cooperation.spelling import fold_words
from cooperation.spreadsheets.errors import SpreadsheetError
from cooperation.spreadsheets.texts import csv_cells, guessed_of
from cooperation.spreadsheets.workbooks import ods_cells, xlsx_cells

WORKBOOKS = {".xlsx", ".xlsm", ".ods"}
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # what a true .xls begins with; public offices also give that name to plain text


def read_cells(path: Path | str, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells as text) for every row, empty rows included."""
    path = Path(path)
    if not path.is_file():
        raise SpreadsheetError(f"le fichier « {path.name} » est introuvable.")
    suffix = path.suffix.casefold()
    if suffix in {".xlsx", ".xlsm"}:
        return xlsx_cells(path, sheet)
    if suffix == ".ods":
        return ods_cells(path, sheet)
    if suffix == ".xls" and path.read_bytes()[:4] == OLD_WORKBOOK:
        raise SpreadsheetError("l’ancien format Excel (.xls) n’est pas lu : enregistrez le classeur en XLSX.")
    if suffix in {".csv", ".txt", ".tsv", ".xls"}:
        return csv_cells(path)
    raise SpreadsheetError(f"le format « {suffix or path.name} » n’est pas lu : donnez un fichier CSV, XLSX ou ODS.")


def describe(path: Path | str, sheet: str | None = None) -> str:
    """What was guessed of a file, to be said to the person who gave it: encoding and separator, or sheet."""
    path = Path(path)
    if path.suffix.casefold() in WORKBOOKS:
        named = f"feuille «\u00a0{sheet}\u00a0»" if sheet else "première feuille"
        return f"classeur {path.suffix[1:].upper()}, {named}"
    return guessed_of(path)


def read_rows(path: Path | str, sheet: str | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, {folded header: stripped text}) for every row below the first that is not empty."""
    cells_by_line = read_cells(path, sheet)
    headers: list[str] = []
    for _, cells in cells_by_line:
        if any(cell.strip() for cell in cells):
            headers = unique_headers(cells)
            break
    if not headers:
        raise SpreadsheetError("ce fichier est vide.")
    for line, cells in cells_by_line:
        if any(cell.strip() for cell in cells[len(headers) :]):
            raise SpreadsheetError("la ligne a plus de cellules que l’en-tête n’a de colonnes.", line)
        padded = cells + [""] * (len(headers) - len(cells))
        yield line, {header: cell.strip() for header, cell in zip(headers, padded, strict=False)}


def unique_headers(cells: list[str]) -> list[str]:
    """Fold the headers; the second of the same name is numbered 2."""
    seen: dict[str, int] = {}
    headers = []
    for position, cell in enumerate(cells, start=1):
        header = fold_words(cell) or f"colonne {position}"
        seen[header] = seen.get(header, 0) + 1
        headers.append(header if seen[header] == 1 else f"{header} {seen[header]}")
    return headers
