"""A long list is cut into parts that cost little each, and loses no line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projects.report.documents import cut_entries
from projects.report.runs import MOST, runs_of

GROUPS = st.lists(st.lists(st.integers(1, 4), max_size=9), max_size=6)


@given(GROUPS, st.integers(1, 12))
def test_no_line_is_lost_moved_or_said_twice_and_no_run_is_too_long(groups, most):
    runs = runs_of(enumerate(groups), weigh=lambda line: line, most=most)
    told = [(heading, line) for run in runs for heading, lines in run.groups for line in lines]
    assert told == [(heading, line) for heading, lines in enumerate(groups) for line in lines]
    for run in runs:
        weights = [line for _, lines in run.groups for line in lines]
        assert sum(weights) <= most or len(weights) == 1
    assert [run.is_first for run in runs] == [True] + [False] * (len(runs) - 1)
    assert [run.is_last for run in runs] == [False] * (len(runs) - 1) + [True]


@given(GROUPS)
def test_a_heading_without_line_is_still_printed_and_none_ends_a_run(groups):
    runs = runs_of(enumerate(groups), most=3)
    assert {heading for run in runs for heading, _ in run.groups} == set(range(len(groups)))
    ends = [run.groups[-1] for run in runs[:-1]]
    assert all(lines or not groups[heading] for heading, lines in ends)


def test_a_short_list_is_one_run():
    assert len(runs_of([("Axe", range(MOST))])) == 1


def test_a_commune_that_is_everywhere_is_cut_too():
    sheets = list(range(4_000))
    pieces = list(cut_entries([("Orvelle", sheets)]))
    assert [sheet for _, piece in pieces for sheet in piece] == sheets
    assert len(pieces) > 1
