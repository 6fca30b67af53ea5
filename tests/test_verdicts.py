"""A page is taken for one that was judged only when nothing that anybody can perceive differs."""

import pytest

from tests import verdicts

PAGE = """<form action="/projets/17/avis/4/"><input type="hidden" name="csrfmiddlewaretoken" value="abc">
<label for="choix-17">Montant</label><input type="text" id="choix-17" name="montant" value="1200">
<label for="choix-4">Note</label><input type="radio" id="choix-4" name="note" value="4">
<a href="/projets/17/" aria-label="17 projets">Projet n° 17</a></form>"""


def test_a_page_with_other_keys_is_the_same():
    other = PAGE.replace("/projets/17/", "/projets/905/").replace("choix-17", "choix-905")
    other = other.replace("/avis/4/", "/avis/31/").replace("choix-4", "choix-31").replace('"4"', '"31"')
    other = other.replace('"abc"', '"xyz"')
    assert other != PAGE
    assert verdicts.sameness(other) == verdicts.sameness(PAGE)


@pytest.mark.parametrize(
    ("seen", "instead"),
    [
        ("Projet n° 17", "Projet n° 905"),
        ('value="1200"', 'value="120000000"'),
        ('for="choix-17"', 'for="choix-4"'),
        ('id="choix-4"', 'id="choix-17"'),
        ("<label", '<label hidden class="a"'),
        ('type="radio"', 'type="text"'),
        ("Note", "Note "),
        ('aria-label="17 projets"', 'aria-label="905 projets"'),
    ],
)
def test_a_page_that_differs_for_somebody_is_another(seen, instead):
    assert seen in PAGE
    assert verdicts.sameness(PAGE.replace(seen, instead)) != verdicts.sameness(PAGE)


def test_only_the_second_database_believes_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(verdicts, "FOLDER", str(tmp_path / "verdicts"))
    verdicts.keep("narrow", PAGE)
    for vendor, believed in (("sqlite", False), ("postgresql", True)):
        monkeypatch.setattr(verdicts, "connection", type("Connection", (), {"vendor": vendor}))
        assert verdicts.is_known("narrow", PAGE) is believed
        assert not verdicts.is_known("readable", PAGE)
        assert not verdicts.is_known("narrow", PAGE.replace("Note", "Avis"))
    monkeypatch.setattr(verdicts, "FOLDER", "")
    assert not verdicts.is_known("narrow", PAGE)
