"""A bar shares a whole; a timeline keeps its marks apart."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cooperation.drawing.bars import Share, draw_bar
from cooperation.drawing.timelines import Step, draw_timeline

AMOUNTS = st.lists(st.decimals(min_value="0.01", max_value="9999999", places=2), min_size=1, max_size=12)


@given(AMOUNTS)
def test_segments_fill_the_bar_and_keep_every_euro(amounts):
    bar = draw_bar([Share(f"F{n}", amount) for n, amount in enumerate(amounts)], title="x", width=480)
    assert sum(segment.amount for segment in bar.segments) == sum(amounts) == bar.total
    assert abs(sum(segment.width for segment in bar.segments) - 480) < 1


def test_the_share_of_each_is_told_in_per_cent():
    bar = draw_bar([Share("CAF", Decimal(34000)), Share("Nous", Decimal(34000))], title="x")
    assert [segment.percent for segment in bar.segments] == [Decimal("50.0"), Decimal("50.0")]


def test_nothing_to_share_draws_nothing():
    assert draw_bar([], title="x") is None
    assert draw_bar([Share("x", Decimal(0))], title="x") is None


def test_families_differ_by_texture_and_segments_by_number():
    bar = draw_bar([Share("Nous", Decimal(1)), Share("État", Decimal(1), family=1)], title="Qui paie")
    html = render_to_string("drawing/_bar.html", {"bar": bar, "key": "p1"})
    assert "<title>Qui paie</title>" in html
    assert "url(#tex1-p1)" in html
    assert ">1</text>" in html and ">2</text>" in html
    assert "style=" not in html


@given(st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2032, 12, 31)), min_size=1, max_size=15))
def test_marks_are_in_order_and_never_cover_one_another(days):
    line = draw_timeline([Step(day, "x") for day in days], title="x", today=dt.date(2026, 11, 15))
    xs = [point.x for point in line.points]
    assert all(b - a >= 12.8 for a, b in itertools.pairwise(xs))
    assert all(0 <= x <= line.width for x in xs)


def test_what_is_to_come_is_drawn_hollow():
    steps = [Step(dt.date(2026, 1, 1), "adopté", is_decision=True), Step(dt.date(2027, 1, 1), "ouverture")]
    line = draw_timeline(steps, title="x", today=dt.date(2026, 11, 15))
    assert [point.is_future for point in line.points] == [False, True]
    html = render_to_string("drawing/_timeline.html", {"timeline": line})
    assert html.count("timeline__mark--future") == 1


def test_no_step_draws_no_line():
    assert draw_timeline([], title="x", today=dt.date(2026, 1, 1)) is None
