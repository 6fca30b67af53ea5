"""How long an agenda lasts and at what hour each item is expected, as pure functions on minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

DAY = 24 * 60


@dataclass(frozen=True)
class Timing:
    """The hour of each item, when what comes before it is known; the total of what is known, and its end."""

    hours: list[time | None]
    total: int
    unknown: int  # how many items say no duration
    ends_at: time | None


def timing_of(start: time | None, minutes: Iterable[int | None]) -> Timing:
    """Follow an agenda from its opening: an item of unknown duration leaves the hours after it unknown."""
    durations = list(minutes)
    hours, elapsed = [], 0 if start else None
    for one in durations:
        hours.append(after(start, elapsed))
        elapsed = None if one is None or elapsed is None else elapsed + one
    known = [one for one in durations if one is not None]
    return Timing(hours, sum(known), len(durations) - len(known), after(start, elapsed) if durations else None)


def after(start: time | None, minutes: int | None) -> time | None:
    if start is None or minutes is None:
        return None
    total = (start.hour * 60 + start.minute + minutes) % DAY
    return time(total // 60, total % 60)


def said(minutes: int) -> str:
    """« 45 min », « 2 h », « 1 h 30 »."""
    hours, left = divmod(minutes, 60)
    if not hours:
        return f"{left}\u00a0min"
    return f"{hours}\u00a0h\u00a0{left:02d}" if left else f"{hours}\u00a0h"
