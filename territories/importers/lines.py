"""What every importer meets below the header: empty rows, totals, notes at the end, lines refused with their reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stdnum.fr import siren as siren_number

from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError, describe, read_rows

Row = dict[str, str]
LONGEST_NOTE = 300


@dataclass(slots=True)
class Lines:
    """The rows of one file, with what was put aside and why; nothing is passed over in silence."""

    path: Path
    manner: str
    refused: list[tuple[int, str]] = field(default_factory=list)
    read: int = 0
    empty: int = 0
    totals: int = 0
    notes: int = 0
    repeated: int = 0

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows that hold data. A lone sentence is a note when nothing follows it, a fault when rows do."""
        sentences: list[int] = []
        for line, row in read_rows(self.path):
            filled = [value for value in row.values() if value]
            if not filled:
                self.empty += 1
            elif filled[0].casefold().startswith("total"):
                self.totals += 1
            elif len(filled) == 1 and len(row) > 1 and is_sentence(filled[0]):
                sentences.append(line)
            else:
                self.refuse_sentences(sentences)
                self.read += 1
                yield line, row
        self.notes = len(sentences)

    def refuse_sentences(self, sentences: list[int]) -> None:
        for line in sentences:
            self.refuse(line, "la ligne n’a qu’une cellule remplie")
        sentences.clear()

    def refuse(self, line: int, reason: str) -> None:
        self.refused.append((line, reason))

    def summary(self) -> str:
        """« Lignes lues : 12… »: what became of every line of the file."""
        return (
            f"« {self.path.name} » ({self.manner}). Lignes lues : {self.read} ; refusées : {len(self.refused)} ; "
            f"vides ignorées : {self.empty} ; totaux ignorés : {self.totals} ; notes de fin ignorées : {self.notes} ; "
            f"répétitions ignorées : {self.repeated}."
        )


def is_sentence(text: str) -> bool:
    """Whether a lone cell may be a note: words on one line. A quote left open swallows lines, and is no note."""
    return len(text) <= LONGEST_NOTE and "\n" not in text and "\r" not in text and not re.fullmatch(r"[\d\s.]+", text)


def lines_of(path: Path | str) -> Lines:
    path = Path(path)
    if not path.is_file():
        raise SpreadsheetError(f"le fichier « {path.name} » est introuvable.")
    return Lines(path, describe(path))


def column_of(row: Row, names: tuple[str, ...], what: str) -> str:
    """The header under which a column stands, whatever it is called; a missing one is said with those seen."""
    found = next((name for name in names if name in row), None)
    if found is None:
        seen = ", ".join(f"« {header} »" for header in list(row)[:8] if not header.startswith("colonne "))
        raise SpreadsheetError(f"il manque dans l’en-tête : {what} (« {names[0]} »). Colonnes vues : {seen}.")
    return found


def siren_of(text: str) -> str:
    """A SIREN of nine digits; a number whose first zeros were lost gets them back if the key is then right."""
    compact = re.sub(r"\s", "", text).removesuffix(".0")
    if not re.fullmatch(r"\d{1,9}", compact):
        raise ValueError(f"« {text} » n’est pas un numéro SIREN (9 chiffres)")
    padded = compact.zfill(9)
    if len(compact) < 9 and not siren_number.is_valid(padded):
        raise ValueError(f"« {text} » n’est pas un numéro SIREN : il n’a que {counted(len(compact), 'chiffre')}")
    return padded
