"""Points stand in the quarter that their figures say, inside the drawing, and never one upon another."""

from __future__ import annotations

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from cooperation.drawing.quadrants import draw_quadrants
from cooperation.french import NBSP

WORDS = ("satisfaire", "associer", "suivre", "informer")
FIGURE = st.integers(0, 4)


def drawn(places):
    return draw_quadrants(places, title="x", across="Intérêt", upward="Influence", words=WORDS, cut=2)


def quarter_of(point, quadrants):
    return next(
        one.words
        for one in quadrants.quarters
        if one.x <= point.x <= one.x + one.width and one.y <= point.y <= one.y + one.height
    )


@given(FIGURE, FIGURE)
def test_a_point_stands_in_the_quarter_that_its_figures_say(across, upward):
    quadrants = drawn([("Commune", across, upward)])
    expected = WORDS[(0 if upward > 2 else 2) + (1 if across > 2 else 0)]
    assert quarter_of(quadrants.points[0], quadrants) == expected


@given(st.lists(st.tuples(st.just("A"), FIGURE, FIGURE), min_size=1, max_size=9))
def test_no_two_points_cover_one_another_and_all_are_inside(places):
    quadrants = drawn(places)
    for one in quadrants.points:
        assert quadrants.radius <= one.x <= quadrants.width - quadrants.radius
        assert quadrants.radius <= one.y <= quadrants.bottom
        for other in quadrants.points:
            apart = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
            assert one is other or apart >= (2 * quadrants.radius) ** 2


def test_nothing_placed_draws_nothing():
    assert drawn([]) is None


def test_each_point_says_its_number_and_its_name():
    html = render_to_string("drawing/_quadrants.html", {"quadrants": drawn([("Département", 1, 3), ("ANAH", 4, 4)])})
    assert f"<title>1{NBSP}: Département</title>" in html and f"<title>2{NBSP}: ANAH</title>" in html
    assert "style=" not in html
