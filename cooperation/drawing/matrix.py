"""Draws a square matrix of relations as plain geometry: names on two sides, one mark in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Units are pixels, and the letters of the template 14 of them: they are read as they are, their frame scrolls.
CELL = 32
LABEL = 218
HEAD = 152
SLANT = 140
SHORT = 26  # characters of a name; the whole name stands in the table of figures


@dataclass(frozen=True)
class Mark:
    """What a relation looks like: a sign for the eye, a family for the texture, words for everybody."""

    sign: str
    words: str
    family: int


@dataclass(frozen=True)
class Cell:
    """One square of the matrix."""

    x: float
    y: float
    mark: Mark | None
    title: str

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + CELL / 2, self.y + CELL / 2 + 6


@dataclass(frozen=True)
class Name:
    """A name beside a row or above a column."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Matrix:
    """A matrix ready for its template."""

    title: str
    width: float
    height: float
    rows: Sequence[Name]
    columns: Sequence[Name]
    cells: Sequence[Cell]
    size: int = CELL


def shortened(name: str) -> str:
    return name if len(name) <= SHORT else f"{name[: SHORT - 1].rstrip()}…"


def draw_matrix(
    rows: Sequence[str], columns: Sequence[str], marks: Mapping[tuple[int, int], Mark], *, title: str
) -> Matrix | None:
    """Draw the marks given by (row, column); None when there is nothing to compare."""
    if not rows or not columns:
        return None
    cells = [
        Cell(
            LABEL + column * CELL,
            HEAD + row * CELL,
            mark := marks.get((row, column)),
            f"{rows[row]}, {columns[column]} : {mark.words}" if mark else "",
        )
        for row in range(len(rows))
        for column in range(len(columns))
    ]
    return Matrix(
        title,
        LABEL + len(columns) * CELL + SLANT,  # the last slanted name needs room
        HEAD + len(rows) * CELL + 2,
        [Name(shortened(name), LABEL - 6, HEAD + index * CELL + CELL / 2 + 5) for index, name in enumerate(rows)],
        [Name(shortened(name), LABEL + index * CELL + CELL / 2 + 4, HEAD - 6) for index, name in enumerate(columns)],
        cells,
    )
