"""Draws the steps of a project on a line of time, years marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MARGIN = 8.0


@dataclass(frozen=True)
class Step:
    """What is given: a date, its words, and whether the step is behind us and decisive."""

    on: dt.date
    label: str
    is_decision: bool = False


@dataclass(frozen=True)
class Point:
    """What is drawn: a numbered mark on the line."""

    number: int
    on: dt.date
    label: str
    x: float
    is_decision: bool
    is_future: bool

    @property
    def left(self) -> float:
        return round(self.x - 6, 1)


@dataclass(frozen=True)
class Year:
    """A tick at the first of January."""

    text: str
    x: float

    @property
    def text_x(self) -> float:
        return round(self.x + 3, 1)


@dataclass(frozen=True)
class Timeline:
    """A line of time ready for its template; its title tells the dates of what is drawn, number by number."""

    title: str
    width: float
    points: Sequence[Point]
    years: Sequence[Year]
    today_x: float | None


def draw_timeline(steps: Iterable[Step], *, title: str, today: dt.date, width: float = 480) -> Timeline | None:
    """Place the steps in time. Marks too close to be told apart are moved along, in order."""
    ordered = sorted(steps, key=lambda step: step.on)
    if not ordered:
        return None
    first = dt.date(ordered[0].on.year, 1, 1)
    last = dt.date(max(ordered[-1].on.year, first.year) + 1, 1, 1)
    days = (last - first).days

    def place(on: dt.date) -> float:
        return round(MARGIN + (on - first).days / days * (width - 2 * MARGIN), 1)

    xs = spread([place(step.on) for step in ordered], gap=15, end=width - MARGIN)
    points = [
        Point(number, step.on, step.label, x, step.is_decision, step.on > today)
        for number, (step, x) in enumerate(zip(ordered, xs, strict=True), start=1)
    ]
    years = [Year(str(year), place(dt.date(year, 1, 1))) for year in range(first.year, last.year + 1)]
    told = ", ".join(f"{point.number} le {point.on:%d/%m/%Y}" for point in points)
    return Timeline(f"{title} : {told}.", width, points, years, place(today) if first <= today <= last else None)


def spread(xs: Sequence[float], *, gap: float, end: float) -> list[float]:
    """Push marks to the right until none covers its neighbour, then back from the end of the line."""
    placed: list[float] = []
    for x in xs:
        placed.append(max(x, placed[-1] + gap) if placed else x)
    limit = end
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = round(max(min(placed[index], limit), 0), 1)
        limit = placed[index] - gap
    return placed
