"""Read the cells of a CSV file, whatever the encoding and the separator of the office that wrote it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from cooperation.spreadsheets.errors import SpreadsheetError

MAX_BYTES = 60_000_000
SEPARATORS = ";,\t|"  # in order of preference when a header holds as many of each


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 with or without BOM, UTF-16, or failing that Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decode_or_refuse(content, "utf-16"), "UTF-16"
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return _decode_or_refuse(content, "utf-16-le"), "UTF-16"
    if head[::2].count(0) > len(head) // 4:
        return _decode_or_refuse(content, "utf-16-be"), "UTF-16"
    if b"\0" in content:
        raise SpreadsheetError("ce fichier n’est pas du texte : enregistrez-le au format CSV, XLSX ou ODS.")
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _decode_or_refuse(content, "cp1252"), "Windows-1252"


def _decode_or_refuse(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise SpreadsheetError(
            "des caractères sont illisibles : enregistrez le fichier en CSV UTF-8.",
            content.count(b"\n", 0, error.start) + 1,
        ) from error


def separator_of(text: str) -> str:
    """The separator most present in the first line that is not empty, quotes put aside."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=unquoted.count)


def guessed_of(path: Path) -> str:
    """What was guessed of a CSV file, in words: « CSV, encodage UTF-8, séparateur « ; » »."""
    text, encoding = decode(_content_of(path))
    separator = {"\t": "tabulation"}.get(found := separator_of(text), f"«\u00a0{found}\u00a0»")
    return f"CSV, encodage {encoding}, séparateur {separator}"


def csv_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row of a CSV file with the line on which it begins."""
    text, _ = decode(_content_of(path))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise SpreadsheetError("la ligne est mal formée (guillemet non fermé ou cellule démesurée).", line) from error


def _content_of(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise SpreadsheetError("ce fichier CSV dépasse 60 Mo : découpez-le.")
    return path.read_bytes()
