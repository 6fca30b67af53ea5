"""The printed result of a consultation: what was asked, what each commune said, how it was counted."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from cooperation.french import date_fr
from cooperation.printing import Document, Part, print_document
from cooperation.printing.process import SHEET
from territories.consultations.models import Consultation
from territories.consultations.presentation import situation_on


def print_consultation(consultation: Consultation, *, day: date) -> bytes:
    """Print the state of a consultation on a day (PDF/UA-1); raises PrintingError."""
    return print_document(consultation_document(consultation, day=day), limits=SHEET)


def consultation_document(consultation: Consultation, *, day: date) -> Document:
    epci = consultation.intercommunality
    context = {
        "consultation": consultation,
        "procedure": consultation.procedure,
        "situation": situation_on(consultation, day),
        "epci": epci,
    }
    html = render_to_string("territories/pdf/_consultation.html", context)
    return Document(
        title=consultation.title,
        author=epci.name,
        subject=f"{consultation.procedure.label}, état au {date_fr(day)}",
        header=epci.name,
        footer=f"{consultation.title}, état au {date_fr(day)}",
        parts=[Part("la consultation", html)],
    )
