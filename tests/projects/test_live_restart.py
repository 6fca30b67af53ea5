"""A server that dies in the middle of a vote, and another that takes over: what was acknowledged is there, once."""

from __future__ import annotations

import http.client
import os
import signal
from datetime import date
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from projects.ballots import services
from projects.deliberation import services as sessions
from projects.models import BallotPosition, Project, Session, Status
from tests.live_load import PATIENCE, serve
from tests.live_play import BACKEND, TOKEN
from tests.walks_world import MEMBERS, make_world

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()
DIES_AT = 4  # the vote that the first server was receiving


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def ballot(world):
    """A public ballot, open, with the seven members in the room."""
    by = {"by": world.people["clerk"]}
    body, project = world.body, world.projects["field"]
    Project.objects.filter(pk=project.pk).update(status=Status.UNDER_REVIEW)
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=date(2032, 3, 1))
    item = sessions.add_item(session=session, project=Project.objects.get(pk=project.pk), **by)
    services.open_sitting(session=session, present=world.seats, at=NOW, ahead=True, **by)
    return services.open_ballot(item=item, kind="public", majority="simple", at=NOW, **by)


def environment():
    """What a server of the platform is told to work on the database of this test."""
    told = settings.DATABASES["default"]
    url = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{told['NAME']}"
    told_by_tests = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}
    return os.environ | told_by_tests | {"TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])}


def sent(address, path, user, data):
    """One post, sent whole; its answer is still to be read."""
    client = Client()
    client.force_login(user, BACKEND)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    headers = {
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line.request("POST", path, urlencode(data), headers)
    return line


def answered(line):
    """302 when the vote was acknowledged; 0 when the line was cut before any answer."""
    try:
        return line.getresponse().status
    except (http.client.HTTPException, OSError):
        return 0
    finally:
        line.close()


def test_no_acknowledged_vote_is_lost_nor_counted_twice_when_the_server_is_killed(world, ballot):
    path = f"/seances/scrutins/{ballot.pk}/voix/"
    votes = [
        {"seat": seat.pk, "position": "for" if rank % 2 else "against", "key": uuid4(), "confirmed": 1}
        for rank, seat in enumerate(world.seats)
    ]
    first, address = serve("cooperation.wsgi", environment())
    try:
        before = [answered(sent(address, path, *one)) for one in zip(world.voters[:DIES_AT], votes, strict=False)]
        assert before == [302] * DIES_AT
        line = sent(address, path, world.voters[DIES_AT], votes[DIES_AT])
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(PATIENCE)
    cut = answered(line)
    kept = dict(BallotPosition.objects.filter(ballot=ballot).values_list("seat_id", "position"))
    told = votes[: DIES_AT + (cut == 302)]
    assert {vote["seat"]: vote["position"] for vote in told}.items() <= kept.items()
    second, address = serve("cooperation.wsgi", environment())
    try:
        # Every tablet sends its vote again, as it does when it had no answer: the same key is the same vote.
        again = [answered(sent(address, path, *one)) for one in zip(world.voters, votes, strict=True)]
        other = votes[0] | {"position": "blank", "key": uuid4()}
        assert (again, answered(sent(address, path, world.voters[0], other))) == ([302] * MEMBERS, 422)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait(PATIENCE)
    kept = dict(BallotPosition.objects.filter(ballot=ballot).values_list("seat_id", "position"))
    assert kept == {vote["seat"]: vote["position"] for vote in votes}
    closed = services.close_ballot(ballot=ballot, by=world.people["clerk"], at=NOW)
    assert (closed.votes_for, closed.votes_against) == (3, 4)
