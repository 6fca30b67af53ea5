"""Draws the part of a way that is covered, as one bar between two ends: where one started, where one goes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Gauge:
    """A bar ready for its template; `filled` never passes its two ends."""

    title: str
    width: float
    filled: float

    @property
    def inner(self) -> float:
        return self.width - 1


def draw_gauge(percent: Decimal, *, title: str, width: float = 120) -> Gauge:
    """Fill the bar up to the percentage, between 0 and 100 whatever is given."""
    kept = min(max(float(percent), 0.0), 100.0)
    return Gauge(title, width, round(kept * (width - 2) / 100, 1))
