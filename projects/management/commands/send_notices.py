"""`manage.py send_notices`: tell what comes due, send the mails that are due; once, or every minute until stopped.

Whoever asked for a print and left waits for its notice: the prints whose worker died are taken up again here too.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from cooperation import statistics
from cooperation.french import counted
from cooperation.jobs import sweep
from partners.people.invitation_posting import post as post_invitations
from projects.convocation.posting import post as post_about_sessions
from projects.notices.kinds import is_dawn
from projects.notices.posting import post
from projects.notices.reminding import remind
from projects.notices.services import forget

EVERY = 60  # seconds
logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Rappelle les échéances du jour et envoie les courriels attendus (--watch : chaque minute, jusqu’à Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--watch", action="store_true", help="recommence chaque minute")

    def handle(self, *args: Any, **options: Any) -> None:
        reminded_on: date | None = None
        while True:
            now = timezone.localtime()
            if not options["watch"] or is_dawn(now, reminded_on):
                statistics.refresh()
                remind(now)
                reminded_on = timezone.localdate(now)
            rounds = (post_invitations(now), post(now), post_about_sessions(now))
            forget(now)
            sweep(now)
            sent, waiting = sum(one.sent for one in rounds), sum(one.waiting for one in rounds)
            refused = sum(one.refused for one in rounds)
            if not options["watch"]:
                self.stdout.write(
                    f"{counted(sent, 'courriel parti')}, {waiting} à réessayer, {refused} à une adresse refusée."
                )
                return
            if sent or waiting or refused:
                logger.info("letters_posted", sent=sent, waiting=waiting, refused=refused)
            close_old_connections()
            time.sleep(EVERY)
