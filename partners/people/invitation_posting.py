"""Sends the invitations that wait: each once, whatever the mail server does. How is in `cooperation.letters`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from cooperation.letters import Posted, claim, hand_over, mail_server
from partners.people.invitation_services import token_of
from partners.people.invitations import LASTS, Invitation, InvitationLetter

AT_ONCE = 500


def post(now: datetime) -> Posted:
    """Send what waits; a link that was taken back or replaced meanwhile is not sent."""
    posted = Posted()
    ready = InvitationLetter.objects.filter(sent_at=None, next_try_at__lte=now)
    ready = ready.select_related("invitation__partner", "invitation__intercommunality")
    with mail_server() as server:
        for letter in ready[:AT_ONCE]:
            if not server.answers():
                posted.waiting += 1
            elif not claim(letter, now):
                continue
            elif letter.invitation.accepted_at or letter.invitation.revoked_at:
                letter.delete()
                posted.dropped += 1
            elif hand_over(letter, write(letter, now), now, server):
                posted.sent += 1
            else:
                posted.waiting += 1
    return posted


def write(letter: InvitationLetter, now: datetime) -> EmailMessage:
    """Write the mail; its seven days are counted from now, since nobody had the link before."""
    invitation = letter.invitation
    invitation.expires_at = now + LASTS
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.expires_at)
    address = settings.SITE_URL + reverse("partners:invitation", args=[token_of(letter.message_id)])
    return EmailMessage(
        subject=" ".join(f"Vous êtes invité·e à représenter {invitation.partner}".split()),
        body=render_to_string("partners/emails/invitation.txt", {"invitation": invitation, "address": address}),
        to=[invitation.email],
        headers={"Message-ID": letter.message_id},
    )
