"""What is said of a session to whom it is told, and the mail that says it, with the appointment that goes with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cooperation.french import date_fr, hour_fr
from cooperation.icalendar import Event, calendar_of
from projects.convocation.models import Envelope, Mailing
from projects.deliberation.models import Session

USUAL_LENGTH = timedelta(hours=2)  # of a session whose agenda says no duration
# What is sent to the councillors after a session: the page where it is read.
PAGES = {
    Mailing.Kind.DECISIONS: "projects:decisions_print",
    Mailing.Kind.OPINIONS: "projects:decisions_print",
    Mailing.Kind.MINUTES: "projects:minutes_print",
}


def write(envelope: Envelope, now: datetime) -> EmailMessage:
    """Write one copy; the appointment goes to those who sit, in a form that their diary enters by itself."""
    mailing = envelope.mailing
    message = EmailMessage(
        subject=subject_of(mailing, envelope),
        body=render_to_string("projects/emails/convocation.txt", told_in(envelope)),
        to=[envelope.person.email],
        headers={"Message-ID": envelope.message_id},
    )
    if mailing.kind in Mailing.ABOUT_THE_DAY and envelope.capacity != Envelope.Capacity.COUNCILLOR:
        message.attach(appointment(envelope, now))
    return message


def subject_of(mailing: Mailing, envelope: Envelope) -> str:
    return " ".join(f"{title_of(mailing, envelope)} : {mailing.session.body}, {date_fr(mailing.held_on)}".split())


def title_of(mailing: Mailing, envelope: Envelope) -> str:
    """What the copy is, in two or three words."""
    names = {
        Mailing.Kind.CONVOCATION: "Nouvelle convocation" if mailing.number else "Convocation",
        Mailing.Kind.CANCELLATION: "Séance annulée",
    }
    title = names.get(Mailing.Kind(mailing.kind), mailing.get_kind_display())
    informed = " (pour information)" if envelope.capacity == Envelope.Capacity.COUNCILLOR else ""
    return f"{title}{informed}"


def opening_of(mailing: Mailing, envelope: Envelope) -> str:
    """The sentence that says to this reader, in this capacity, why they are written to."""
    kind, capacity = Mailing.Kind(mailing.kind), Envelope.Capacity(envelope.capacity)
    if kind == Mailing.Kind.CANCELLATION:
        return "La séance suivante est annulée\u00a0:"
    if kind != Mailing.Kind.CONVOCATION:
        return "Un document d’une séance est à votre disposition (CGCT, art. L. 5211-40-2)\u00a0:"
    if capacity == Envelope.Capacity.COUNCILLOR:
        return (
            "En tant que membre d’un conseil municipal, vous êtes informé·e de la séance suivante "
            "(CGCT, art. L. 5211-40-2)\u00a0:"
        )
    if capacity == Envelope.Capacity.SUBSTITUTE:
        holder = envelope.detail.removeprefix("supplée ")
        return f"Vous êtes convoqué·e en qualité de suppléant·e\u00a0: vous siégez si {holder} est absent·e."
    return "Vous êtes convoqué·e à la séance suivante\u00a0:"


def remarks_of(mailing: Mailing) -> list[str]:
    """What must also be known of a convocation: it takes the place of another, it comes late and why."""
    remarks = ["Cette convocation remplace la précédente."] if mailing.number else []
    if mailing.urgency:
        remarks += [
            f"La séance est convoquée en urgence\u00a0: {mailing.urgency}",
            "L’assemblée se prononcera sur l’urgence à l’ouverture (CGCT, art. L. 2121-12).",
        ]
    return remarks


def told_in(envelope: Envelope) -> dict[str, Any]:
    mailing, session = envelope.mailing, envelope.mailing.session
    items = dict(session.items.values_list("project_id", "pk"))
    lines = [
        {"title": title, "address": address("projects:item_file", items[pk]) if pk in items else ""}
        for pk, title in mailing.agenda
    ]
    return {
        "mailing": mailing,
        "session": session,
        "opening": opening_of(mailing, envelope),
        "remarks": remarks_of(mailing),
        "is_convocation": mailing.kind == Mailing.Kind.CONVOCATION,
        "is_cancellation": mailing.kind == Mailing.Kind.CANCELLATION,
        "is_councillor": envelope.capacity == Envelope.Capacity.COUNCILLOR,
        "hour": hour_fr(mailing.held_at),
        "lines": lines,
        "session_address": address("projects:session", session.pk),
        "note_address": address("projects:session_note", session.pk),
        "document_address": address(PAGES[kind], session.pk) if (kind := Mailing.Kind(mailing.kind)) in PAGES else "",
    }


def address(name: str, pk: int) -> str:
    return settings.SITE_URL + reverse(name, args=[pk])


def appointment(envelope: Envelope, now: datetime) -> MIMEText:
    """The appointment: entered at the first convocation, moved by the next, crossed out by a cancellation."""
    mailing, session = envelope.mailing, envelope.mailing.session
    is_cancelled = mailing.kind == Mailing.Kind.CANCELLATION
    method = "CANCEL" if is_cancelled else "REQUEST"
    start, end = times_of(mailing, session)
    event = Event(
        uid=f"seance-{session.pk}@{urlsplit(settings.SITE_URL).hostname}",
        start=start,
        end=end,
        summary=str(session.body),
        description="\n".join(f"{rank}. {title}" for rank, title in enumerate(mailing.titles, start=1)),
        location=mailing.place or ("visioconférence" if mailing.format == Session.Format.REMOTE else ""),
        url=address("projects:session", session.pk),
        is_cancelled=is_cancelled,
        sequence=mailing.number,
        organizer=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendee=envelope.person.email,
    )
    part = MIMEText(calendar_of([event], name="", now=now, method=method), "calendar", "utf-8")
    part.set_param("method", method)
    part.add_header("Content-Disposition", "attachment", filename="seance.ics")
    return part


def times_of(mailing: Mailing, session: Session) -> tuple[datetime | date, datetime | date]:
    """From the hour told to the end of the agenda; the whole day while no hour is told."""
    if mailing.held_at is None:
        return mailing.held_on, mailing.held_on
    start = timezone.make_aware(datetime.combine(mailing.held_on, mailing.held_at))
    minutes = sum(filter(None, session.items.values_list("minutes_planned", flat=True)))
    return start, start + (timedelta(minutes=minutes) if minutes else USUAL_LENGTH)
