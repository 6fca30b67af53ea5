"""Draws values along time as a line with numbered marks, and the target they go to as a dashed level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEFT, RIGHT, TOP, FOOT = 12.0, 12.0, 24.0, 20.0


@dataclass(frozen=True)
class Reading:
    """What is given: a value on a day, and how it is written."""

    on: dt.date
    value: Decimal
    text: str


@dataclass(frozen=True)
class Mark:
    """What is drawn: the number of the reading in its table, its place, and where its value is written."""

    number: int
    text: str
    x: float
    y: float
    text_y: float

    @property
    def number_y(self) -> float:
        return round(self.y + 3, 1)


@dataclass(frozen=True)
class Curve:
    """A line ready for its template."""

    title: str
    width: float
    height: float
    marks: Sequence[Mark]
    years: Sequence[tuple[str, float, float]]
    target_y: float
    target_text_y: float
    target_text: str

    @property
    def path(self) -> str:
        return " ".join(f"{'L' if rank else 'M'}{mark.x},{mark.y}" for rank, mark in enumerate(self.marks))

    @property
    def floor(self) -> float:
        return self.height - FOOT

    @property
    def year_y(self) -> float:
        return self.height - 6

    @property
    def target_x(self) -> float:
        return self.width - RIGHT


def draw_curve(
    readings: Sequence[Reading], *, target: Decimal, target_text: str, title: str, width: float = 340
) -> Curve | None:
    """Place the readings in time, over whole years, with the target in the same scale; two of them make a line."""
    ordered = sorted(readings, key=lambda one: one.on)
    if len(ordered) < 2:
        return None
    first, last = dt.date(ordered[0].on.year, 1, 1), dt.date(ordered[-1].on.year + 1, 1, 1)
    low = min(target, *(one.value for one in ordered))
    high = max(target, *(one.value for one in ordered))
    height = 190.0
    span = height - TOP - FOOT - 18  # room for a value under the lowest mark

    def across(on: dt.date) -> float:
        return round(LEFT + (on - first).days / (last - first).days * (width - LEFT - RIGHT), 1)

    def down(value: Decimal) -> float:
        return round(TOP + float((high - value) / ((high - low) or 1)) * span, 1)

    level = down(target)
    marks = []
    for number, one in enumerate(ordered, start=1):
        y = down(one.value)
        marks.append(Mark(number, one.text, across(one.on), y, y - 11 if y > level or y > TOP + 14 else y + 19))
    years = [(str(year), x := across(dt.date(year, 1, 1)), x + 3) for year in range(first.year, last.year)]
    text_y = level - 5 if level <= TOP + span / 2 else level + 12
    return Curve(title, width, height, marks, years, level, text_y, target_text)
