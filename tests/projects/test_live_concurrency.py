"""Many real clients at once: a decision is proclaimed exactly once, a member votes exactly once, nothing breaks.

`python -m tests.live_load` plays the promise in full (200 clients, 50 rounds); the suite plays 24 clients, 2 rounds.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from threading import Barrier, BoundedSemaphore, BrokenBarrierError

import pytest
from django.conf import settings
from django.core.servers.basehttp import ServerHandler
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from partners.models import Body, User
from projects.ballots import services
from projects.ballots.models import BallotPosition
from projects.ballots.rules import Totals
from projects.models import Decision, Move, Project, Session, Status
from tests.demo import load_without_circuit
from tests.live_load import all_at_once, proclamations, votes

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = int(os.environ.get("LIVE_CLIENTS", "24"))
ROUNDS = int(os.environ.get("LIVE_ROUNDS", "2"))
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = timezone.now()


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


def cookie_of(email):
    client = Client()
    client.force_login(User.objects.get(email=email), BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def a_session(body, clerk):
    """An open session with all members in the room."""
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on="2032-03-01")
    return services.open_sitting(session=session, present=list(body.seats.all()), by=clerk, at=NOW)


def an_item(session, number, clerk):
    """One more project of the same kind on the agenda, called, with its ballot open."""
    project = Project.objects.create(
        intercommunality=session.intercommunality,
        reference=f"X{number}",
        title=f"Projet {number}",
        shared_objective="Ensemble.",
        status=Status.UNDER_REVIEW,
        submitted_at=NOW,
        fits_no_orientation=True,
        orientation_statement="Une urgence.",
    )
    item = services.sessions.add_item(session=session, project=project, by=clerk)
    services.call_item(item=item, by=clerk)
    return services.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk, at=NOW)


def play(address, rounds, clients):
    """Rounds of half the clients proclaiming one decision while the others vote for one member; what came of each."""
    load_without_circuit()
    clerk = User.objects.get(email="assemblees@ccvo.example")
    body = Body.objects.get(kind=Body.Kind.COUNCIL)
    holders = [cookie_of(f"{name}@ccvo.example") for name in ("assemblees", "presidente", "dgs")]
    voter = body.seats.get(member__user__email="vp@ccvo.example")
    cookie, session = cookie_of("vp@ccvo.example"), a_session(body, clerk)
    results = []
    for number in range(rounds):
        counted = an_item(session, 2 * number, clerk)
        services.close_ballot(ballot=counted, typed=Totals(48), by=clerk, at=NOW)
        voted = an_item(session, 2 * number + 1, clerk)
        answers = all_at_once(
            proclamations(address, holders, counted.item_id, clients // 2)
            + votes(address, cookie, voted.pk, voter.pk, clients - clients // 2)
        )
        found = {
            "answers": answers,
            "decisions": Decision.objects.filter(item=counted.item).count(),
            "moves": Move.objects.filter(project=counted.item.project, transition="adopt").count(),
            "positions": BallotPosition.objects.filter(ballot=voted).count(),
        }
        results.append(found)
        print(f"Tour {number + 1} : {found}", flush=True)
        services.cancel_ballot(ballot=voted, reason="Tour suivant.", by=clerk, at=NOW)
    return results


def is_sound(found, clients):
    """One proclamation and one vote went through, all others were told why theirs did not, nothing broke."""
    once = found["decisions"] == found["moves"] == found["positions"] == 1
    seconds = clients // 2 - 1
    return once and found["answers"] == {"302": 2, "came second": seconds, "422": clients - 2 - seconds}


def test_one_proclamation_and_one_vote_succeed_among_all_and_nothing_breaks(live_server):
    results = play(live_server.url, ROUNDS, CLIENTS)
    assert [found for found in results if not is_sound(found, CLIENTS)] == []
    assert len(results) == ROUNDS
    print(f"{ROUNDS} tours de {CLIENTS} clients : {sum((one['answers'] for one in results), Counter())}")


def test_without_the_lock_the_same_play_fails(live_server, monkeypatch):
    """The control: no transaction, no lock, and whoever is about to write waits for a second one to come that far."""
    prepare = play.__globals__["all_at_once"]

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
            return prepare(posts)

    monkeypatch.setitem(play.__globals__, "all_at_once", unlocked)
    found = play(live_server.url, 1, CLIENTS)[0]
    print(f"Sans verrou : {found}")
    assert not is_sound(found, CLIENTS)
    assert found["answers"]["500"] > 0
