"""On a black-and-white printer a colour is its luminance: what it says must still be told, by contrast or by form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEXT, SHAPE = 4.5, 3.0  # what WCAG 2 asks of letters, and of what is drawn


def read(name: str) -> str:
    return Path(settings.BASE_DIR, name).read_text(encoding="utf-8")


TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", read("static/css/tokens.css").split("@media")[0]))
TOKENS |= {"white": "#fff", "rule": dict(re.findall(r"--(rule): (#\w+)", read("static/css/pdf.css")))["rule"]}


def luminance(colour: str) -> float:
    """The grey that a colour becomes, from 0 (black) to 1 (WCAG 2)."""
    digits = colour.lstrip("#")
    parts = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    red, green, blue = (channel(int(parts[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channel(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


# Letters of the printed pages, and the grounds they are read on.
LETTERS = [
    *((letters, ground) for letters in ("ink", "ink-soft", "brand", "accent") for ground in ("white", "ground")),
    *((letters, "brand-soft") for letters in ("ink", "brand")),
    *(("white", ground) for ground in ("brand", "accent")),
]


@pytest.mark.parametrize(("letters", "ground"), LETTERS)
def test_letters_are_read_on_their_ground(letters, ground):
    assert contrast(TOKENS[letters], TOKENS[ground]) >= TEXT


def painted(drawing: str) -> dict[str, set[str]]:
    """The colours that a drawing gives to each class, as attributes: print reads no other."""
    found: dict[str, set[str]] = {}
    for tag in re.findall(r"<(?:rect|path|circle)[^>]*>", read(f"templates/drawing/{drawing}")):
        names = re.search(r'class="([\w-]+)', tag)
        if names:
            found.setdefault(names[1], set()).update(re.findall(r"#[0-9a-f]{3,6}", tag))
    return found


# In each drawing, what is told from what: a line from its ground, the full from the empty, a mark from the page.
DRAWN = [
    ("_map.html", "map__hatch-line", "map__hatch-ground"),
    ("_map.html", "map__border", "white"),
    ("_timeline.html", "timeline__today", "white"),
    ("_gauge.html", "gauge__done", "white"),
    ("_gauge.html", "gauge__way", "white"),
    ("_gantt.html", "gantt__actual", "white"),
    ("_curve.html", "curve__line", "white"),
    ("_curve.html", "curve__target", "white"),
    ("_balances.html", "balances__beam", "white"),
]


@pytest.mark.parametrize(("drawing", "mark", "ground"), DRAWN)
def test_marks_are_seen_on_their_ground(drawing, mark, ground):
    colours = painted(drawing)
    marks = colours[mark] - {"#fff"}
    grounds = {TOKENS[ground]} if ground in TOKENS else colours[ground]
    assert marks
    assert min(contrast(one, other) for one in marks for other in grounds) >= SHAPE


def textures() -> dict[str, tuple[str, str, str]]:
    """Each texture of a bar: its ground, the colour of its marks, and their form."""
    found = {}
    for name, inside in re.findall(r'<pattern id="(tex\d)[^>]*>(.*?)</pattern>', read("templates/drawing/_bar.html")):
        ground, mark = re.findall(r'(?:fill|stroke)="(#[0-9a-f]{3,6})"', inside)
        form = re.search(r' d="([^"]+)"|<(circle)', inside)
        found[name] = ground, mark, form[1] or form[2]
    return found


def test_the_textures_of_a_bar_are_told_without_colour():
    """By the form of their marks, which no two share, and which are seen on their ground; none is the full one."""
    found = textures()
    assert len(found) == 5
    assert len({form for _, _, form in found.values()}) == len(found)
    for ground, mark, _ in found.values():
        assert contrast(mark, ground) >= SHAPE
        assert contrast(ground, TOKENS["brand"]) >= SHAPE


def test_what_has_no_other_colour_has_another_form():
    """Where two greys would be alike, the style sheet says it in another way too."""
    sheet = read("static/css/pdf.css")
    for rule in (
        ".convergence--compatible { border-style: dashed; }",
        ".convergence--unsaid { border-color: var(--rule); color: var(--ink-soft); font-style: italic",
        ".rule--broken { border-left: 2pt dashed",
    ):
        assert rule in sheet
    assert contrast(TOKENS["brand-soft"], TOKENS["accent"]) >= SHAPE  # convergent and divergent


def test_two_greys_that_are_alike_would_be_seen():
    """The control: the brand and the accent have nearly the same grey, so that no colour alone may tell them apart."""
    assert contrast(TOKENS["brand"], TOKENS["accent"]) < SHAPE
