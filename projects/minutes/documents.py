"""Prints what a session leaves: the list of its decisions, its procès-verbal (PDF/UA-1)."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from cooperation.french import date_fr
from cooperation.printing import Document, Limits, Part, print_document
from projects.deliberation.models import Session
from projects.minutes.content import gather

LIMITS = Limits(seconds=60, cpu_seconds=60)


def print_decisions(session: Session, *, today: date) -> bytes:
    """The relevé de décisions: the outcome of each item, as it was proclaimed; raises PrintingError."""
    return print_paper(session, title="Relevé de décisions", template="_decisions", today=today)


def print_minutes(session: Session, *, today: date) -> bytes:
    """The procès-verbal, with all that the law asks of it (CGCT, art. L. 2121-15); raises PrintingError."""
    return print_paper(session, title="Procès-verbal", template="_minutes", today=today)


def print_paper(session: Session, *, title: str, template: str, today: date) -> bytes:
    paper = gather(session, today=today)
    sentence = f"{session.body}, séance du {date_fr(session.held_on)}"
    context = {"paper": paper, "session": session, "title": title, "sentence": sentence, "today": today}
    html = render_to_string(f"projects/pdf/{template}.html", context)
    document = Document(
        title=f"{title} — {sentence}",
        author=paper.epci,
        subject=f"Imprimé le {date_fr(today)}",
        parts=[Part(title.lower(), html)],
    )
    return print_document(document, limits=LIMITS)
