"""The classes of a map: few, never empty, honest about what they hold."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cooperation.drawing.classes import classes_of, level_of

figures = st.lists(st.integers(0, 200_000), max_size=160)


def bounds(values):
    return [(found.low, found.high, found.count) for found in classes_of(values)]


def test_few_figures_have_a_class_each():
    assert bounds([0, 0, 3, 1]) == [(0, 0, 2), (1, 1, 1), (3, 3, 1)]


def test_figures_spread_evenly_are_cut_in_equal_steps():
    assert bounds(range(0, 100, 10)) == [(0, 10, 2), (20, 30, 2), (40, 50, 2), (60, 70, 2), (80, 90, 2)]


def test_one_town_among_villages_does_not_leave_the_villages_in_one_class():
    assert bounds([141, 214, 279, 352, 431, 523, 608, 691, 762, 13912]) == [
        (141, 214, 2),
        (279, 352, 2),
        (431, 523, 2),
        (608, 691, 2),
        (762, 13912, 2),
    ]


def test_two_classes_take_the_ends_of_the_shades():
    assert [found.level for found in classes_of([1, 2])] == [1, 5]


def test_nothing_has_no_class_and_the_unknown_has_no_shade():
    assert classes_of([]) == []
    assert level_of(None, classes_of([1, 2])) == 0


@given(figures)
def test_every_figure_is_in_one_class_and_equal_figures_in_the_same(values):
    classes = classes_of(values)
    assert len(classes) <= 5
    assert sum(found.count for found in classes) == len(values)
    assert all(found.count for found in classes)
    for value in values:
        assert sum(found.low <= value <= found.high for found in classes) == 1
    assert all(one.high < other.low for one, other in pairwise(classes))
    assert sorted({found.level for found in classes}) == [found.level for found in classes]
