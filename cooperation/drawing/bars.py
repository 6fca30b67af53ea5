"""Draws shares of a whole as one stacked bar: who pays what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

PATTERNS = 6  # the textures written by the template: shares differ by texture as well as by colour


@dataclass(frozen=True)
class Share:
    """What is given: a name, an amount, and the family it belongs to (same family, same texture).

    `number` is that of its line in the table of figures; without one, its rank among what is drawn.
    """

    name: str
    amount: Decimal
    family: int = 0
    number: int = 0


@dataclass(frozen=True)
class Segment:
    """What is drawn: one piece of the bar and its percentage."""

    name: str
    amount: Decimal
    percent: Decimal
    x: float
    width: float
    pattern: int
    number: int

    @property
    def centre(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def is_wide(self) -> bool:
        """Whether the percentage can be written inside."""
        return self.width >= 26


@dataclass(frozen=True)
class Bar:
    """A bar ready for its template."""

    title: str
    width: float
    height: float
    segments: Sequence[Segment]
    total: Decimal

    @property
    def inner(self) -> float:
        return self.height - 1

    @property
    def middle(self) -> float:
        return self.height / 2

    @property
    def baseline(self) -> float:
        return self.height / 2 + 3


def draw_bar(shares: Iterable[Share], *, title: str, width: float = 480, height: float = 22) -> Bar | None:
    """Draw the shares in the order given, or return None when there is nothing to share."""
    kept = [share for share in shares if share.amount > 0]
    total = sum((share.amount for share in kept), Decimal(0))
    if not total:
        return None
    segments, x = [], 0.0
    for number, share in enumerate(kept, start=1):
        part = float(share.amount / total) * width
        percent = (share.amount * 100 / total).quantize(Decimal("0.1"))
        pattern = share.family % PATTERNS
        segments.append(
            Segment(share.name, share.amount, percent, round(x, 1), round(part, 1), pattern, share.number or number)
        )
        x += part
    return Bar(title, width, height, segments, total)
