"""The platform without its locks nor its transactions: the control of `tests.live_load`, which must be seen to fail.

Whoever is about to write waits a moment, as a busy machine makes one wait: a second one has then come that far too.
"""

import time

from django.db import transaction
from django.db.models import QuerySet

from cooperation.wsgi import application  # noqa: F401
from projects.ballots import services
from projects.models import Decision

MOMENT = 1.0  # second


def after_a_moment(write):
    def wait_and_write(*args, **kwargs):
        time.sleep(MOMENT)
        return write(*args, **kwargs)

    return wait_and_write


QuerySet.select_for_update = lambda rows, **_: rows
transaction.Atomic.__enter__ = lambda atomic: None
transaction.Atomic.__exit__ = lambda atomic, *_: None
Decision.save = after_a_moment(Decision.save)
services._receive = after_a_moment(services._receive)
