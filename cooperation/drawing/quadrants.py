"""Places numbered points on two scales from 0 to 4, in four named quarters; the numbers are told in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 5  # 0 to 4
CELL = 96
LEFT, TOP = 34, 14
RADIUS = 12
GAP = 9  # between a border and the first point
A_ROW = 3  # points side by side in one cell, before the next line


@dataclass(frozen=True)
class Point:
    """One thing placed: its number in the table, its name, where its centre stands."""

    number: int
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Quarter:
    """One of the four quarters, with its words, read from its upper left corner."""

    words: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Quadrants:
    """A drawing ready for its template."""

    title: str
    across: str
    upward: str
    quarters: Sequence[Quarter]
    points: Sequence[Point]
    width: float = LEFT + STEPS * CELL + 8
    height: float = TOP + STEPS * CELL + 40
    left: float = LEFT
    bottom: float = TOP + STEPS * CELL
    radius: float = RADIUS

    @property
    def middle(self) -> tuple[float, float]:
        return LEFT + STEPS * CELL / 2, TOP + STEPS * CELL / 2


def draw_quadrants(
    places: Sequence[tuple[str, int, int]], *, title: str, across: str, upward: str, words: Sequence[str], cut: int
) -> Quadrants | None:
    """Place (name, across, upward); `words` name the quarters, upper left first, as one reads; they part after `cut`.

    Several things at one place stand side by side. None when nothing is placed.
    """
    if not places:
        return None
    low, high = (cut + 1) * CELL, (STEPS - cut - 1) * CELL
    corners = ((LEFT, TOP, low, high), (LEFT + low, TOP, high, high),
               (LEFT, TOP + high, low, low), (LEFT + low, TOP + high, high, low))  # fmt: skip
    quarters = [Quarter(word, *corner) for word, corner in zip(words, corners, strict=True)]
    together: dict[tuple[int, int], int] = defaultdict(int)
    points = []
    for number, (name, x, y) in enumerate(places, 1):
        rank = together[x, y]
        together[x, y] += 1
        points.append(Point(number, name, *_stand(x, y, rank)))
    return Quadrants(title, across, upward, quarters, points)


def _stand(x: int, y: int, rank: int) -> tuple[float, float]:
    """The centre of the nth thing of a cell: from its lower left corner, in lines of three."""
    line, column = divmod(rank, A_ROW)
    step = 2 * RADIUS + 2
    return (
        LEFT + x * CELL + RADIUS + GAP + column * step,
        TOP + (STEPS - y) * CELL - RADIUS - GAP - line * step,
    )
