"""Maps are drawn from outlines in degrees, with what stands out told by more than colour."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from django.conf import settings
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
    assert tree.find("title").text == "Carte des communes\u00a0: Ici."
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


def test_a_name_moves_within_its_place_rather_than_be_left_out():
    row = [Place(f"Commune numéro {n}", square(2 + n / 10, 47)) for n in range(3)]
    assert {label.text for label in draw_map(row, title="x", width=200, labels=3).labels} == {one.name for one in row}
    flat = [Place(one.name, {**one.outline, "coordinates": [squash(one.outline)]}) for one in row]
    assert len(draw_map(flat, title="x", width=200, labels=3).labels) == 2  # no room above nor below


def test_a_name_that_the_edge_would_push_into_a_neighbour_is_left_out():
    names = ("Saint-Maurin-sur-Orvelle", "Bréauval", "Coudrelle", "Cormelette")
    places = [Place(name, square(2 + n / 10, 47)) for n, name in enumerate(names)]
    small, large = (draw_map(places, title="x", width=width, labels=4).labels for width in (110, 640))
    assert "Saint-Maurin-sur-Orvelle" not in [label.text for label in small]
    assert {label.text for label in large} == set(names)


def squash(outline):
    return [[west, 47 + (south - 47) / 20] for west, south in outline["coordinates"][0]]


def test_islands_and_holes_are_drawn():
    outer = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    hole = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]
    island = [[2, 0], [3, 0], [3, 1], [2, 1], [2, 0]]
    drawn = draw_map([Place("x", {"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]})], title="x")
    assert drawn.areas[0].path.count("M") == 3


def levels(**fields):
    places = [
        Place("Ici", square(2.0, 47.0), level=1, told="12 habitants", url="/ici/", **fields),
        Place("L’Île <b>", square(2.1, 47.0), level=5, told="3 habitants", url="/ile/"),
    ]
    return render_to_string("drawing/_levels.html", {"map": draw_map(places, title="Carte", labels=2), "key": "carte"})


def test_each_place_of_a_map_in_classes_is_a_link_with_its_name_and_its_figure():
    tree = ET.fromstring(levels())
    links = list(tree.iter("a"))
    assert [(link.get("href"), link.find("title").text) for link in links] == [
        ("/ici/", "Ici\u00a0: 12 habitants"),
        ("/ile/", "L’Île <b>\u00a0: 3 habitants"),
    ]


def test_the_classes_of_a_map_differ_by_their_texture_and_not_by_colour_alone():
    tree = ET.fromstring(levels())
    textures = {pattern.get("id"): [part.tag for part in pattern] for pattern in tree.iter("pattern")}
    assert textures == {"carte-classe-1": ["rect"], "carte-classe-5": ["rect", "path"]}
    assert "style=" not in levels()


def test_an_outline_of_the_past_is_dashed():
    assert "stroke-dasharray" in levels(is_old=True)
    assert "stroke-dasharray" not in levels()


def test_a_damaged_outline_is_missing_and_breaks_nothing():
    damaged = [{}, {"type": "Polygon"}, {"type": "Point", "coordinates": [1, 2]}, "pas du GeoJSON", "null"]
    flat = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]}
    places = [Place(f"Commune {n}", outline) for n, outline in enumerate([*damaged, flat])]
    drawn = draw_map([Place("Ici", square(2, 47)), *places], title="x")
    assert [area.name for area in drawn.areas] == ["Ici"]
    assert len(drawn.missing) == 6


def test_outlines_that_overlap_are_all_drawn():
    drawn = draw_map([Place("Ancienne", square(2, 47)), Place("Nouvelle", square(2.05, 47.05))], title="x")
    assert [bool(area.path) for area in drawn.areas] == [True, True]


def test_names_that_matter_most_are_written_first():
    places = [Place("Grande", square(2, 47, 1)), Place("Ville", square(2.5, 48, 0.2), weight=10)]
    assert [label.text for label in draw_map(places, title="x", labels=1).labels] == ["Ville"]


def test_the_shades_of_a_map_are_told_from_their_line_by_three_to_one_in_both_themes():
    """WCAG 1.4.11: the line between two communes is told from both."""
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    lines = re.findall(r"--map-line: (#\w{6})", tokens)
    shades = [re.findall(rf"--map-{level}: (#\w{{6}})", tokens) for level in range(1, 6)]
    assert len(lines) == 3
    for theme, line in enumerate(lines):
        assert all(contrast(line, shade[theme]) >= 3 for shade in shades)


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
