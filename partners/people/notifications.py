"""Letters to people about what concerns their organisation: one each, so that nobody reads the others' addresses."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import timezone

from partners.people.models import Membership
from territories.consultations.models import Answer, Consultation


def remind_communes(*, consultation: Consultation, answers: Sequence[Answer]) -> int:
    """Write to the people of each commune whose council has not answered yet; returns how many letters left."""
    by_commune = {answer.commune_id: answer for answer in answers}
    members = (
        Membership.objects.filter(intercommunality=consultation.intercommunality, commune__in=by_commune)
        .in_force(timezone.localdate())
        .select_related("user")
    )
    readers = {membership.user_id: membership for membership in members if membership.user.is_active}
    letters = [
        EmailMessage(
            subject=f"Votre conseil municipal est attendu : {consultation.title}".replace("\n", " "),
            body=render_to_string(
                "partners/emails/reminder.txt",
                {
                    "answer": by_commune[membership.commune_id],
                    "consultation": consultation,
                    "procedure": consultation.procedure,
                    "address": settings.SITE_URL + consultation.get_absolute_url(),
                },
            ),
            to=[membership.user.email],
        )
        for membership in readers.values()
    ]
    return get_connection().send_messages(letters) or 0 if letters else 0
