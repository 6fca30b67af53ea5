"""The document of the demo territory, printed once and read in every way."""

from __future__ import annotations

import io
import re
from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from projects.demo import files
from projects.models import Project
from projects.report.content import gather
from projects.report.services import print_whole
from territories.models import Intercommunality
from tests.demo import load

pytestmark = pytest.mark.django_db

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
pikepdf = pytest.importorskip("pikepdf")


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The titles of the projects and the PDF."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        epci = Intercommunality.objects.get(siren=files.siren())
        titles = dict(Project.objects.submitted().values_list("reference", "title"))
        pdf = print_whole(gather(epci, user=None, today=timezone.localdate())).content
        transaction.set_rollback(True)
    return titles, pdf


@pytest.fixture(scope="module")
def texts(printed) -> list[str]:
    """The text of each page, spaces made plain."""
    pages = []
    for layout in extract_pages(io.BytesIO(printed[1])):
        text = " ".join(item.get_text() for item in layout if isinstance(item, LTTextContainer))
        pages.append(re.sub(r"\s+", " ", text))
    return pages


@pytest.fixture(scope="module")
def bookmarks(printed) -> list[tuple[int, str, int]]:
    """Level, words and page number of every bookmark."""
    pdf = pikepdf.open(io.BytesIO(printed[1]))
    numbers = {sheet.objgen: number for number, sheet in enumerate(pdf.pages, start=1)}
    with pdf.open_outline() as outline:
        return list(walk(pdf, outline.root, numbers, 1))


def walk(pdf, items, numbers, level):
    names = {str(name): target for name, target in pikepdf.NameTree(pdf.Root.Names.Dests).items()}
    for item in items:
        target = item.destination
        if not isinstance(target, pikepdf.Array):
            target = names[str(target)]
        yield level, item.title, numbers[target[0].objgen]
        yield from walk(pdf, item.children, numbers, level + 1)


def test_the_document_breaks_no_rule_of_pdf_ua(printed):
    report = page.validate_pdf_bytes(printed[1], profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]


def test_every_project_has_one_heading_and_one_bookmark(printed, bookmarks):
    titles, pdf = printed
    assert len(titles) == 30
    sheets = [words for level, words, _ in bookmarks if level == 2]
    assert sorted(sheets) == sorted(f"{reference} · {title}" for reference, title in titles.items())
    document = pikepdf.open(io.BytesIO(pdf))
    levels = Counter(str(tag.get("/S", "")) for tag in document.objects if isinstance(tag, pikepdf.Dictionary))
    assert levels["/H1"] == 1
    assert levels["/H3"] >= 30
    assert levels["/H4"] >= 30 * 4


def test_each_title_stands_at_the_head_of_its_page(texts, bookmarks):
    for level, words, number in bookmarks:
        if level == 2:
            title = re.sub(r"\s+", " ", words.split(" · ", 1)[1])
            assert title in texts[number - 1]


def test_the_page_numbers_of_the_contents_are_right(texts, bookmarks):
    contents = texts[1]
    for level, words, number in bookmarks:
        if level == 2:
            title = re.sub(r"\s+", " ", words.split(" · ", 1)[1])
            found = re.search(re.escape(title) + r"[ .]+(\d+)\b", contents)
            assert found, f"{title} is missing from the contents"
            assert int(found[1]) == number


def test_every_page_but_the_cover_says_its_number(texts):
    for number, text in enumerate(texts[1:], start=2):
        assert f"page {number} sur {len(texts)}" in text


def test_no_way_to_reach_a_person_is_printed(texts):
    everything = " ".join(texts)
    assert "@" not in everything
    assert not re.search(r"\b0[1-9]([ .]?\d\d){4}\b", everything)


def test_the_relay_persons_are_named(texts):
    assert "Sophie Aumont, conseillère territoriale" in " ".join(texts)
