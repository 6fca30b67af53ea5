"""What a hand remembers from one piece to the next changes nothing of what it lays out."""

from __future__ import annotations

import pytest
import weasyprint.css
import weasyprint.pdf.stream

from cooperation.printing import fragments, sparing
from cooperation.printing.assembly import WEIGHTS, write_specimen
from cooperation.printing.engine import Press
from cooperation.printing.process import own_roots

STYLES = ("css/pdf.css", "css/pdf-part.css")


@pytest.fixture(autouse=True)
def weasyprint_as_it_is(monkeypatch):
    """Give the classes back when the test ends: the process of the tests is no hand."""
    monkeypatch.setattr(weasyprint.css, "StyleFor", weasyprint.css.StyleFor)
    monkeypatch.setattr(weasyprint.pdf.stream, "Font", weasyprint.pdf.stream.Font)
    monkeypatch.setattr(sparing.SharedStyles, "known", {})
    monkeypatch.setattr(sparing.LentFont, "faces", {})


def piece(number: int, *, lang: str = "fr", text: str = "Un vœu") -> str:
    return (
        f'<html lang="{lang}"><body data-epci="La CC" data-plan="Le plan">'
        f'<article class="sheet" id="fiche-{number}"><h3 class="sheet__title" data-running="P{number}">{text[:40]}</h3>'
        f'<p id="p{number}" class="lead">{text} n° {number}, <em>et</em> '
        f'<a href="doc:fiche-{number}?x">ailleurs</a>.</p><p class="lead" id="q{number}">Suite</p>'
        '<section class="act"><ol class="reasons"><li>Un</li></ol></section>'
        '<table><thead><tr><th scope="col">Quoi</th></tr></thead>'
        f'<tbody><tr><td class="amount" id="c{number}">{number}</td></tr></tbody></table></article></body></html>'
    )


PIECES = [piece(1), piece(2, lang="en", text="incomprehensibility " * 20), piece(3, text="incomprehensibility " * 20)]


def press_all(tmp_path) -> list[bytes]:
    press, made = a_press(), []
    for number, html in enumerate(PIECES):
        fragments.write(press.press(html, mark=f"m{number}", numbered=True), tmp_path / "made")
        made.append((tmp_path / "made").read_bytes())
    return made


def a_press() -> Press:
    press = Press(roots=own_roots(), stylesheets=STYLES)
    for face in WEIGHTS:
        press.know(press.cast(write_specimen(face)))
    return press


def test_a_piece_laid_out_after_others_is_the_one_of_an_engine_that_remembers_nothing(tmp_path, monkeypatch):
    """Byte for byte: in another language, with other names, in the same words."""
    ours = press_all(tmp_path)
    monkeypatch.setattr(sparing, "remember", lambda faces: None)
    monkeypatch.setattr(sparing, "PlainPage", weasyprint.HTML)
    monkeypatch.setattr(weasyprint.css, "StyleFor", sparing.StyleFor)
    monkeypatch.setattr(weasyprint.pdf.stream, "Font", sparing.Font)
    assert ours == press_all(tmp_path)
    assert len(set(ours)) == len(PIECES)


def test_the_same_piece_teaches_nothing_new_and_makes_no_font(tmp_path, monkeypatch):
    press = a_press()
    press.press(piece(1), mark="a", numbered=True)
    known = len(sparing.SharedStyles.known)
    monkeypatch.setattr(sparing.Font, "clean", lambda *given: pytest.fail("a font was made"))
    press.press(piece(2), mark="b", numbered=True)
    assert len(sparing.SharedStyles.known) == known


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(sparing, "MOST", 10)
    press = a_press()
    press.press(piece(1), mark="a", numbered=True)
    assert 0 < len(sparing.SharedStyles.known) <= 10
