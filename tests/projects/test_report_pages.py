"""Pages that are well filled: what is short shares a page, and no table leaves a line alone on the next."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.safestring import SafeString
from pdfminer.high_level import extract_text

from cooperation.printing import A4, A5, Document, Part, print_document
from cooperation.printing.document import Paper
from projects.funding.rules import Foot, Sums
from projects.report.chapters import Funder, FundersOf, IndexList, PartnerRow
from projects.report.choices import Choices
from projects.report.content import FEW_WORDS, Axis, ObjectiveRow, Report
from projects.report.dates import DatedSheet, StageLine
from projects.report.documents import report_document, runs_in, write, write_sheets
from projects.report.sheets import Actor, Decision, Funding, FundingLine, Sheet
from projects.report.territory import CommuneRow, draw_figures
from projects.report.writing import decimals_of, say_gap
from territories.models import Commune, Intercommunality
from tests.projects.test_report_brief import sheet
from tests.projects.test_report_content import BLANK, TODAY

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
ROOM = range(178, 198, 2)  # millimetres above a table that ends on the next page
EPCI = Intercommunality(siren="249600016", name="CC du Val", kind="CC")


def texts_of(html: str, paper: Paper = A4) -> list[str]:
    """The text of each page that some HTML takes after a cover; none of them may break a rule of PDF/UA."""
    cover = '<section class="cover"><h1>Essai</h1><h2>Essai</h2></section>'
    parts = [Part("l’essai", SafeString(cover + html))]
    pdf = print_document(Document("Essai", "CC du Val", parts, header="CC du Val", footer="Val 2032", paper=paper))
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    return extract_text(io.BytesIO(pdf)).removesuffix("\f").split("\f")[1:]


def territory_of(count: int) -> Report:
    names = [f"Saint-Martin-de-la-Commune-{n}" if n % 4 == 0 else f"Commune {n}" for n in range(count)]
    communes = [Commune(pk=n, name=name) for n, name in enumerate(names)]
    square = {n: square_at(n) for n in range(count)}
    return replace(
        BLANK,
        population=30_000,
        communes=[CommuneRow(c.name, 1_000, Decimal("3.3"), 12, 1) for c in communes],
        figures=[("30 000", "habitants"), (str(count), "communes")],
        territory_map=draw_figures(EPCI, communes, square, small=False),
    )


def square_at(n: int) -> dict:
    x, y = 2 + n % 6 / 10, 47 + n // 6 / 10
    return {"type": "Polygon", "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]]}


@pytest.mark.parametrize("count", [2, 12, 13, 27, 36, 37, 50, 56])
def test_the_territory_holds_on_one_page_with_its_map_and_its_communes(count):
    report = territory_of(count)
    chapter = next(one for one in report.before if one.name == "territory")
    assert len(texts_of(write("territory", report=report, chapter=chapter, run=None, follows=False))) == 1


def a_pair(competences: int) -> str:
    actors = [Actor("CCVO", "porte le projet", "à trouver")]
    told = {"shared_objective": "Un objectif. " * 26, "competences": ["Mobilité"] * competences, "actors": actors}
    [part] = write_sheets([sheet(1, **told), sheet(2, **told)])
    return part.html


def test_two_brief_sheets_stand_on_one_page():
    assert len(texts_of(a_pair(4))) == 1


def test_two_brief_sheets_that_do_not_fit_on_one_page_have_one_each():
    """What is avoided after the only row of a table is avoided after the whole sheet: its actors went with the next."""
    assert [text.count("Place dans le projet") for text in texts_of(a_pair(16))] == [1, 1]


def funding(lines: int) -> Funding:
    told = [FundingLine(n, f"Financeur {n}", "public", "voté", Decimal(10), Decimal(1)) for n in range(lines)]
    return Funding("HT", Decimal(100), told, [Foot("Total", Decimal(100), "100 %")])


def test_what_follows_the_interests_is_kept_on_one_page_when_it_surely_holds_there():
    few = [Actor(f"Acteur {n}", "fait") for n in range(10)]
    decided = [Decision(TODAY, "Conseil", "Adopté")] * 4
    assert sheet(1, actors=few, decisions=decided, funding=funding(14)).holds_together
    long = sheet(1, actors=few, decisions=decided, funding=funding(15))
    assert not long.holds_together
    assert not sheet(1, actors=few * 2, remark="x" * 1_000).holds_together
    assert "sheet__together" in write("sheet", sheet=sheet(1, actors=few))
    assert "sheet__together" not in write("sheet", sheet=long)


def with_chapters(partners: int) -> Report:
    sheets = [sheet(1)]
    axis = Axis("axe-1", "", "Les projets", "Les projets", "", [ObjectiveRow("Projets", sheets)], sheets)
    return replace(
        BLANK,
        axes=[axis],
        funders=[FundersOf("HT", [Funder("Région", 1, Decimal(10), Decimal(100))], None)],
        partners=[PartnerRow(f"Association {n}", "", sheets) for n in range(partners)],
        levers=[("Pacte financier et fiscal", "2026-2032, en projet")],
        indexes=[IndexList("Partenaires", [(f"Association {n}", sheets) for n in range(partners)])],
    )


def last_parts(report: Report) -> list[str]:
    return [part.name for part in report_document(report).parts if part.name.startswith("«")][3:]


def test_a_chapter_of_a_few_lines_stands_below_the_one_before_and_the_colophon_closes_the_last_page():
    assert last_parts(with_chapters(12)) == [
        "« Les financeurs » et « Les partenaires » et « Le pacte et la mutualisation »",
        "« Les mots du document » et « L’index par commune, compétence et partenaire » et l’achevé d’imprimer",
    ]
    assert last_parts(with_chapters(13)) == [
        "« Les financeurs »",
        "« Les partenaires » et « Le pacte et la mutualisation »",
        "« Les mots du document »",
        "« L’index par commune, compétence et partenaire » et l’achevé d’imprimer",
    ]


def test_nobody_finds_a_sentence_alone_on_a_page_of_the_funders():
    report = with_chapters(1)
    html = write("funders", report=report, chapter=report.after[0], run=None, follows=False)
    assert "aucun n’a encore dit quelles années il verse</caption>" in html
    assert "</table><p>" not in html.replace("\n", "")


@pytest.mark.parametrize(("count", "close"), [(43, False), (44, True), (51, True), (52, False)])
def test_contents_a_few_lines_longer_than_a_page_are_set_closer(count, close):
    sheets: list[Sheet] = [sheet(n) for n in range(count)]
    axis = Axis("axe-1", "", "Les projets", "Les projets", "", [ObjectiveRow("Projets", sheets)], sheets)
    assert replace(BLANK, axes=[axis]).has_close_contents is close


def test_the_last_communes_of_a_consultation_are_three_at_least_on_their_page():
    """Wherever the page ends: a commune alone on the second page looks as if it had been forgotten."""
    rows = "".join(f"<tr><th scope='row'>Commune {n}</th><td>favorable</td></tr>" for n in range(10))
    head = "<thead><tr><th scope='col'>Commune</th><th scope='col'>Position</th></tr></thead>"
    table = f"<table class='answers'><caption>Réponses</caption>{head}<tbody>{rows}</tbody></table>"
    above = [
        f"<section class='act chapter'><h3>A</h3><div style='height: {mm}mm'></div>{table}</section>" for mm in ROOM
    ]
    told = [text.count("favorable") for text in texts_of("".join(above))]
    assert len(told) == 2 * len(ROOM)
    assert all(last >= 3 and first + last == 10 for first, last in zip(told[::2], told[1::2], strict=True)), told
    assert 4 in told  # some of them end just there


@pytest.mark.parametrize(("aid", "words"), [("400000", "Il manque 600 000 €"), ("400000.5", "Il manque 599 999,50 €")])
def test_what_is_missing_has_cents_where_the_amounts_beside_it_have_some(aid, words):
    sums = Sums(cost=Decimal(1_000_000), public=Decimal(aid))
    assert words in say_gap(sums, decimals_of(sums.cost, Decimal(aid))).replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("count", [43, 44, 51])
def test_contents_that_are_set_closer_hold_on_their_page(count):
    sheets: list[Sheet] = [sheet(n) for n in range(count)]
    axis = Axis("axe-1", "", "Les projets", "Les projets", "", [ObjectiveRow("Projets", sheets)], sheets)
    contents = report_document(replace(BLANK, axes=[axis])).parts[1]
    assert contents.name == "le sommaire"
    assert len(texts_of(contents.html)) == 1


def of_contents(report: Report) -> list[str]:
    return [part.name for part in report_document(report).parts if "sommaire" in part.name]


def test_a_document_of_two_or_three_pages_has_no_contents_and_a_brief_foreword_stands_below_those_of_a_few_lines():
    """An EPCI without plan nor project had two lines of contents alone on their page."""
    levers = {"levers": [("Pacte financier et fiscal", "2026-2032, en projet")]}
    assert of_contents(replace(BLANK, **levers)) == []
    assert of_contents(replace(BLANK, foreword="Ensemble.", **levers)) == ["le sommaire et « L’avant-propos »"]
    assert of_contents(replace(BLANK, foreword="Ensemble. " * 200, **levers)) == ["le sommaire"]
    sheets: list[Sheet] = [sheet(n) for n in range(9)]
    axis = Axis("axe-1", "", "Les projets", "Les projets", "", [ObjectiveRow("Projets", sheets)], sheets)
    assert of_contents(replace(BLANK, foreword="Ensemble.", axes=[axis])) == ["le sommaire"]


def test_contents_of_a_few_lines_and_a_brief_foreword_hold_on_one_page():
    report = replace(BLANK, foreword="Un mot. " * (FEW_WORDS // 8), levers=[("Pacte", "en projet")] * 2)
    together = report_document(report).parts[1]
    [text] = texts_of(together.html)
    assert "Sommaire" in text
    assert "Un mot." in text


@pytest.mark.parametrize("count", [32, 36])
def test_contents_that_are_set_closer_hold_on_their_page_of_a5_too(count):
    sheets: list[Sheet] = [sheet(n) for n in range(count)]
    axis = Axis("axe-1", "", "Les projets", "Les projets", "", [ObjectiveRow("Projets", sheets)], sheets)
    report = replace(BLANK, axes=[axis], choices=Choices(format="a5"))
    contents = report_document(report).parts[1]
    assert report.has_close_contents
    assert len(texts_of(contents.html, paper=A5)) == 1


def below(html: str) -> list[str]:
    """The text of the pages of what ends on the next page, wherever that one ends."""
    above = (f"<div style='height: {mm}mm'></div>" for mm in ROOM)
    return texts_of(
        "".join(f"<section class='chapter'><h2 data-running='A'>A</h2>{one}{html}</section>" for one in above)
    )


def test_the_last_lines_of_a_table_are_eight_at_least_on_their_page():
    """A page once held two partners and nothing else."""
    rows = "".join(f"<tr><th scope='row'>Partenaire {n}</th><td>en réseau</td></tr>" for n in range(14))
    head = "<thead><tr><th scope='col'>Partenaire</th><th scope='col'>Projets</th></tr></thead>"
    told = [
        text.count("en réseau")
        for text in below(f"<table class='plain close'><caption>P</caption>{head}<tbody>{rows}</tbody></table>")
    ]
    assert all(last >= 8 and first + last == 14 for first, last in zip(told[::2], told[1::2], strict=True)), told
    assert 8 in told[1::2]  # some of them end just there


def test_the_words_above_a_table_follow_it_to_its_page():
    """They once ended a page, and their table began the next."""
    rows = "".join(f"<tr><th scope='row'>Financeur {n}</th><td>versé</td></tr>" for n in range(6))
    told = below(f"<table class='plain'><caption>En toutes taxes</caption><tbody>{rows}</tbody></table>")
    pages = [(text.count("En toutes taxes"), text.count("versé")) for text in told]
    assert set(pages) == {(0, 0), (1, 6)}, pages


def test_the_stages_of_a_project_stand_on_the_page_that_names_it():
    stages = [StageLine(f"Étape {n}", "À venir", TODAY, TODAY) for n in range(4)]
    dated = [DatedSheet(sheet(n), TODAY, TODAY, stages) for n in range(60)]
    report = replace(BLANK, dated=dated)
    chapter = next(one for one in report.after if one.name == "calendar")
    html = write("calendar", report=report, chapter=chapter, run=runs_in(chapter, report)[0], follows=False)
    pages = texts_of(html)
    assert len(pages) > 1
    assert all(text.count("Étape") == 4 * len(re.findall(r"\bProjet \d", text)) for text in pages), pages


def test_the_head_of_a_page_is_that_of_what_the_page_begins_with():
    """The end of a list of partners once stood below the name of the chapter that followed it."""
    rows = "".join(f"<p>Partenaire {n}</p>" for n in range(50))
    first = f"<section class='chapter'><h2 data-running='En tête'>Les partenaires</h2>{rows}</section>"
    second = "<section class='chapter chapter--short'><h2 data-running='Ensuite'>Le pacte</h2><p>Voté.</p></section>"
    one, other = texts_of(first + second)
    assert "En tête" in one
    assert "En tête" in other
    assert "Le pacte" in other
    assert "Ensuite" not in other
