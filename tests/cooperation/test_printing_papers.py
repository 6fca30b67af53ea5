"""The same document on A4, on A5, and as a booklet to fold."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTFigure, LTTextContainer

from cooperation.printing import A4, A5, impose, print_document, print_in_parts
from cooperation.printing.folding import SIGNATURE, THICKEST, fold, signatures
from tests.cooperation.test_printing_in_parts import document, own_store, sheet  # noqa: F401
from tests.projects.structure import elements, leaves

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
pikepdf = pytest.importorskip("pikepdf")


@given(st.integers(1, 30))
def test_a_folded_booklet_reads_in_order(sheets):
    """Sheets one inside the other: their right fronts and left backs come first, then the way back."""
    sides = list(fold(range(4 * sheets)))
    fronts, backs = sides[::2], sides[1::2]
    going = [number for front, back in zip(fronts, backs, strict=True) for number in (front[1], back[0])]
    coming = [number for front, back in zip(fronts, backs, strict=True) for number in (front[0], back[1])]
    assert going + coming[::-1] == list(range(4 * sheets))


@given(st.integers(1, 400))
def test_every_page_has_its_place_and_blanks_come_before_the_last(count):
    folds = signatures(count)
    pages = [number for pages in folds for number in pages]
    assert [number for number in pages if number is not None] == list(range(count))
    assert pages[-1] == count - 1
    assert pages.count(None) < 4
    assert all(len(pages) % 4 == 0 for pages in folds)
    assert len(folds) == 1 if count <= THICKEST else all(len(pages) <= SIGNATURE for pages in folds)


@pytest.fixture(scope="module")
def small():
    return document(sheet(1), sheet(2, pages=2), sheet(3), sheet(4, pages=2), paper=A5)


@pytest.fixture(scope="module")
def printed(small):
    return print_in_parts(small)


def test_a5_breaks_no_rule_of_pdf_ua_and_has_its_size(printed):
    report = page.validate_pdf_bytes(printed.content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    with pikepdf.open(printed.path) as pdf:
        assert {tuple(round(float(side)) for side in one.mediabox[2:]) for one in pdf.pages} == {(420, 595)}


def folios(pdf: bytes) -> list[tuple[str, float, float]]:
    boxes = [
        (item.get_text().strip(), item.x1, item.y0)
        for layout in extract_pages(io.BytesIO(pdf))
        for item in layout
        if isinstance(item, LTTextContainer)
    ]
    return [box for box in boxes if box[0].startswith("page ")]


@pytest.mark.parametrize("paper", [A4, A5])
def test_the_number_of_a_page_stands_where_the_style_sheet_puts_it(paper):
    made = document(sheet(1), paper=paper)
    ours, theirs = folios(print_in_parts(made).content), folios(print_document(made))
    assert len(ours) == len(theirs) == 2
    for (text, right, bottom), (same, x, y) in zip(ours, theirs, strict=True):
        assert text == same
        assert abs(right - x) < 0.3
        assert abs(bottom - y) < 0.3


def test_a_booklet_holds_two_pages_on_each_side_in_the_order_of_the_fold(printed):
    booklet = impose(printed.path)
    with pikepdf.open(io.BytesIO(booklet)) as pdf:
        assert {tuple(round(float(side)) for side in one.mediabox[2:]) for one in pdf.pages} == {(839, 595)}
        assert str(pdf.docinfo.Title).endswith("livret à plier")
        assert str(pdf.Root.ViewerPreferences.Duplex) == "/DuplexFlipShortEdge"
    assert printed.pages == 8
    assert list(read_sides(booklet)) == [["8", ""], ["2", "7"], ["6", "3"], ["4", "5"]]  # the cover has no number


def test_a_booklet_keeps_what_a_screen_reader_reads_in_the_order_of_the_pages(printed):
    booklet = impose(printed.path)
    report = page.validate_pdf_bytes(booklet, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    with pikepdf.open(io.BytesIO(booklet)) as pdf, pikepdf.open(printed.path) as source:
        assert pdf.check_pdf_syntax() == []
        halves = [half for side in read_sides(booklet) for half in side]
        pictures = [side.Resources.XObject[f"/Page{half}"].objgen for side in pdf.pages for half in (0, 1)]
        numbers = dict(zip(pictures, halves, strict=True))
        read = [numbers[picture.objgen] for picture in pictures_read(pdf)]
        assert list(dict.fromkeys(read)) == ["", "2", "3", "4", "5", "6", "7", "8"]
        assert len(read) == len(list(leaves(source.Root.StructTreeRoot.K[0])))
        sides = {side.objgen: number for number, side in enumerate(pdf.pages)}
        names = {str(name): place for name, place in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
        assert {name: (sides[to[0].objgen], float(to[2]) > 420) for name, to in names.items()} == {
            "sommaire": (1, False),
            "fiche-1": (2, True),
            "fiche-2": (3, False),
            "fiche-3": (2, False),
            "fiche-4": (1, True),
        }
        [contents] = [side for side in pdf.pages if "/Annots" in side]
        assert sides[contents.objgen] == 1
        with pdf.open_outline() as outline:
            assert [sides[entry.destination[0].objgen] for entry in outline.root[0].children] == [2, 3, 2, 1]


def pictures_read(pdf):
    """The picture that holds each run of marked content, in the order of reading."""
    for element in elements(pdf.Root.StructTreeRoot.K[0]):
        kids = element.get("/K", pikepdf.Array())
        yield from (kid.Stm for kid in kids if kid.get("/Type") == "/MCR")


def read_sides(booklet: bytes):
    """The number of the page on the left of each side, and of that on the right."""
    for layout in extract_pages(io.BytesIO(booklet), laparams=LAParams(all_texts=True)):
        halves = sorted((item for item in layout if isinstance(item, LTFigure)), key=lambda half: half.x0)
        texts = [" ".join(line.get_text() for line in half if isinstance(line, LTTextContainer)) for half in halves]
        yield [found[1] if (found := re.search(r"page (\d+) sur 8", text)) else "" for text in texts]
