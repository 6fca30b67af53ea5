"""A letter that leaves once: claimed before each try, the same Message-ID at each, tried again later and later.

A letter is claimed by moving its next try forward, in one statement that a single process wins: no letter leaves twice
at once. Should a process die after the server took it, the reader's mailbox recognises the second one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPException
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.db.models import F

log = structlog.get_logger(__name__)


class PostedLetter(models.Model):
    """What any letter that waits for the mail server has: its Message-ID, its tries, the moment when it left."""

    message_id = models.CharField(max_length=120, unique=True)  # the same at each try: no reader shows it twice
    made_at = models.DateTimeField("préparée le")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_try_at = models.DateTimeField("prochain essai")
    sent_at = models.DateTimeField("partie le", null=True, blank=True)

    class Meta:
        abstract = True


def new_message_id() -> str:
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try again a letter that the mail server refused so many times: later and later, at most six hours."""
    return now + timedelta(minutes=min(2**attempts, 360))


def claim(letter: PostedLetter, now: datetime) -> bool:
    """Take a letter for oneself; whatever happens next, it is tried again later if it did not leave."""
    free = type(letter)._default_manager.filter(pk=letter.pk, sent_at=None, next_try_at=letter.next_try_at)
    return bool(free.update(attempts=F("attempts") + 1, next_try_at=next_try(letter.attempts, now)))


def hand_over(letter: PostedLetter, message: EmailMessage, now: datetime) -> bool:
    """Give a claimed letter, written under its Message-ID, to the mail server; says whether it was taken."""
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("letter_waits", letter=letter.pk, attempts=letter.attempts + 1, error=type(error).__name__)
        return False
    type(letter)._default_manager.filter(pk=letter.pk).update(sent_at=now)
    return True
