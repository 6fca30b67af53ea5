"""Sorts figures into a few classes for a map: one class per value, equal steps, or as many places in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 5
# Which of the five shades a map uses when it needs fewer: the ends first, so that classes stay far apart.
SHADES = {1: (3,), 2: (1, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


@dataclass(frozen=True)
class Class:
    """The figures from `low` to `high`, both included and both met; `level` is the shade, from 1 to 5."""

    low: int
    high: int
    level: int
    count: int


@dataclass(frozen=True)
class LegendClass:
    """A class of a map, in words."""

    level: int
    label: str
    note: str


def classes_of(values: Sequence[int], most: int = MOST) -> list[Class]:
    """The classes of the figures, the lowest first.

    Few different figures have a class each. Otherwise the steps are equal, unless one of them is empty or holds more
    than half of the places (populations: one town, many villages): then each class holds about as many places.
    Equal figures are never in two classes.
    """
    distinct = sorted(set(values))
    if len(distinct) <= most:
        groups = [[value] for value in distinct]
    else:
        groups = equal_steps(distinct, most)
        largest = max(sum(values.count(value) for value in group) for group in groups)
        if not all(groups) or 2 * largest > len(values):
            groups = quantiles(sorted(values), most)
    shades = SHADES[len(groups)] if groups else ()
    return [
        Class(group[0], group[-1], level, sum(values.count(value) for value in set(group)))
        for group, level in zip(groups, shades, strict=True)
    ]


def equal_steps(distinct: Sequence[int], most: int) -> list[list[int]]:
    """Cut the range in equal steps; a step may be empty."""
    low, span = distinct[0], distinct[-1] - distinct[0]
    groups: list[list[int]] = [[] for _ in range(most)]
    for value in distinct:
        groups[min(most - 1, (value - low) * most // span)].append(value)
    return groups


def quantiles(ordered: Sequence[int], most: int) -> list[list[int]]:
    """As many places in each class, as far as equal figures allow; no class is empty."""
    groups: list[list[int]] = [[] for _ in range(most)]
    below = 0
    for rank, value in enumerate(ordered):
        if rank and value != ordered[rank - 1]:
            below = rank
        groups[below * most // len(ordered)].append(value)
    return [group for group in groups if group]


def level_of(value: int | None, classes: Sequence[Class]) -> int:
    """The shade of a figure; 0 for an unknown one."""
    return next((found.level for found in classes if value is not None and found.low <= value <= found.high), 0)
