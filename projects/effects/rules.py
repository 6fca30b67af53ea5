"""How far an indicator has come between where it started and where it should arrive. Pure functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

LEAST, MOST = Decimal(0), Decimal(100)
A_YEAR = timedelta(days=365)


class Standing(StrEnum):
    """Where an indicator stands after its last measurement."""

    UNMEASURED = "unmeasured"
    ON_THE_WAY = "on_the_way"
    REACHED = "reached"
    BACKWARD = "backward"


def progress(*, baseline: Decimal | None, target: Decimal, value: Decimal) -> Decimal | None:
    """The part of the way that is covered, in per cent, raw: below zero when one went back, over a hundred beyond.

    Undefined when nothing says where one started, or when the target is to stay there.
    """
    if baseline is None or target == baseline:
        return None
    return 100 * (value - baseline) / (target - baseline)


def drawn(raw: Decimal) -> Decimal:
    """The same between 0 and 100, for a bar that has two ends."""
    return min(max(raw, LEAST), MOST)


def is_limit(*, rises: bool, baseline: Decimal | None, target: Decimal) -> bool:
    """Whether the target is a limit not to be passed: it lies on the side that one would rather not take.

    A travel time of 9 minutes that may grow to 12 at most: the nearer to 12, the worse; no part of a way is covered.
    """
    return baseline is not None and target != baseline and (target > baseline) != rises


def standing(
    *, rises: bool, baseline: Decimal | None, target: Decimal, value: Decimal | None, condition_met: bool = True
) -> Standing:
    """Where the indicator stands. A figure that is reached without the condition put on it is not the target."""
    if value is None:
        return Standing.UNMEASURED
    if (value >= target if rises else value <= target) and condition_met:
        return Standing.REACHED
    if is_limit(rises=rises, baseline=baseline, target=target):
        return Standing.BACKWARD
    if baseline is not None and (value < baseline if rises else value > baseline):
        return Standing.BACKWARD
    return Standing.ON_THE_WAY


def is_out_of_date(measured_on: date | None, today: date) -> bool:
    """Whether nothing was measured for a year."""
    return measured_on is None or today - measured_on > A_YEAR
