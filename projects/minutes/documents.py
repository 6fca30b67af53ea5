"""Makes what a session leaves on paper: the list of its decisions, its procès-verbal."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from cooperation.french import date_fr
from cooperation.printing import Document, Part
from projects.deliberation.models import Session
from projects.minutes.content import gather


def decisions_document(session: Session, *, today: date) -> Document:
    """The relevé de décisions: the outcome of each item, as it was proclaimed."""
    return paper_document(session, title="Relevé de décisions", template="_decisions", today=today)


def minutes_document(session: Session, *, today: date) -> Document:
    """The procès-verbal, with all that the law asks of it (CGCT, art. L. 2121-15)."""
    return paper_document(session, title="Procès-verbal", template="_minutes", today=today)


def paper_document(session: Session, *, title: str, template: str, today: date) -> Document:
    paper = gather(session, today=today)
    sentence = f"{session.body}, séance du {date_fr(session.held_on)}"
    context = {"paper": paper, "session": session, "title": title, "sentence": sentence, "today": today}
    html = render_to_string(f"projects/pdf/{template}.html", context)
    return Document(
        title=f"{title} — {sentence}",
        author=paper.epci,
        subject=f"Imprimé le {date_fr(today)}",
        header=paper.epci,
        footer=sentence,
        parts=[Part(title.lower(), html)],
    )
