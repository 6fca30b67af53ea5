"""The papers of a session, of a consultation and of a project alone: every page read, none looks forgotten."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from cooperation.printing import Document, print_document, print_in_parts
from projects.briefing.content import gather as gather_note
from projects.briefing.documents import note_document
from projects.minutes import content, documents
from projects.models import Project, Session
from projects.report.documents import project_document
from territories.consultations.exports import consultation_document
from territories.models import Consultation
from tests.projects.structure import count_rows, lonely_headings

pikepdf = pytest.importorskip("pikepdf")
pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
FEW = 60  # words of a page that says next to nothing, its heads included
ROW = re.compile(r"<tr(?:(?!</tr>).)*<td", re.DOTALL)  # with a cell: a row of headers is drawn again on each page
SAID = "Le président rappelle l’objet de la délibération et ce que la commission en a dit après l’avoir lue. " * 6
MEMBERS = [f"Camille Dubreuil-Lavigne {number} (Saint-Maurin-sur-Orvelle)" for number in range(1, 49)]


def council(day: date) -> Session:
    return Session.objects.get(body__kind="council", held_on=day)


def of_minutes(epci) -> Document:
    return documents.minutes_document(council(date(2026, 9, 24)), today=TODAY)


def of_empty_minutes(epci) -> Document:
    return documents.minutes_document(council(date(2026, 4, 23)), today=TODAY)


def of_decisions(epci) -> Document:
    return documents.decisions_document(council(date(2024, 3, 28)), today=TODAY)


def lengthen(paper: content.Paper) -> content.Paper:
    """A session of twelve items: discussions of any length, ballots by name, a correction, 48 members."""
    items = []
    for rank in range(1, 13):
        item = replace(paper.items[rank % 3], rank=rank, discussion="\n\n".join([SAID] * (rank % 4)))
        if rank % 3 == 1:
            names = [("Pour", ", ".join(MEMBERS[:34])), ("Contre", ", ".join(MEMBERS[34:]))]
            item = replace(item, ballot="public", names=names, ballot_request="demandé par un quart des présents")
        if rank == 5:
            item = replace(item, text="\n\n".join([SAID] * 4))
        if rank == 8:
            slip = {"number": 1, "on": TODAY, "reason": "une faute de frappe", "changes": ["44 votants"], "text": SAID}
            item = replace(item, corrections=[slip])
        items.append(item)
    members = [replace(paper.members[0], text="\n".join(MEMBERS)), *paper.members[1:]]
    return replace(paper, items=items, members=members)


def of_long_minutes(epci) -> Document:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "gather", lambda session, *, today: lengthen(content.gather(session, today=today)))
        return of_minutes(epci)


def of_long_decisions(epci) -> Document:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "gather", lambda session, *, today: lengthen(content.gather(session, today=today)))
        return documents.decisions_document(council(date(2026, 9, 24)), today=TODAY)


def of_pack(epci) -> Document:
    session = council(date(2026, 12, 10))
    return note_document(gather_note(session, today=TODAY, with_members=True, with_sheets=True, internal=True))


def of_note(epci) -> Document:
    session = Session.objects.get(body__kind="bureau", held_on=date(2026, 10, 12))
    return note_document(gather_note(session, today=TODAY, with_members=False))


def of_consultation(epci) -> Document:
    asked = Consultation.objects.with_answers().get(intercommunality=epci, procedure_code="a-la-carte")
    return consultation_document(asked, day=TODAY)


def of_sheet(epci) -> Document:
    return project_document(Project.objects.get(reference="P23"), moment="Déposé le 5 octobre 2026", today=TODAY)


# Each paper, and how many pages it may take.
PAPERS = {
    of_minutes: 2,
    of_empty_minutes: 1,
    of_decisions: 1,
    of_long_minutes: 9,
    of_long_decisions: 6,
    of_note: 3,
    of_pack: 12,
    of_consultation: 1,
    of_sheet: 3,
}


def pages_of(pdf: bytes) -> list[str]:
    pages = []
    for layout in extract_pages(io.BytesIO(pdf)):
        text = " ".join(item.get_text() for item in layout if isinstance(item, LTTextContainer))
        pages.append(re.sub(r"\s+", " ", text))
    return pages


def letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


def faults_of(document: Document, pdf: bytes) -> list[str]:
    """What a reader would stumble on, page by page."""
    faults, pages = [], pages_of(pdf)
    covered = not document.parts[0].numbered
    for number, text in enumerate(pages, start=1):
        if covered and number == 1:
            continue
        if f"page {number} sur {len(pages)}" not in text:
            faults.append(f"page {number} does not say its number")
        if not (letters(document.header) in letters(text) and letters(document.footer) in letters(text)):
            faults.append(f"page {number} does not say whose it is, or of what")
        if len(text.split()) < FEW and "Ordre du jour" not in text:
            faults.append(f"page {number} says next to nothing: {text}")
    if "@" in " ".join(pages) or re.search(r"\b0[1-9]([ .]?\d\d){4}\b", " ".join(pages)):
        faults.append("a way to reach somebody is printed")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        faults += [f"{heading} ends a page" for heading in lonely_headings(opened)]
        if (cut := count_rows(opened) - len(ROW.findall(document.as_html()))) > 0:
            faults.append(f"{cut} rows are cut")
    return faults


def print_it(document: Document) -> bytes:
    return print_document(document) if len(document.parts) == 1 else print_in_parts(document).content


@pytest.mark.parametrize("write", PAPERS, ids=lambda write: write.__name__)
def test_every_page_of_a_paper_holds_its_own(demo_territory, write):
    document = write(demo_territory)
    pdf = print_it(document)
    assert document.header == demo_territory.name and document.footer
    assert faults_of(document, pdf) == []
    assert len(pages_of(pdf)) <= PAPERS[write]


def test_a_note_printed_again_says_what_was_decided_before_its_session(demo_territory):
    """Printed after it, it would call « déjà rendu » what it was written to prepare."""
    session = council(date(2026, 9, 24))
    note = gather_note(session, today=TODAY, with_members=False)
    told = {item.sheet.reference: [one.on for one in item.decisions] for item in note.items}
    assert told["P23"] == [date(2025, 12, 11)]
    assert all(day < session.held_on for days in told.values() for day in days)


def test_no_line_ends_between_a_number_of_votes_and_its_word(demo_territory):
    counts = [item.count for item in content.gather(council(date(2024, 3, 28)), today=TODAY).items]
    assert counts[0] == "42\u00a0pour, 0\u00a0contre, 1\u00a0abstention"
