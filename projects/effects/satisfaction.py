"""What the answers of beneficiaries say, from 1 (not at all satisfied) to 5. Pure functions (domain: § 9.5).

Below five answers nothing is said at all: neither the figures, nor anything from which they could be computed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SCORES = (1, 2, 3, 4, 5)
SATISFIED = (4, 5)
MASKED_BELOW = 5
WORST_CASE = Decimal(98)  # 1.96 × √(½ × ½), in per cent: 95 % of confidence, whatever people answer


@dataclass(frozen=True)
class Result:
    """What may be said: figures are exact, rounded by whoever shows them."""

    counts: tuple[int, ...]  # by score, from 1 to 5
    answers: int
    mean: Decimal
    satisfied: Decimal  # in per cent of the answers
    rate: Decimal | None  # answers in per cent of those who were asked, when their number is known
    margin: Decimal | None  # in points of per cent, when the sample was drawn at random

    @property
    def percents(self) -> tuple[Decimal, ...]:
        return tuple(Decimal(100 * count) / self.answers for count in self.counts)


def is_masked(counts: Sequence[int]) -> bool:
    """Fewer than five answers: someone could be recognised."""
    return sum(counts) < MASKED_BELOW


def result_of(counts: Sequence[int], *, sent: int | None = None, is_random: bool = False) -> Result | None:
    """Mean, part of satisfied, response rate and margin; nothing when the answers are too few to be told."""
    if is_masked(counts):
        return None
    answers = sum(counts)
    points = sum(score * count for score, count in zip(SCORES, counts, strict=True))
    satisfied = sum(counts[score - 1] for score in SATISFIED)
    return Result(
        counts=tuple(counts),
        answers=answers,
        mean=Decimal(points) / answers,
        satisfied=Decimal(100 * satisfied) / answers,
        rate=Decimal(100 * answers) / sent if sent else None,
        margin=WORST_CASE / Decimal(answers).sqrt() if is_random else None,
    )
