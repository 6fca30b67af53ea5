"""Maps are drawn from outlines in degrees, with what stands out told by more than colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from django.template.loader import render_to_string

from cooperation.drawing.maps import Place, draw_map

SVG = "{http://www.w3.org/2000/svg}"


def square(west: float, south: float, side: float = 0.1) -> dict:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def draw(**options):
    places = [Place("Ici", square(2.0, 47.0), highlighted=True), Place("Là", square(2.1, 47.0))]
    return draw_map(places, title="Carte des communes : Ici.", **options)


def test_a_map_fits_its_box_and_keeps_its_proportions():
    """At 47° north, a degree of longitude is about two thirds of a degree of latitude."""
    drawn = draw(width=300, tallest=300)
    assert drawn.width == 300
    assert round(drawn.width / drawn.height, 2) == round(2 * 0.6816, 2)
    tall = draw(width=300, tallest=100)
    assert round(tall.height) == 100


def test_what_stands_out_is_told_by_the_data_and_by_a_texture():
    drawn = draw()
    assert drawn.highlighted == ["Ici"]
    html = render_to_string("drawing/_map.html", {"map": drawn, "key": "essai"})
    assert 'fill="url(#hatch-essai)"' in html
    assert html.count('class="map__area map__area--on"') == 1


def test_the_drawing_is_well_formed_has_a_title_and_no_style_that_the_page_would_refuse():
    html = render_to_string("drawing/_map.html", {"map": draw(), "key": "essai"})
    tree = ET.fromstring(html)
    assert tree.find("title").text == "Carte des communes : Ici."
    assert "style=" not in html
    assert "aria-label" not in html


def test_a_place_without_outline_is_named_rather_than_forgotten():
    drawn = draw_map([Place("Ici", square(2, 47)), Place("Ailleurs", None)], title="x")
    assert drawn.missing == ["Ailleurs"]
    assert draw_map([Place("Ailleurs", None)], title="x") is None


def test_names_do_not_cover_one_another():
    places = [Place(f"Commune numéro {n}", square(2 + n / 1000, 47, 0.001), highlighted=True) for n in range(30)]
    labels = draw_map(places, title="x", width=200, labels=30).labels
    for n, one in enumerate(labels):
        for other in labels[n + 1 :]:
            assert abs(one.x - other.x) > 40 or abs(one.y - other.y) > 8


def test_islands_and_holes_are_drawn():
    outer = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    hole = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]
    island = [[2, 0], [3, 0], [3, 1], [2, 1], [2, 0]]
    drawn = draw_map([Place("x", {"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]})], title="x")
    assert drawn.areas[0].path.count("M") == 3
