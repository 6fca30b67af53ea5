"""Makes the note of a session and its pack, in parts: what did not change is not laid out again."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cooperation.french import date_fr
from cooperation.printing import Cites, Document, Part
from projects.briefing.content import Note


def note_document(note: Note) -> Document:
    session = note.session
    return Document(
        title=f"{note.title} — {session.body}, {date_fr(session.held_on)}",
        author=note.epci,
        subject=f"Séance du {date_fr(session.held_on)}, imprimé le {date_fr(note.printed_on)}",
        keywords="note de synthèse, séance, ordre du jour",
        header=note.epci,
        footer=f"{session.body}, séance du {date_fr(session.held_on)}",
        parts=list(write_parts(note)),
    )


def write_parts(note: Note) -> Iterable[Part]:
    yield Part("la couverture", write("note_cover", note=note), numbered=False)
    yield Part("l’ordre du jour", write("note_agenda", note=note), cites=Cites.COLUMN)
    for item in note.items:
        yield Part(f"le point {item.rank}", write("note_item", item=item))
    if note.delegated and note.delegated.decisions:
        yield Part("les décisions par délégation", write("note_delegated", note=note))
    if note.has_annexe:
        yield Part("les avis des membres", write("note_annexe", note=note))
    for sheet in note.sheets:
        yield Part(f"la fiche {sheet.reference}", write("sheet", sheet=sheet))


def write(template: str, **values: object) -> SafeString:
    return render_to_string(f"projects/pdf/_{template}.html", values)
