"""Letters to those whose opinion is asked: one each, leading to one page where answering takes a minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from projects.opinions.models import OpinionRequest
from projects.opinions.rules import Reminder

if TYPE_CHECKING:
    from partners.people.models import User

SUBJECTS = {
    Reminder.ASKED: "Votre avis est demandé",
    Reminder.SOON: "Votre avis est attendu dans quelques jours",
    Reminder.LAST: "Dernier rappel : votre avis est attendu",
}


def write_about(request: OpinionRequest, people: Iterable[User], *, kind: Reminder) -> int:
    """Write to each of the people about the opinion asked; the one place of this room where mail leaves."""
    text = render_to_string(
        "projects/emails/opinion.txt",
        {"request": request, "project": request.project, "address": settings.SITE_URL + request.get_absolute_url()},
    )
    subject = f"{SUBJECTS[kind]} : {request.project.title}".replace("\n", " ")
    letters = [EmailMessage(subject=subject, body=text, to=[person.email]) for person in people]
    return get_connection().send_messages(letters) or 0
