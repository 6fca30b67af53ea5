"""Sends what is due about the sessions: each copy once, under the same Message-ID, whatever the mail server does."""

from __future__ import annotations

from datetime import datetime

from cooperation.letters import Posted, claim, hand_over, mail_server
from projects.convocation.letters import write
from projects.convocation.models import Envelope, Mailing
from projects.convocation.services import inform_of_what_is_done
from projects.deliberation.models import Session

AT_ONCE = 500


def post(now: datetime) -> Posted:
    """Prepare what became ready, then send what waits; a server that is down costs nobody a letter."""
    inform_of_what_is_done(now)
    posted = Posted()
    ready = Envelope.objects.filter(way=Envelope.Way.MAIL, sent_at=None, dropped_at=None, next_try_at__lte=now)
    ready = ready.select_related("person", "mailing__session__body", "mailing__session__intercommunality")
    with mail_server() as server:
        for envelope in ready.order_by("next_try_at", "pk")[:AT_ONCE]:
            if not server.answers():
                posted.waiting += 1
            elif not claim(envelope, now):
                continue
            elif not still_holds(envelope):
                Envelope.objects.filter(pk=envelope.pk, sent_at=None).update(dropped_at=now)
                posted.dropped += 1
            elif hand_over(envelope, write(envelope, now), now, server):
                posted.sent += 1
            else:
                posted.waiting += 1
    return posted


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
