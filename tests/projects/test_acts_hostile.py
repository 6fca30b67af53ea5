"""The papers of a session, of a consultation and of a project alone, made of hostile texts: printed as texts, whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import cycle

import pytest
from django.utils.html import escape

from cooperation.printing import Document, print_document, print_in_parts
from projects.briefing.content import Received
from projects.briefing.content import gather as gather_note
from projects.briefing.documents import note_document
from projects.convocation.opinion_reads import Line
from projects.delegated.services import Report
from projects.minutes import content, documents
from projects.models import Decision, Minutes, Project, Session
from projects.report import documents as sheets
from territories.consultations.exports import consultation_document
from territories.models import Consultation
from tests.projects.test_report_hostile import FILES, aimed_at, server, sheet_of, texts_in  # noqa: F401

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
NO_SUCH_SIGN = (
    ".notdef"  # of a language that no font of the machine draws: the standard counts it, a reader sees a blank
)
SPREAD = 40  # one text of so many: each of them is printed in the sheets of the other test


class Texts:
    """Hostile texts, one after another, for ever."""

    def __init__(self, texts):
        self.all = texts
        self.next = cycle(texts).__next__

    def some(self, count):
        return [self.next() for _ in range(count)]


def session_of(texts) -> Session:
    session = Session.objects.select_related("body", "intercommunality").get(
        body__kind="council", held_on=date(2026, 9, 24)
    )
    session.place, session.body.name, session.intercommunality.name = texts.some(3)
    return session


def hostile_decisions(texts) -> list[Decision]:
    decisions = list(Decision.objects.select_related("item__project", "item__session__body")[:3])
    for decision in decisions:
        decision.text, decision.item.project.title, decision.item.session.body.name = texts.some(3)
    return decisions


def papers_of(texts, make) -> Document:
    session = session_of(texts)
    paper = content.gather(session, today=TODAY)
    items = [
        replace(
            item, title=texts.next(), rapporteur=texts.next(), aside=texts.next(), text="\n".join(texts.some(5)),
            discussion="\n\n".join(texts.some(5)), ballot_request=texts.next(), ballot=texts.next(),
            names=[(texts.next(), ", ".join(texts.some(5)))],
            corrections=[
                {"number": 1, "on": TODAY, "reason": texts.next(), "changes": texts.some(3), "text": texts.next()}
            ],
        )
        for item in paper.items
    ]  # fmt: skip
    told = dict(
        zip(("chair", "secretary", "attending", "represented", "absent", "remarks"), texts.some(6), strict=True)
    )
    minutes = Minutes(session=session, **told)
    hostile = replace(
        paper,
        epci=texts.next(),
        items=items,
        minutes=minutes,
        members=content.members_of(minutes),
        delegated=Report(hostile_decisions(texts), 2),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "gather", lambda *_, **__: hostile)
        return make(session, today=TODAY)


def minutes(texts) -> Document:
    return papers_of(texts, documents.minutes_document)


def decisions(texts) -> Document:
    return papers_of(texts, documents.decisions_document)


def pack(texts) -> Document:
    session = session_of(texts)
    note = gather_note(session, today=TODAY, with_members=True, with_sheets=True)
    items = [
        replace(
            item, rapporteur=texts.next(), asked=texts.next(), draft="\n\n".join(texts.some(6)),
            sheet=sheet_of(f"H{item.rank}", texts.some(45)),
            opinions=[Received(*texts.some(4)) for _ in range(3)],
            members=[Line(*texts.some(6), has_changed=True) for _ in range(3)], members_said=texts.next(),
        )
        for item in note.items
    ]  # fmt: skip
    return note_document(
        replace(
            note,
            epci=texts.next(),
            place=texts.next(),
            items=items,
            sheets=[one.sheet for one in items],
            delegated=Report(hostile_decisions(texts), 1),
        )
    )


def consultation(texts) -> Document:
    asked = Consultation.objects.with_answers().get(procedure_code="a-la-carte")
    asked.title, asked.question, asked.council_reference, asked.order_reference = texts.some(4)
    asked.intercommunality.name = texts.next()
    asked.result = asked.result | {"reasons": texts.some(6), "warnings": texts.some(3)}
    for answer in asked.answers.all():
        answer.reference, answer.commune.name = texts.some(2)
    return consultation_document(asked, day=TODAY)


def sheet_alone(texts) -> Document:
    project = Project.objects.select_related("intercommunality").get(reference="P23")
    project.intercommunality.name = texts.next()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "gather_sheet", lambda *_, **__: sheet_of("H", texts.some(45)))
        return sheets.project_document(project, moment=texts.next(), today=TODAY)


@pytest.mark.parametrize("write", [minutes, decisions, pack, consultation, sheet_alone])
def test_a_paper_of_hostile_texts_is_whole_and_asks_nothing_of_anybody(demo_territory, shared_data, server, write):  # noqa: F811
    address, asked = server
    spread = [text for name in FILES for text in texts_in(shared_data / "hostile" / name)[::SPREAD]]
    texts = Texts([*aimed_at(address), *spread])
    document = write(texts)
    if len(document.parts) == 1:
        content = print_document(document)
    else:
        printed = print_in_parts(document)
        assert printed.missing == []
        content = printed.content
    assert asked == []
    html = document.as_html()
    marked = [text for text in texts.all if re.search(r"<[\w/!]", text)]
    assert [text for text in marked if text in html] == []
    assert sum(escape(text) in html for text in marked) > 10
    page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert [one.message for one in report.failures if NO_SUCH_SIGN not in one.message] == []
