"""Small capitals and figures are those that the letters' designer drew: none is a capital made smaller."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.safestring import SafeString
from fontTools.ttLib import TTFont

from cooperation.printing import Document, Part, print_in_parts
from cooperation.printing.process import own_roots
from tests.cooperation.test_printing_in_parts import own_store, texts_of  # noqa: F401

pikepdf = pytest.importorskip("pikepdf")

ROMAN = ("Regular", "Semibold", "Bold", "Black")


@pytest.fixture(scope="module")
def fonts() -> dict[str, TTFont]:
    [folder] = own_roots()["font"]
    return {weight: TTFont(Path(folder) / f"SourceSansPro-{weight}.otf") for weight in ROMAN}


def forms_of(font: TTFont, feature: str) -> dict[str, str]:
    """What a feature of a font puts in the place of each glyph."""
    table = font["GSUB"].table
    wanted = (one.Feature for one in table.FeatureList.FeatureRecord if one.FeatureTag == feature)
    looked = {number for one in wanted for number in one.LookupListIndex}
    found: dict[str, str] = {}
    for number in looked:
        for part in table.LookupList.Lookup[number].SubTable:
            found |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    return found


@pytest.mark.parametrize("weight", ROMAN)
def test_the_font_has_small_capitals_and_figures_for_tables_and_for_text(fonts, weight):
    letters, small, text = (fonts[weight].getBestCmap(), *(forms_of(fonts[weight], name) for name in ("smcp", "onum")))
    assert all(letters[ord(letter)] in small for letter in "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûœæ")
    figures = [letters[ord(figure)] for figure in "0123456789"]
    assert len({fonts[weight]["hmtx"][figure][0] for figure in figures}) == 1  # one width: columns of figures line up
    assert all(figure in text for figure in figures)


def test_the_page_draws_them_at_full_size_and_is_read_as_it_was_written(fonts):
    html = SafeString(
        '<section class="sheet"><h4 class="objective__label">Objectif</h4><p class="prose">2032</p>'
        '<table><tr><td class="amount">2032</td></tr></table></section>'
    )
    printed = print_in_parts(Document("Essai", "Nous", [Part("l’essai", html)]))
    assert "Objectif 2032 2032" in texts_of(printed.content)[0]
    with pikepdf.open(BytesIO(printed.content)) as pdf:
        drawn = b"".join(stream.read_bytes() for stream in pdf.pages[0].Contents)
    bold, regular = fonts["Bold"], fonts["Regular"]
    capitals = forms_of(bold, "smcp")
    letters = [bold.getBestCmap()[ord(letter)] for letter in "Objectif"]
    glyphs = [bold.getGlyphID(capitals.get(name, name)) for name in letters]
    assert runs(drawn)[run_of(glyphs)] == {"14"}  # pixels, the 10.5 points of the style sheet: nothing is scaled
    figures = [regular.getBestCmap()[ord(figure)] for figure in "2032"]
    text, proportional = forms_of(regular, "onum"), forms_of(regular, "pnum")
    ours = [text.get(name, name) for name in figures]
    ours = [proportional.get(name, name) for name in ours]
    assert run_of([regular.getGlyphID(name) for name in ours]) in runs(drawn)
    assert run_of([regular.getGlyphID(name) for name in figures]) in runs(drawn)


def run_of(glyphs: list[int]) -> str:
    return "".join(f"{glyph:04x}" for glyph in glyphs)


def runs(drawn: bytes) -> dict[str, set[str]]:
    """Each run of glyphs that is drawn, kerning aside, with the sizes at which it is."""
    found: dict[str, set[str]] = {}
    size = ""
    for match in re.finditer(rb"/\w+ ([\d.]+) Tf|\[([^\]]*)\] TJ", drawn):
        size = match[1].decode() if match[1] else size
        if match[2]:
            found.setdefault("".join(re.findall(r"<([0-9a-f]+)>", match[2].decode())), set()).add(size)
    return found
