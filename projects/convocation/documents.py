"""Makes the copies that are handed over on paper: one letter for each person whom no mail reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cooperation.french import date_fr
from cooperation.printing import Document, Part
from projects.convocation.letters import opening_of, remarks_of, title_of
from projects.convocation.models import Envelope, Mailing
from projects.minutes.attendance import chair_of
from projects.minutes.content import when_and_where


def copies_document(mailing: Mailing, copies: Sequence[Envelope], *, today: date) -> Document:
    """A letter for each copy, with the place where whoever receives it signs: the proof that the clerk then notes."""
    session = mailing.session
    sentence = f"{session.body}, séance du {date_fr(mailing.held_on)}"
    told = {
        "epci": str(session.intercommunality),
        "sentence": sentence,
        "mailing": mailing,
        "facts": facts_of(mailing),
        "remarks": remarks_of(mailing),
        "chair": chair_of(session),
        "is_convocation": mailing.kind == Mailing.Kind.CONVOCATION,
    }
    return Document(
        title=f"{mailing.get_kind_display()} — {sentence}",
        author=told["epci"],
        subject=f"Imprimé le {date_fr(today)}",
        header=told["epci"],
        footer=sentence,
        parts=[Part(f"la lettre à {copy.name}", letter(mailing, copy, told), numbered=False) for copy in copies],
    )


def letter(mailing: Mailing, copy: Envelope, told: dict[str, Any]) -> SafeString:
    words = {"copy": copy, "title": title_of(mailing, copy), "opening": opening_of(mailing, copy)}
    return render_to_string("projects/pdf/_convocation.html", told | words)


def facts_of(mailing: Mailing) -> list[tuple[str, str]]:
    """When, where and how, as it was told."""
    told = when_and_where(mailing.held_on, mailing.held_at, mailing.place)
    how = [("Participation", mailing.get_format_display())] if mailing.is_remote else []
    return [("Instance", str(mailing.session.body)), *told, *how]
