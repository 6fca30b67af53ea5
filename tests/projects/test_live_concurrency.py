"""Many real clients at once: a decision is proclaimed exactly once, a member votes exactly once, nothing breaks.

`make proof` plays the promise in full (200 clients, 50 rounds, gunicorn); the suite plays 24 clients, 2 rounds.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BoundedSemaphore, BrokenBarrierError

import pytest
from django.core.servers.basehttp import ServerHandler
from django.db import transaction
from django.db.models import QuerySet

from projects.ballots import services
from projects.models import Decision
from tests.demo import load_without_circuit
from tests.live_play import all_at_once, play

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, ROUNDS = 24, 2
WORKERS = BoundedSemaphore(16)  # a server in production has so many workers, however many clients wait at its door


@pytest.fixture(autouse=True)
def as_in_production(monkeypatch, live_server):
    """So many workers, and a door wide enough for all who come at once."""
    live_server.thread.httpd.socket.listen(1024)
    run = ServerHandler.run

    def run_when_free(handler, application):
        with WORKERS:
            run(handler, application)

    monkeypatch.setattr(ServerHandler, "run", run_when_free)
    load_without_circuit()


def test_one_proclamation_and_one_vote_succeed_among_all_and_nothing_breaks(live_server):
    results = list(play(live_server.url, ROUNDS, CLIENTS))
    assert [str(result) for result in results if not result.is_sound] == []
    assert len(results) == ROUNDS


def test_without_the_lock_the_same_play_fails(live_server, monkeypatch):
    """The control: no transaction, no lock, and whoever is about to write waits for a second one to come that far."""

    def with_another(write):
        two = Barrier(2)

        def wait_and_write(*args, **kwargs):
            with suppress(BrokenBarrierError):
                two.wait(timeout=10)
            return write(*args, **kwargs)

        return wait_and_write

    def unlocked(posts):
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
            patch.setattr(transaction.Atomic, "__enter__", lambda atomic: None)
            patch.setattr(transaction.Atomic, "__exit__", lambda atomic, *_: None)
            patch.setattr(Decision, "save", with_another(Decision.save))
            patch.setattr(services, "_receive", with_another(services._receive))
            return all_at_once(posts)

    [found] = play(live_server.url, 1, CLIENTS, unlocked)
    assert not found.is_sound
    assert found.errors > 0
