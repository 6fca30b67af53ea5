"""The document of the demo territory, printed once and read in every way."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from html import unescape
from textwrap import shorten

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from cooperation.printing import Document, Part, print_document, print_in_parts
from cooperation.printing.assembly import Assembly, limits_for
from cooperation.printing.store import own_store
from projects.demo import files
from projects.models import Decision, Project
from projects.report.choices import Choices
from projects.report.content import gather
from projects.report.documents import report_document, write
from projects.report.services import print_whole
from projects.report.sheets import HEAD
from territories.models import Intercommunality
from tests.demo import load
from tests.projects.structure import count_rows, lonely_headings

pytestmark = pytest.mark.django_db

page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
pikepdf = pytest.importorskip("pikepdf")


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The titles of the projects, the PDF, what the rows of each project say, and what was written."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        epci = Intercommunality.objects.get(siren=files.siren())
        titles = dict(Project.objects.submitted().values_list("reference", "title"))
        report = gather(epci, user=None, today=timezone.localdate())
        pdf = print_whole(report).content
        said = {project.reference: list(words_of_rows(project)) for project in Project.objects.submitted()}
        document = report_document(report)
        small = report_document(gather(epci, user=None, today=timezone.localdate(), choices=Choices(format="a5")))
        written = {sheet.reference: write("sheet", sheet=sheet) for sheet in report.sheets}
        transaction.set_rollback(True)
    return titles, pdf, said, written, document.as_html(), document, small


def words_of_rows(project):
    """What a sheet must say, read again from the rows themselves, without the code that writes the document."""
    yield from (project.title, project.shared_objective, project.need, project.service, project.beneficiaries)
    yield from (project.owner_name, project.get_status_display(), project.remark, project.lead_officer)
    for actor in project.actors.all():
        yield from (actor.name, *(place.label for place in actor.places), "porte le projet" if actor.leads else "")
        yield from (interest.text for interest in actor.interests.filter(visibility="everyone"))
    for plan in project.funding_plans.filter(is_current=True):
        for line in plan.lines.all():
            yield from (line.funder, f"{line.amount:.0f}", line.state)
        yield f"{sum(line.amount for line in plan.lines.all()):.0f}"
    for decision in Decision.objects.filter(item__project=project):
        yield f"{decision.item.session.held_on:%d/%m/%Y}"
        yield from (str(decision.item.session.body), decision.get_outcome_display(), str(decision.votes_for or ""))
    yield from (step.text for step in project.course.all())
    yield from (f"{fit.orientation} {fit.get_fit_display()} {fit.note}" for fit in project.orientation_fits.all())


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


def test_the_pages_cited_may_move_and_what_cites_them_is_not_laid_out_again(printed):
    """A link that does not say its page would leave fewer blanks than figures: its part would be laid out each time."""
    document = printed[5]
    assembly = Assembly(document, own_store(), limits_for(document))
    waiting = {n: assembly.waits_for(assembly.piece(document.parts[n], {}), n, {}) for n in assembly.citing}
    assert len(waiting) == 3
    assert all(waiting.values())


def test_every_project_has_one_heading_and_one_bookmark(printed, bookmarks):
    titles, pdf, *_ = printed
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


def read_lines(pdf: bytes, number: int) -> list[str]:
    """The lines of a page from top to bottom, whatever stands apart on them."""
    [layout] = extract_pages(io.BytesIO(pdf), page_numbers=[number])
    pieces = [line for box in layout if isinstance(box, LTTextContainer) for line in box]
    lines: dict[int, list] = {}
    for piece in pieces:
        lines.setdefault(round(piece.y0 / 3), []).append(piece)
    ordered = [sorted(lines[height], key=lambda piece: piece.x0) for height in sorted(lines, reverse=True)]
    return [re.sub(r"\s+", " ", " ".join(piece.get_text() for piece in line)) for line in ordered]


def test_a_sheet_holds_on_two_pages_or_three_when_it_says_who_pays_each_year(printed, bookmarks):
    starts = [number for *_, number in bookmarks]
    for level, words, number in bookmarks:
        if level == 2:
            most = 3 if "money--years" in printed[3][words.split(" · ")[0]] else 2
            assert min(start for start in starts if start > number) - number <= most, words


def test_a_sheet_holds_on_three_pages_of_a5_and_most_of_the_time_on_less(printed):
    """One in five, to be quick: they took 2.8 pages each when more of it was kept whole."""
    small = printed[6]
    sheets = [part for part in small.parts if part.name.startswith("la fiche")][::5]
    pages = {part.name: print_in_parts(replace(small, parts=[part])).pages for part in sheets}
    assert max(pages.values()) <= 3, pages
    assert sum(pages.values()) <= 2.7 * len(pages), pages


def test_no_page_says_one_sentence_alone(texts):
    """Whatever stands on a page besides its heads: a sentence of twelve words once had a page of its own."""
    short = {number: text for number, text in enumerate(texts[1:], start=2) if len(text.split()) < 60}
    assert short == {}


def test_the_actors_of_a_sheet_are_never_cut_between_two_pages(texts, bookmarks):
    starts = {number: words for level, words, number in bookmarks if level == 2}
    told = [number for number, text in enumerate(texts, start=1) if "Place dans le projet" in text]
    sheets = [max(start for start in starts if start <= number) for number in told]
    assert sorted(sheets) == sorted(starts)  # each sheet names its actors, on one page


def test_the_chapters_stand_on_the_pages_that_the_contents_say(printed, bookmarks):
    """Also the one that stands below another."""
    contents = " ".join(read_lines(printed[1], 1))
    for level, words, number in bookmarks:
        found = re.search(re.escape(words) + r"[ .]+(\d+)\b", contents)
        if level == 1 and found:
            assert int(found[1]) == number, words
    below = [words for level, words, number in bookmarks if level == 1 and words == "Le pacte et la mutualisation"]
    assert below == ["Le pacte et la mutualisation"]


def test_the_page_numbers_of_the_contents_are_right(printed, bookmarks):
    contents = " ".join(read_lines(printed[1], 1))
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


def test_no_heading_ends_a_page_and_no_row_is_cut(printed):
    with pikepdf.open(io.BytesIO(printed[1])) as pdf:
        assert lonely_headings(pdf) == []
        assert count_rows(pdf) == len(ROW.findall(printed[4]))


def test_a_heading_that_ends_a_page_and_a_row_that_is_cut_would_be_seen():
    """The control of the test above."""
    lines = "".join(f"<p>Ligne {n}</p>" for n in range(90))
    html = (
        '<section class="chapter"><h2 data-running="Un">Un</h2><p>Ici.</p><h3>Seul</h3>'
        f'<p style="break-before: page">Là.</p><table><tr style="break-inside: auto"><td>{lines}</td></tr></table>'
        "</section>"
    )
    with pikepdf.open(
        io.BytesIO(print_document(Document("Essai", "Nous", [Part("l’essai", SafeString(html))])))
    ) as pdf:
        assert lonely_headings(pdf) == ["/H3"]
        assert count_rows(pdf) > len(ROW.findall(html)) == 1


EPCI, PLAN = "Communauté de communes du Val d’Orvelle", "Val d’Orvelle 2032"
CUT_HEADS = (  # a table that goes on says its headers again; and what says that it does
    ("Qui, Son intérêt, Face à l’objectif", "Face à l’objectif"),
    ("Acteur, Place dans le projet, Personne relais", "Place dans le projet"),
)
ROW = re.compile(r"<tr(?:(?!</tr>).)*<td", re.DOTALL)  # with a cell: a row of headers is drawn again on each page
NOT_READ = re.compile(r"<svg.*?</svg>|<caption>.*?</caption>", re.DOTALL)  # drawings, and words for those who see none
YEAR = re.compile(r'class="timeline__year"[^>]*>([^<]*)<')  # what a reader of PDF reads of a drawing


def read_aloud(html: str) -> str:
    drawn = NOT_READ.sub(lambda part: " ".join(YEAR.findall(part[0])), html)
    return unescape(re.sub(r"<[^>]+>", " ", drawn))


def letters_of(text: str) -> Counter:
    return Counter(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())


def test_the_text_of_each_sheet_is_the_one_that_the_database_gives(printed, texts, bookmarks):
    """Letter for letter, wherever lines are cut: nothing of the rows is lost, nothing else is said."""
    said, written = printed[2:4]
    starts = {words.split(" · ")[0]: (words, number) for level, words, number in bookmarks if level == 2}
    ends = sorted(number for _, _, number in bookmarks)
    for reference, told in said.items():
        title, start = starts[reference]
        end = next(number for number in ends if number > start)
        found = letters_of(" ".join(texts[start - 1 : end - 1]))
        for text in told:
            assert not letters_of(text) - found, (reference, text)
        head = shorten(title, HEAD, placeholder=" …", break_on_hyphens=False)
        around = [f"{EPCI} {head} {PLAN} page {number} sur {len(texts)}" for number in range(start, end)]
        text = " ".join(texts[start - 1 : end - 1])
        again = [head for head, told in CUT_HEADS for _ in range(text.count(told) - 1)]
        assert found == letters_of(" ".join([read_aloud(written[reference]), *around, *again])), reference
