"""Sends what is due about the sessions: each copy once, under the same Message-ID, whatever the mail server does."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage

from cooperation.letters import Posted, post_each
from projects.convocation.letters import write
from projects.convocation.models import Envelope, Mailing
from projects.convocation.services import inform_of_what_is_done
from projects.deliberation.models import Session


def post(now: datetime) -> Posted:
    """Prepare what became ready, then send what waits."""
    inform_of_what_is_done(now)
    waiting = Envelope.objects.filter(way=Envelope.Way.MAIL, dropped_at=None)
    waiting = waiting.select_related("person", "mailing__session__body", "mailing__session__intercommunality")
    return post_each(waiting.due(now), write_what_holds, now)


def write_what_holds(envelope: Envelope, now: datetime) -> EmailMessage | None:
    """Write the copy, or give it up when it would tell what is no longer true."""
    if still_holds(envelope):
        return write(envelope, now)
    Envelope.objects.filter(pk=envelope.pk, sent_at=None).update(dropped_at=now)
    return None


def still_holds(envelope: Envelope) -> bool:
    """Whether the copy still tells the truth when it is about to leave, to somebody who may still read it."""
    if envelope.person is None or not envelope.person.is_active:
        return False
    mailing, session = envelope.mailing, envelope.mailing.session
    if mailing.kind not in Mailing.ABOUT_THE_DAY:
        return True
    if Mailing.objects.filter(session=session, kind__in=Mailing.ABOUT_THE_DAY, number__gt=mailing.number).exists():
        return False
    awaited = Session.State.CANCELLED if mailing.kind == Mailing.Kind.CANCELLATION else Session.State.CONVENED
    return session.state == awaited
