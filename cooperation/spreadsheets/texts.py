"""Read the cells of a CSV file, whatever the encoding and the separator of the office that wrote it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from cooperation.spreadsheets.errors import SpreadsheetError

MAX_BYTES = 60_000_000
SEPARATORS = ";,\t"  # in order of preference when a header holds as many of each
ENCODING_NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
SEPARATOR_NAMES = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}


def encoding_of(content: bytes) -> str:
    """Guess UTF-8 with or without BOM, UTF-16, or failing that Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    if b"\0" in content:
        raise SpreadsheetError("ce fichier n’est pas du texte : enregistrez-le au format CSV, XLSX ou ODS.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def decode(content: bytes) -> str:
    """Decode with the encoding guessed; a character that resists is refused with its line."""
    return _decode_or_refuse(content, encoding_of(content))


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


def manner_of_text(path: Path) -> str:
    """« codage UTF-8, séparateur virgule »: what was guessed, to be told to whoever imports."""
    content = path.read_bytes()
    encoding = encoding_of(content)
    separator = separator_of(_decode_or_refuse(content, encoding))
    return f"codage {ENCODING_NAMES.get(encoding, 'UTF-16')}, séparateur {SEPARATOR_NAMES[separator]}"


def csv_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row of a CSV file with the line on which it begins."""
    if path.stat().st_size > MAX_BYTES:
        raise SpreadsheetError("ce fichier CSV dépasse 60 Mo : découpez-le.")
    text = decode(path.read_bytes())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise SpreadsheetError("la ligne est mal formée (guillemet non fermé ou cellule démesurée).", line) from error
