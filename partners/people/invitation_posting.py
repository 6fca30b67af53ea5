"""Sends the invitations that wait: each once, whatever the mail server does. How is in `cooperation.letters`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cooperation.french import quoted
from cooperation.letters import Posted, post_each
from partners.people.invitation_services import token_of
from partners.people.invitations import LASTS, Invitation, InvitationLetter


def post(now: datetime) -> Posted:
    """Send what waits."""
    waiting = InvitationLetter.objects.select_related("invitation__partner", "invitation__intercommunality")
    return post_each(waiting.due(now), write, now)


def write(letter: InvitationLetter, now: datetime) -> EmailMessage | None:
    """Write the mail; its seven days are counted from now, since nobody had the link before.

    A link that was used, taken back or replaced meanwhile is not sent.
    """
    invitation = letter.invitation
    if invitation.accepted_at or invitation.revoked_at:
        letter.delete()
        return None
    invitation.expires_at = now + LASTS
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.expires_at)
    address = settings.SITE_URL + reverse("partners:invitation", args=[token_of(letter.message_id)])
    return EmailMessage(
        subject=" ".join(f"Vous êtes invité·e à représenter {quoted(str(invitation.partner))}".split()),
        body=render_to_string("partners/emails/invitation.txt", {"invitation": invitation, "address": address}),
        to=[invitation.email],
        headers={"Message-ID": letter.message_id},
    )
