"""Draws amounts as bars on either side of zero, one line each, with the figure beside: who gains, who gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    """What is given: a name and an amount, positive or negative."""

    name: str
    amount: Decimal


@dataclass(frozen=True)
class Beam:
    """What is drawn: one bar from zero, and its figure."""

    name: str
    amount: Decimal
    x: float
    length: float

    @property
    def is_negative(self) -> bool:
        return self.amount < 0


@dataclass(frozen=True)
class Balances:
    """Bars ready for their template; `zero` is where they start."""

    title: str
    width: float
    zero: float
    beams: Sequence[Beam]


def draw_balances(items: Iterable[Item], *, title: str, width: float = 240) -> Balances | None:
    """Draw the amounts to one scale, zero in its place, or return None when there is nothing to draw."""
    given = list(items)
    low = min((item.amount for item in given), default=Decimal(0))
    high = max((item.amount for item in given), default=Decimal(0))
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        return None
    scale = width / float(high - low)
    zero = round(float(-low) * scale, 1)
    beams = []
    for item in given:
        length = round(abs(float(item.amount)) * scale, 1)
        beams.append(Beam(item.name, item.amount, round(zero - length, 1) if item.amount < 0 else zero, length))
    return Balances(title, width, zero, beams)
