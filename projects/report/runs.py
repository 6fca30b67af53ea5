"""Cuts long lists into runs, each printed as a part of its own.

A list laid out whole takes as much memory as it has pages, and time that grows faster than they do: two thousand
projects in one contents took 800 MB, two hundred take 90.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MOST = 200  # lines in a run: four pages or so

Group = tuple[Any, Sequence[Any]]  # a heading, or nothing, and the lines below it


@dataclass(frozen=True)
class Run:
    """Some of the groups of a list; one that is cut stands in two runs under the same heading."""

    groups: Sequence[Group]
    is_first: bool = True
    is_last: bool = True


def runs_of(groups: Iterable[Group], *, weigh: Callable[[Any], int] = lambda line: 1, most: int = MOST) -> list[Run]:
    """Cut groups into runs that weigh no more than `most`, as long as a line alone does not."""
    runs: list[list[tuple[Any, list[Any]]]] = [[]]
    room = most
    for heading, lines in groups:
        runs[-1].append((heading, []))
        for line in lines:
            if (weight := weigh(line)) > room and room < most:
                runs.append([(heading, [])])
                room = most
            runs[-1][-1][1].append(line)
            room -= weight
    for run in runs[:-1]:  # a heading is never left alone at the end of a run
        if not run[-1][1]:
            run.pop()
    return [Run(run, is_first=run is runs[0], is_last=run is runs[-1]) for run in runs]
