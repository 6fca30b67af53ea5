"""Draws what ties organisations as plain geometry: boxes around a ring, lines told by their dashes and by their words.

The same links always make the same drawing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

WIDTH, BOX, LINE, PADDING = 720, 172, 16, 9
LETTER = 7.0  # how wide a letter of a word is, at most
A_LINE, LINES = 21, 3  # characters of a name, and lines of it; the whole name stands in the table
BOW = 30  # how far apart two lines between the same boxes stand
ARROW = 9
STEP = 110  # from a box to the one below it
SHIFTS = (0, 50, -50, 100, -100, 150, -150)  # how else a line may bow, so as to pass behind no box
DASHES = ("none", "11 5", "2 6", "13 4 2 4")  # one for each family
MOST_NODES = 16  # beyond, nobody reads it; the table tells everything
PLACES = (0.5, 0.4, 0.6, 0.3, 0.7)  # where a word may stand along its line

Point = tuple[float, float]
Room = tuple[float, float, float, float]  # centre, half width, half height


@dataclass(frozen=True)
class Strand:
    """What is given: from the box of one place to that of another, with its word and the family of its dashes."""

    source: int
    target: int
    word: str
    family: int


@dataclass(frozen=True)
class Box:
    """An organisation: its name in lines, around its centre."""

    name: str
    lines: Sequence[tuple[str, float]]
    x: float
    y: float
    height: float
    width: float = BOX

    @property
    def corner(self) -> Point:
        return round(self.x - self.width / 2, 1), round(self.y - self.height / 2, 1)

    @property
    def room(self) -> Room:
        return self.x, self.y, self.width / 2, self.height / 2


@dataclass(frozen=True)
class Thread:
    """A line from a box to another, its arrow, and its word where it can be read."""

    path: str
    arrow: str
    word: str
    family: int
    title: str
    x: float
    y: float

    @property
    def dashes(self) -> str:
        return DASHES[self.family]

    @property
    def word_y(self) -> float:
        return self.y + 4.5

    @property
    def word_box(self) -> tuple[float, float, float]:
        """The ground of the word: left, top, width."""
        width = len(self.word) * LETTER + 8
        return round(self.x - width / 2, 1), round(self.y - 10, 1), round(width, 1)


@dataclass(frozen=True)
class Network:
    """A drawing ready for its template."""

    title: str
    width: float
    height: float
    boxes: Sequence[Box]
    threads: Sequence[Thread]


def draw_network(names: Sequence[str], strands: Sequence[Strand], *, title: str) -> Network | None:
    """Draw the organisations that are tied, and what ties them; None when there is nothing to see, or too much."""
    tied = sorted({end for strand in strands for end in (strand.source, strand.target)})
    if not 2 <= len(tied) <= MOST_NODES:
        return None
    boxes, height = _ring(names, walk(tied, strands))
    taken = [box.room for box in boxes.values()]
    threads = [_thread(boxes, strand, bow, taken) for strand, bow in _bowed(strands)]
    return Network(title, WIDTH, height, list(boxes.values()), threads)


def walk(tied: Sequence[int], strands: Sequence[Strand]) -> list[int]:
    """The order around the ring: from the most tied to its neighbours and theirs, so that lines cross little."""
    near: dict[int, set[int]] = {one: set() for one in tied}
    for strand in strands:
        near[strand.source].add(strand.target)
        near[strand.target].add(strand.source)
    order: list[int] = []
    waiting = sorted(tied, key=lambda one: (len(near[one]), -one))
    while waiting:
        one = waiting.pop()
        if one not in order:
            order.append(one)
            waiting += sorted(near[one] - set(order), key=lambda other: (-len(near[other]), -other))
    return order


def _ring(names: Sequence[str], order: Sequence[int]) -> tuple[dict[int, Box], float]:
    """The boxes around an ellipse, at even heights, the first one on top; two boxes face each other."""
    across = WIDTH / 2 - BOX / 2 - 6
    heights = [0.0, 0.0] if len(order) == 2 else _heights(len(order))
    upward = 0.0 if len(order) == 2 else max(150.0, STEP * len(order) / 4)
    middle = upward + PADDING + LINE * LINES / 2 + BOW
    boxes = {}
    for rank, (place, height) in enumerate(zip(order, heights, strict=True)):
        side = sqrt(1 - height**2) * (1 if 0 < rank <= len(order) // 2 else -1)
        x, y = round(WIDTH / 2 + across * side, 1), round(middle + upward * height, 1)
        lines = _lines(names[place])
        tall = PADDING * 2 + LINE * len(lines)
        top = y - tall / 2 + PADDING + 12
        placed = [(line, round(top + LINE * n, 1)) for n, line in enumerate(lines)]
        boxes[place] = Box(names[place], placed, x, y, tall)
    return boxes, max(box.y + box.height / 2 for box in boxes.values()) + BOW


def _heights(count: int) -> list[float]:
    """From −1, the top, to 1: one box there, then pairs that face each other, and one at the bottom if it is left."""
    pairs = (count - 1) // 2
    step = 2 / (pairs + (1 if count % 2 == 0 else 0.5))
    side = [-1 + step * rank for rank in range(1, pairs + 1)]
    return [-1.0, *side, *([1.0] if count % 2 == 0 else []), *reversed(side)]


def _lines(name: str) -> list[str]:
    lines = textwrap.wrap(name, A_LINE, break_on_hyphens=False)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: A_LINE - 1].rstrip()}…"]
    return lines


def _bowed(strands: Sequence[Strand]) -> Iterator[tuple[Strand, float]]:
    """Each line with how far it bows, so that several between the same boxes stand apart."""
    together: dict[tuple[int, int], list[Strand]] = {}
    for strand in strands:
        together.setdefault((min(strand.source, strand.target), max(strand.source, strand.target)), []).append(strand)
    for pair, several in together.items():
        for rank, strand in enumerate(several):
            bow = (rank - (len(several) - 1) / 2) * 2 * BOW
            yield strand, bow if strand.source == pair[0] else -bow


def _thread(boxes: dict[int, Box], strand: Strand, bow: float, taken: list[Room]) -> Thread:
    one, other = boxes[strand.source], boxes[strand.target]
    others = [box.room for box in boxes.values() if box not in (one, other)]
    ways = [_way(one, other, bow + shift) for shift in SHIFTS]
    clear = [way for way in ways if not any(_meet(_along(*way, n / 16), 4, room) for room in others for n in range(17))]
    begin, bend, end = (clear or ways)[0]
    x, y = _word_place(begin, bend, end, strand.word, taken)
    path = "M{:.1f},{:.1f}Q{:.1f},{:.1f} {:.1f},{:.1f}".format(*begin, *bend, *end)
    title = f"{one.name} → {other.name}, {strand.word}"
    return Thread(path, _arrow(bend, end), strand.word, strand.family, title, x, y)


def _way(one: Box, other: Box, bow: float) -> tuple[Point, Point, Point]:
    """Where a line that bows so much begins, is drawn aside, and ends."""
    length = hypot(other.x - one.x, other.y - one.y)
    aside = (other.y - one.y) / length, (one.x - other.x) / length
    bend = (one.x + other.x) / 2 + aside[0] * bow * 2, (one.y + other.y) / 2 + aside[1] * bow * 2
    return _edge(one, bend), bend, _edge(other, bend)


def _edge(box: Box, towards: Point) -> Point:
    """Where the line from the centre of a box to a point leaves the box."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    reach = min(
        (box.width / 2) / abs(dx) if dx else float("inf"),
        (box.height / 2) / abs(dy) if dy else float("inf"),
        1.0,
    )
    return box.x + dx * reach, box.y + dy * reach


def _arrow(before: Point, end: Point) -> str:
    length = hypot(end[0] - before[0], end[1] - before[1]) or 1
    dx, dy = (end[0] - before[0]) / length, (end[1] - before[1]) / length
    back = end[0] - dx * ARROW, end[1] - dy * ARROW
    half = ARROW / 2
    return (
        f"M{end[0]:.1f},{end[1]:.1f}L{back[0] - dy * half:.1f},{back[1] + dx * half:.1f}"
        f"L{back[0] + dy * half:.1f},{back[1] - dx * half:.1f}Z"
    )


def _word_place(begin: Point, bend: Point, end: Point, word: str, taken: list[Room]) -> Point:
    """The first place along the line where the word covers neither a box nor another word; its middle otherwise."""
    half = len(word) * LETTER / 2 + 4
    places = [_along(begin, bend, end, part) for part in PLACES]
    free = [one for one in places if not any(_meet(one, half, room) for room in taken)]
    x, y = (free or places)[0]
    taken.append((x, y, half, 10))
    return round(x, 1), round(y, 1)


def _along(begin: Point, bend: Point, end: Point, part: float) -> Point:
    rest = 1 - part
    return (
        rest * rest * begin[0] + 2 * rest * part * bend[0] + part * part * end[0],
        rest * rest * begin[1] + 2 * rest * part * bend[1] + part * part * end[1],
    )


def _meet(place: Point, half: float, room: Room) -> bool:
    x, y, half_width, half_height = room
    return abs(place[0] - x) < half + half_width and abs(place[1] - y) < 10 + half_height
