"""Every kind of document that the platform prints breaks no rule of PDF/UA-1; a new kind cannot be forgotten."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from cooperation.printing import impose, print_document, print_in_parts
from projects.briefing.content import gather as gather_note
from projects.briefing.documents import note_document
from projects.convocation.documents import copies_document
from projects.convocation.models import Envelope
from projects.convocation.services import agenda_of
from projects.minutes import documents as papers
from projects.models import PrintVersion, Project, Session
from projects.report.choices import Choices
from projects.report.content import gather
from projects.report.documents import changes_document, project_document, report_document
from projects.report.versions import compare, facts_of
from territories.consultations.exports import print_consultation
from territories.models import Consultation

pytestmark = pytest.mark.django_db
page = pytest.importorskip("page", reason="page-validation checks PDF/UA")
HOUSES = ("territories", "partners", "projects")
DAY = date(2026, 10, 5)


def print_report(epci) -> list[bytes]:
    """On A5 and as a booklet, with every chapter and a few sheets; on A4, `test_report_demo` prints all of it."""
    choices = Choices(format="a5", states=("suspended", "deferred", "completed"))
    report = gather(epci, user=None, today=timezone.localdate(), choices=choices)
    printed = print_in_parts(report_document(report))
    return [printed.content, impose(printed.path)]


def print_sheet(epci) -> list[bytes]:
    project = Project.objects.get(reference="P23")
    return [print_document(project_document(project, moment="Déposé le 5 octobre 2026", today=DAY))]


def print_changes(epci) -> list[bytes]:
    versions = [
        PrintVersion(
            intercommunality=epci,
            number=number,
            label=f"V{number}",
            facts=facts_of(gather(epci, user=None, today=DAY, choices=Choices(as_of=day))),
        )
        for number, day in ((1, "2025-01-01"), (2, "2026-09-30"))
    ]
    comparison = compare(*(version.facts for version in versions))
    return [print_in_parts(changes_document(*versions, comparison)).content]


def print_papers(epci) -> list[bytes]:
    session = Session.objects.get(body__kind="council", held_on=date(2026, 9, 24))
    makers = (papers.decisions_document, papers.minutes_document)
    return [print_document(make(session, today=DAY)) for make in makers]


def print_letters(epci) -> list[bytes]:
    """To a member and a substitute, of a session convened again and in an emergency."""
    session = Session.objects.get(body__kind="council", held_on=date(2026, 9, 24))
    mailing = session.mailings.create(
        intercommunality=epci,
        kind="convocation",
        held_on=session.held_on,
        held_at=session.held_at,
        place=session.place,
        agenda=agenda_of(session),
        number=1,
        urgency="Une dérogation expire",
        made_at=timezone.now(),
    )
    copies = [
        Envelope(mailing=mailing, name="Ali Nassar", detail="maire", capacity="member"),
        Envelope(mailing=mailing, name="Zoé Lemaire", detail="supplée Ali Nassar", capacity="substitute"),
    ]
    return [print_in_parts(copies_document(mailing, copies, today=DAY)).content]


def print_packs(epci) -> list[bytes]:
    session = Session.objects.filter(items__isnull=False, body__kind="council").order_by("-held_on").first()
    note = gather_note(session, today=DAY, with_members=True, with_sheets=True, internal=True)
    return [print_in_parts(note_document(note)).content]


def print_consultations(epci) -> list[bytes]:
    asked = Consultation.objects.with_answers().filter(intercommunality=epci, procedure_code="restitution")
    return [print_consultation(consultation, day=DAY) for consultation in asked]


# Each function that makes a document, and how the demo prints it.
DOCUMENTS = {
    "projects.report.documents.report_document": print_report,
    "projects.report.documents.project_document": print_sheet,
    "projects.report.documents.changes_document": print_changes,
    "projects.briefing.documents.note_document": print_packs,
    "projects.convocation.documents.copies_document": print_letters,
    "projects.minutes.documents.paper_document": print_papers,
    "territories.consultations.exports.consultation_document": print_consultations,
}


def makers() -> set[str]:
    """The functions that call `Document(…)`, in the modules that take it from the printing room."""
    found = set()
    for house in HOUSES:
        for path in sorted(Path(settings.BASE_DIR, house).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if not any(takes_document(node) for node in ast.walk(tree)):
                continue
            module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
            found |= {
                f"{module}.{function.name}"
                for function in ast.walk(tree)
                if isinstance(function, ast.FunctionDef) and any(makes_document(node) for node in ast.walk(function))
            }
    return found


def takes_document(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("cooperation.printing")
        and any(name.name == "Document" for name in node.names)
    )


def makes_document(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Document"


def test_no_kind_of_document_is_forgotten():
    assert makers() == set(DOCUMENTS)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_it_breaks_no_rule_of_pdf_ua(demo_territory, kind):
    printed = DOCUMENTS[kind](demo_territory)
    assert printed
    for content in printed:
        report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
        assert report.rules.failed == 0, [failure.message for failure in report.failures]
