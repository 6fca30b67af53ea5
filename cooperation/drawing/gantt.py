"""Draws stages as bars along the months: what was planned, hollow; what really happened, full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

ROW, HEAD, LEFT = 20, 22, 24


@dataclass(frozen=True)
class Stage:
    """What is given: the planned days, and the real ones as far as they are known."""

    planned: tuple[dt.date, dt.date]
    actual: tuple[dt.date, dt.date] | None = None


@dataclass(frozen=True)
class Row:
    """What is drawn: the number of the stage in its table, its two bars."""

    number: int
    y: int
    x: float
    width: float
    actual_x: float | None
    actual_width: float

    @property
    def text_y(self) -> int:
        return self.y + 12

    @property
    def actual_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Gantt:
    """The bars ready for their template."""

    title: str
    width: float
    height: int
    rows: Sequence[Row]
    years: Sequence[tuple[str, float, float]]
    today_x: float | None


def draw_gantt(
    stages: Sequence[Stage], *, title: str, today: dt.date, width: float = 480, left: float = LEFT
) -> Gantt | None:
    """Place the stages in the order given, over whole years; a bar is never too thin to be seen.

    `left` is the room kept for the numbers: none when each bar stands in the line of its own words.
    """
    if not stages:
        return None
    spans = [span for stage in stages for span in (stage.planned, stage.actual) if span]
    first = dt.date(min(start.year for start, _ in spans), 1, 1)
    last = dt.date(max(end.year for _, end in spans) + 1, 1, 1)
    days = (last - first).days

    def place(on: dt.date) -> float:
        return round(left + (on - first).days / days * (width - left), 1)

    def span(given: tuple[dt.date, dt.date]) -> tuple[float, float]:
        start = place(given[0])
        return start, round(max(place(given[1] + dt.timedelta(days=1)) - start, 3), 1)

    rows = []
    for number, stage in enumerate(stages, start=1):
        actual = span(stage.actual) if stage.actual else (None, 0.0)
        rows.append(Row(number, HEAD + (number - 1) * ROW, *span(stage.planned), *actual))
    years = [(str(year), x := place(dt.date(year, 1, 1)), round(x + 3, 1)) for year in range(first.year, last.year)]
    today_x = place(today) if first <= today < last else None
    return Gantt(title, width, HEAD + len(stages) * ROW + 2, rows, years, today_x)
