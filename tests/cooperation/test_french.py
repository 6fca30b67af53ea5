"""Amounts, dates, spaces and articles are written as a French printer would."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from time import process_time

import pytest
from django.http import HttpResponse
from django.template import Context, Template

from cooperation import french
from cooperation.middleware import RaisedOrdinals

N, F = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1234.5"), 2, f"1{F}234,50{N}€"),
        (0, 2, f"0,00{N}€"),
        (Decimal("1234567.005"), 2, f"1{F}234{F}567,01{N}€"),
        (Decimal("-12.5"), 0, f"−13{N}€"),
        (999, 0, f"999{N}€"),
    ],
)
def test_an_amount_has_thin_thousands_and_a_comma(value: Decimal, decimals: int, text: str) -> None:
    assert french.euros(value, decimals) == text


def test_a_number_keeps_only_the_digits_it_has() -> None:
    assert french.number(45797) == f"45{F}797"
    assert french.number(Decimal("2.50")) == "2,5"
    assert french.number(100) == "100"
    assert french.percent(Decimal("62.95")) == f"62,95{F}%"


def test_the_first_of_the_month_is_an_ordinal() -> None:
    assert french.date_fr(date(2027, 1, 1)) == f"1er{N}janvier{N}2027"
    assert french.date_fr(date(2026, 11, 5)) == f"5{N}novembre{N}2026"


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Chantier « zéro déchet »", f"«{N}Chantier “zéro déchet”{N}»"),
        ("Un « pas « à « pas » » »", f"«{N}Un “pas “à “pas”””{N}»"),
        ("« Un » et « deux »", f"«{N}“Un” et “deux”{N}»"),
        ("Sans guillemets", f"«{N}Sans guillemets{N}»"),
        ("Ouvert « sans fin", f"«{N}Ouvert «{N}sans fin{N}»"),  # marks that do not pair tell nothing
        ("Fermé » sans début «", f"«{N}Fermé{N}» sans début «{N}»"),
        ("De “biais”", f"«{N}De “biais”{N}»"),
    ],
)
def test_what_is_quoted_inside_a_quotation_has_its_own_marks(title: str, told: str) -> None:
    assert french.quoted(title) == told
    assert french.typo(told) == told
    assert Template("{{ title|quoted }}").render(Context({"title": title})) == told
    assert french.typo(f"Rien n’a été fait. « {title} » : attendu.") == f"Rien n’a été fait. {told}{N}: attendu."


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", f"Pourquoi{F}?"),
        ("L'objectif : agir", f"L’objectif{N}: agir"),
        ("« oui »", f"«{N}oui{N}»"),
        ("«oui»", f"«{N}oui{N}»"),
        ("https://exemple.fr/a?b", "https://exemple.fr/a?b"),
        ("à 10:30", "à 10:30"),
        ("12 €", f"12{N}€"),
        ("dont 33 300 € sur 1 250 000", f"dont 33{F}300{N}€ sur 1{F}250{F}000"),
        ("en 2026 300 jours, 3,5 100 fois", "en 2026 300 jours, 3,5 100 fois"),
        ("(CGCT, art. L. 5211-1)", f"(CGCT, art.{N}L.{N}5211-1)"),
        ("L. 5214-16 IV de", f"L.{N}5214-16{N}IV de"),
        ("de 7 h 30 à 18 h", f"de 7{N}h{N}30 à 18{N}h"),
        ("à 12 km, 3 ha, 5 m² et 20 %", f"à 12{N}km, 3{N}ha, 5{N}m² et 20{N}%"),
        ("20 Mo au plus, 1 Go", f"20{N}Mo au plus, 1{N}Go"),
        ("Poids, en % du coût", f"Poids, en{N}% du coût"),
        ("12 hommes, 3 mètres", "12 hommes, 3 mètres"),
        ("n° 96, § 6", f"n°{N}96, §{N}6"),
        ("Micro-crèche (12 places)", f"Micro-crèche (12{N}places)"),
    ],
)
def test_plain_spaces_become_french_ones(typed: str, printed: str) -> None:
    assert french.typo(typed) == printed
    assert french.typo(printed) == printed


def test_text_of_a_person_is_escaped_and_cut_in_paragraphs() -> None:
    html = french.paragraphs("<b>Un</b>\r\ndeux\n\n\ntrois")
    assert html == "<p>&lt;b&gt;Un&lt;/b&gt;<br>deux</p><p>trois</p>"


@pytest.mark.parametrize(
    ("name", "tncc", "text"),
    [
        ("Corbie", 0, "de Corbie"),
        ("Amiens", 1, "d’Amiens"),
        ("Le Havre", 2, "du Havre"),
        ("Havre", "2", "du Havre"),
        ("La Rochelle", 3, "de La Rochelle"),
        ("Les Ulis", 4, "des Ulis"),
        ("L'Isle-Adam", 5, "de L’Isle-Adam"),
        ("Amiens", None, "d’Amiens"),
        ("Corbie", None, "de Corbie"),
    ],
)
def test_the_article_follows_the_code_of_insee(name: str, tncc: int | str | None, text: str) -> None:
    assert french.with_de(name, tncc) == text


def test_a_filter_escapes_and_says_nothing_of_nothing() -> None:
    template = Template(
        "{{ amount|euros:0 }}|{{ none|euros }}|{{ text|typo }}|{{ none|date_fr }}|{{ none|paragraphs }}"
    )
    html = template.render(Context({"amount": Decimal("1500"), "none": None, "text": "<i> ?"}))
    assert html == f"1{F}500{N}€||&lt;i&gt;{F}?||"


def test_an_hour_is_written_as_it_is_said():
    assert [french.hour_fr(one) for one in (time(18, 30), time(9), time(7, 5), None)] == [
        f"18{N}h{N}30", f"9{N}h", f"7{N}h{N}05", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "one", "many", "said"),
    [
        (0, "projet créé", "", "0 projet créé"),
        (1, "projet créé", "", "1 projet créé"),
        (2, "projet créé", "", "2 projets créés"),
        (1204, "habitant", "", f"1{F}204 habitants"),
        (3, "voix", "", "3 voix"),
        (2, "niveau", "niveaux", "2 niveaux"),
        (1, "commune peut", "communes peuvent", "1 commune peut"),
    ],
)
def test_words_agree_with_the_number_before_them(count, one, many, said):
    assert french.counted(count, one, many) == said


def test_the_plural_begins_at_two_whole_ones():
    assert [french.plural(value, "point") for value in (0, 0.4, 1, Decimal("1.99"), 2, -3)] == [
        "point", "point", "point", "point", "points", "points",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "n", "said"),
    [
        ("{{ n }} projet{{ n|plural }}", 0, "0 projet"),
        ("{{ n }} projet{{ n|plural }}", 2, "2 projets"),
        ('{{ n|plural:"a,ont" }}', 1, "a"),
        ('{{ n|plural:"a,ont" }}', 5, "ont"),
        ('atten{{ n|plural:"dent" }}', 2, "attendent"),
        ("{{ n|length }} commune{{ n|plural }}", ["une"], "1 commune"),
        ("{{ n|length }} commune{{ n|plural }}", ["une", "deux"], "2 communes"),
        ("présent{{ n|plural }}", None, "présent"),
    ],
)
def test_templates_agree_by_the_same_rule(template, n, said):
    assert Template(template).render(Context({"n": n})) == said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (date(2026, 7, 1), "moins d’un jour"),
        (date(2026, 6, 30), "1 jour"),
        (date(2026, 3, 31), "92 jours"),
        (date(2026, 3, 30), "3 mois"),
        (date(2025, 7, 2), "11 mois"),
        (date(2025, 7, 1), "1 an"),
        (date(2024, 4, 1), "2 ans et 3 mois"),
        (date(2024, 2, 29), "2 ans et 4 mois"),
    ],
)
def test_a_long_wait_is_told_in_months_and_years(since, said):
    assert french.elapsed(since, date(2026, 7, 1)) == said


def test_a_long_list_tells_how_many_others_there_are():
    assert french.listed(["A", "B", "C"], 2) == "A, B et 1 autre"
    assert french.listed(["A", "B", "C", "D"], 2) == "A, B et 2 autres"
    assert french.listed(["A", "B"], 2) == "A et B"
    assert french.listed(["A"]) == "A"
    assert french.listed([]) == ""


def test_the_end_of_an_ordinal_is_raised_where_it_is_read_and_nowhere_else():
    """Not in a title, a field, a drawing or an attribute, which hold letters alone; on paper, not in a link."""
    kept = '<title>Au 1er mars</title><option>1er</option><textarea>le 1er</textarea><p lang="1er">21er, 1ers</p>'
    assert french.raise_ordinals(kept) == kept
    read = "<p>Au <a href='#1er'>1er mars</a>, et le 1er&nbsp;mai.</p>"
    raised = "<p>Au <a href='#1er'>1<sup>er</sup> mars</a>, et le 1<sup>er</sup>&nbsp;mai.</p>"
    assert french.raise_ordinals(read) == raised
    assert french.raise_ordinals(read, in_links=False) == raised.replace("1<sup>er</sup> mars", "1er mars")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("8e vice-présidente", "8<sup>e</sup> vice-présidente"),
        (f"Le 95e{N}centile.", f"Le 95<sup>e</sup>{N}centile."),
        ("la 1re séance, puis la 2e", "la 1<sup>re</sup> séance, puis la 2<sup>e</sup>"),
        ("<svg><text x='2e'>8e</text></svg>", "<svg><text x='2e'>8e</text></svg>"),
        ("21er, 3re, 8es, a8e, 4/2e, 2e-3, 12.5e", "21er, 3re, 8es, a8e, 4/2e, 2e-3, 12.5e"),
        ("<code>123e 4567 89ab 012e</code>", "<code>123e 4567 89ab 012e</code>"),  # the digest of a seal
    ],
)
def test_every_rank_in_figures_is_raised_and_nothing_that_resembles_it(said, read):
    assert french.raise_ordinals(said) == read


def test_a_page_is_raised_and_a_file_is_not(rf):
    for kind, said in (("text/html; charset=utf-8", "<p>1<sup>er</sup> août</p>"), ("text/csv", "<p>1er août</p>")):
        page = HttpResponse("<p>1er août</p>", content_type=kind)
        answer = RaisedOrdinals(lambda request, page=page: page)(rf.get("/"))
        assert answer.content.decode() == said


@pytest.mark.parametrize(
    "text", ["a" + " " * 20_000 + "b", "1er " * 5_000, "8e " * 5_000, "« " * 10_000, ": " * 10_000, "1 000 " * 3_000]
)
def test_the_longest_texts_are_set_in_no_time_whatever_they_repeat(text):
    """Each is set again on every page that shows it, in the process that serves everybody."""
    start = process_time()
    french.typo(text)
    french.raise_ordinals(f"<p title='{text}'>{text}</p>")
    assert process_time() - start < 0.3
