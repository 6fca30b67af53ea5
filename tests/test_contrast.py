"""Contrast judged once for each pair of colours: what passed is not judged again, what differs or is in doubt is."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import contrast

PAPER, NIGHT = "background: #fff", "background: #222"


@pytest.fixture
def page(browser, monkeypatch):
    monkeypatch.setattr(contrast, "_known", {})
    context = browser.new_context()
    yield context.new_page()
    context.close()


def faults(page, body):
    return look(page, body)[0]


def look(page, body):
    page.set_content(f"<html><body style='{PAPER}'>{body}</body></html>")
    page.evaluate(Axe().axe_script)
    return contrast.look(page)


def said(color, words="Bonjour", more=""):
    return f"<p style='color: {color}; {more}'>{words}</p>"


def test_what_passed_is_not_judged_again(page):
    assert look(page, said("#444") * 3) == ([], 1)
    assert look(page, said("#444", "Au revoir") * 3) == ([], 0)


@pytest.mark.parametrize(
    "body",
    [
        said("#ccc"),
        f"<section style='{NIGHT}'><div>{said('#444')}</div></section>",
        f"<div style='opacity: 0.4'>{said('#444')}</div>",
        said("#444", more=NIGHT),
        said("#707070", more="opacity: 0.99; font-size: 9px; background: #f0f0f0"),
        f"<label style='{NIGHT}; color: #ddd'>Nom <input style='color: #777; background: #888' value='Jeanne'></label>",
        f"<div style='position: absolute; {NIGHT}'>{said('#444')}</div>",
    ],
)
def test_another_colour_another_ground_or_another_place_is_judged(page, body):
    assert faults(page, said("#444")) == []
    assert [rule for rule, _ in faults(page, said("#444") + body)] == ["color-contrast"]
    assert faults(page, body) != []  # a fault is never taken for granted


def test_a_text_that_could_not_be_judged_does_not_answer_for_its_like(page):
    covered = said("#ccc", "Couvert", more="margin: 0")
    cover = "<div style='position: absolute; inset: 0 0 auto 0; height: 60px; background: url(data:,)'></div>"
    assert faults(page, f"{cover}{covered}") == []
    assert len(faults(page, f"{cover}{covered}<div style='height: 200px'></div>{said('#ccc', 'À découvert')}")) == 1


def test_a_hidden_text_is_no_proof_for_the_one_that_is_shown(page):
    assert faults(page, f"<div hidden>{said('#ccc')}</div>") == []
    assert len(faults(page, said("#ccc"))) == 1
