"""How far an indicator has come, and what answers may be told: the figures, on plain values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cooperation.drawing.bars import Share, draw_bar
from cooperation.drawing.curves import Reading, draw_curve
from cooperation.drawing.gauges import draw_gauge
from projects.effects import rules
from projects.effects.rules import Standing
from projects.effects.satisfaction import MASKED_BELOW, result_of

DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("baseline", "target", "value", "raw"),
    [
        (61, 110, 94, "67.35"),
        (38, 0, 9, "76.32"),  # what should fall
        (0, 80, 84, "105.00"),  # beyond the target
        (10, 20, 5, "-50.00"),  # further than where one started
        (7, 7, 9, None),  # the target is to stay there
        (None, 90, 50, None),  # nobody knows where one started
    ],
)
def test_progress_is_the_part_of_the_way_or_nothing(baseline, target, value, raw):
    start = None if baseline is None else Decimal(baseline)
    found = rules.progress(baseline=start, target=Decimal(target), value=Decimal(value))
    assert (found if found is None else str(round(found, 2))) == raw


def test_what_is_drawn_stops_at_both_ends_and_the_raw_figure_is_kept():
    raw = rules.progress(baseline=Decimal(0), target=Decimal(80), value=Decimal(84))
    assert (rules.drawn(raw), raw) == (100, 105)
    assert rules.drawn(Decimal(-50)) == 0
    assert [draw_gauge(Decimal(one), title="", width=102).filled for one in (-50, 50, 105)] == [0, 50, 100]


# fmt: off
STANDINGS = [
    # rises baseline target value condition met
    (True,  0,    80,   None, True,  Standing.UNMEASURED),
    (True,  0,    80,   84,   True,  Standing.REACHED),
    (True,  0,    80,   80,   True,  Standing.REACHED),
    (True,  0,    80,   41,   True,  Standing.ON_THE_WAY),
    (True,  10,   80,   9,    True,  Standing.BACKWARD),
    (True,  0,    15,   17,   False, Standing.ON_THE_WAY),  # enough communes, but not the one that counts
    (False, 38,   0,    9,    True,  Standing.ON_THE_WAY),
    (False, 38,   0,    40,   True,  Standing.BACKWARD),
    (False, None, 7,    6,    True,  Standing.REACHED),
    (False, None, 7,    8,    True,  Standing.ON_THE_WAY),
    (False, 9,    12,   11,   True,  Standing.REACHED),     # a limit that holds
    (False, 9,    12,   13,   True,  Standing.BACKWARD),    # a limit passed
    (True,  9,    9,    9,    True,  Standing.REACHED),     # to be kept as it is
]
# fmt: on


@pytest.mark.parametrize(("rises", "baseline", "target", "value", "met", "standing"), STANDINGS)
def test_where_an_indicator_stands(rises, baseline, target, value, met, standing):
    given = [None if one is None else Decimal(one) for one in (baseline, target, value)]
    found = rules.standing(rises=rises, baseline=given[0], target=given[1], value=given[2], condition_met=met)
    assert found is standing


def test_a_measurement_is_out_of_date_after_a_year():
    assert not rules.is_out_of_date(DAY, DAY + timedelta(days=365))
    assert rules.is_out_of_date(DAY, DAY + timedelta(days=366))
    assert rules.is_out_of_date(None, DAY)


def test_four_answers_say_nothing_and_five_say_all():
    assert MASKED_BELOW == 5
    assert result_of((0, 0, 0, 0, 4), sent=20) is None
    assert result_of((0, 0, 0, 0, 0)) is None
    found = result_of((1, 0, 0, 1, 3), sent=20)
    assert (found.answers, found.mean, found.satisfied, found.rate) == (5, 4, 80, 25)


def test_a_margin_is_told_of_a_sample_drawn_at_random_only():
    counts = (2, 5, 14, 38, 27)
    assert result_of(counts, sent=143).margin is None
    assert round(result_of(counts, sent=143, is_random=True).margin, 1) == Decimal("10.6")
    assert result_of(counts).rate is None


def test_each_score_keeps_its_number_in_the_drawing_when_nobody_gave_another():
    bar = draw_bar([Share(str(n), Decimal(count), n, n) for n, count in ((1, 0), (2, 1), (3, 4))], title="Notes")
    assert [(one.name, one.number) for one in bar.segments] == [("2", 2), ("3", 3)]


def test_a_curve_needs_two_days_and_keeps_the_target_in_its_scale():
    readings = [Reading(DAY - timedelta(days=300), Decimal(61), "61"), Reading(DAY, Decimal(94), "94")]
    assert draw_curve(readings[:1], target=Decimal(110), target_text="", title="") is None
    curve = draw_curve(readings, target=Decimal(110), target_text="cible : 110", title="")
    low, high = curve.marks
    assert curve.target_y < high.y < low.y < curve.floor
    assert [text for text, *_ in curve.years] == ["2025", "2026"]
    level = [Reading(one.on, Decimal(5), "5") for one in readings]
    flat = draw_curve(level, target=Decimal(5), target_text="", title="")
    assert {mark.y for mark in flat.marks} == {flat.target_y}
