"""A letter that leaves once: claimed before each try, the same Message-ID at each, tried again later and later.

A letter is claimed by moving its next try forward, in one statement that a single process wins: no letter leaves twice
at once. Should a process die after the server took it, the reader's mailbox recognises the second one.

What is wrong with a letter is told from what is wrong with the server: while the latter does not answer, or does not
let us in, no letter is tried at all, and all of them leave at the first round after it is back. An address that it
refuses for good is tried no more: the letter waits, unsent, until somebody who put the address right asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import TypeVar
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import models
from django.db.models import F

log = structlog.get_logger(__name__)

AT_ONCE = 500  # letters looked at in one round, or notices put into letters
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # the next try of a letter whose address is refused for good
# No such mailbox, or none any more (RFC 5321, 4.2.3); other answers in 5xx are about the letter, or the room left.
NO_SUCH_ADDRESS = frozenset({550, 551, 553, 556})
# The same codes are answered to a server that may not write there (RFC 3463, 5.7): ours is to be put right then.
ABOUT_US = (b"5.7.", b"relay")


class LetterQuerySet(models.QuerySet):
    def due(self, now: datetime) -> LetterQuerySet:
        """Those to be tried in the round of this moment, the one that waits longest first."""
        return self.filter(sent_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")[:AT_ONCE]

    def refused(self) -> LetterQuerySet:
        """Those whose address is refused for good: they leave when somebody asks for it again."""
        return self.filter(sent_at=None, next_try_at=NEVER)

    def ask_again(self, now: datetime) -> int:
        """Let those that were refused leave at the next round; says how many."""
        return self.refused().update(attempts=0, next_try_at=now)


class PostedLetter(models.Model):
    """What any letter that waits for the mail server has: its Message-ID, its tries, the moment when it left."""

    message_id = models.CharField(max_length=120, unique=True)  # the same at each try: no reader shows it twice
    made_at = models.DateTimeField("préparée le")
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_try_at = models.DateTimeField("prochain essai")
    sent_at = models.DateTimeField("partie le", null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_refused(self) -> bool:
        """Whether its address is refused for good."""
        return self.sent_at is None and self.next_try_at == NEVER


AnyLetter = TypeVar("AnyLetter", bound=PostedLetter)


def new_message_id() -> str:
    return make_msgid(domain=urlsplit(settings.SITE_URL).hostname)


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try again a letter that the mail server refused so many times: later and later, at most six hours."""
    return now + timedelta(minutes=min(2**attempts, 360))


def claim(letter: PostedLetter, now: datetime) -> bool:
    """Take a letter for oneself; whatever happens next, it is tried again later if it did not leave."""
    free = type(letter)._default_manager.filter(pk=letter.pk, sent_at=None, next_try_at=letter.next_try_at)
    return bool(free.update(attempts=F("attempts") + 1, next_try_at=next_try(letter.attempts, now)))


@dataclass
class Posted:
    """What one round did, in letters."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    dropped: int = 0


class MailServer:
    """The mail server during one round: one connection for all its letters, given up once it fails."""

    def __init__(self) -> None:
        self.connection = get_connection()
        self.is_out_of_reach = False

    def answers(self) -> bool:
        """Whether a letter may be handed over; the first one asked for opens the connection."""
        if not self.is_out_of_reach:
            try:
                self.connection.open()
            except OSError as error:  # also what smtplib raises, a wrong password or a wrong certificate among others
                self.give_up(error)
        return not self.is_out_of_reach

    def give_up(self, error: OSError) -> None:
        """Leave it alone until the next round; the kind of fault is told, its words may hold an address."""
        self.is_out_of_reach = True
        log.warning("mail_server_out_of_reach", error=type(error).__name__)

    def close(self) -> None:
        with suppress(OSError):
            self.connection.close()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server of one round, left when the round is over."""
    server = MailServer()
    try:
        yield server
    finally:
        server.close()


def post_each(
    due: Iterable[AnyLetter], write: Callable[[AnyLetter, datetime], EmailMessage | None], now: datetime
) -> Posted:
    """Send the letters that are due, each once; a server that is down costs nobody a letter.

    Each is written when it leaves, under its Message-ID. One that has no more to say then is put away by `write`, which
    gives nothing.
    """
    posted = Posted()
    with mail_server() as server:
        for letter in due:
            if not server.answers():
                posted.waiting += 1
            elif not claim(letter, now):
                continue
            elif (message := write(letter, now)) is None:
                posted.dropped += 1
            elif hand_over(letter, message, now, server):
                posted.sent += 1
            elif letter.is_refused:
                posted.refused += 1
            else:
                posted.waiting += 1
    return posted


def hand_over(letter: PostedLetter, message: EmailMessage, now: datetime, server: MailServer) -> bool:
    """Give a claimed letter, written under its Message-ID, to the mail server; says whether it was taken."""
    message.connection = server.connection
    try:
        message.send()
    except OSError as error:
        if refuses_for_good(error):
            log.warning("letter_refused", letter=letter.pk)
            letter.next_try_at = NEVER
            type(letter)._default_manager.filter(pk=letter.pk, sent_at=None).update(next_try_at=NEVER)
            return False
        log.warning("letter_waits", letter=letter.pk, attempts=letter.attempts + 1, error=type(error).__name__)
        if not isinstance(error, SMTPResponseException | SMTPRecipientsRefused):  # it answered nothing: it is gone
            server.give_up(error)
        return False
    type(letter)._default_manager.filter(pk=letter.pk).update(sent_at=now)
    return True


def refuses_for_good(error: OSError) -> bool:
    """Whether the server said that the address does not exist, or no longer takes mail; a full mailbox is emptied."""
    if not isinstance(error, SMTPRecipientsRefused) or not error.recipients:
        return False
    return all(
        code in NO_SUCH_ADDRESS and not any(words in said.lower() for words in ABOUT_US)
        for code, said in error.recipients.values()
    )
