"""Rounds of many clients who proclaim one decision and give one vote at the same moment, and what came of each round.

Played by the suite against a server of its own process, in short, and by `tests.live_load` against gunicorn, in full.
"""

from __future__ import annotations

import http.client
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.utils import timezone

from partners.models import Body, User
from projects.ballots import services
from projects.ballots.models import Ballot, BallotPosition
from projects.models import Decision, Move, Project, SealedRecord, Session, Status

TOKEN = "k" * 32
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = timezone.now()
HOLDERS = ("assemblees", "presidente", "dgs")  # whoever may proclaim in the demo territory
VOTER = "vp@ccvo.example"


@dataclass(frozen=True)
class Post:
    """One real client with its own connection, signed in by its cookie."""

    address: str
    cookie: str
    path: str
    data: dict

    def send(self, start: Barrier) -> tuple[str, float]:
        """What came of it (sent to the decision of somebody else, or the status of the answer), and in how long."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=300)
        connection.connect()
        start.wait(300)
        sent = time.perf_counter()
        connection.request("POST", self.path, urlencode(self.data), self.headers)
        answer = connection.getresponse()
        answer.read()
        seconds = time.perf_counter() - sent
        connection.close()
        second = answer.getheader("Location", "").endswith("/decision/")
        return "came second" if second else str(answer.status), seconds

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }


@dataclass
class Round:
    """What a round left in the database, what the clients were answered, and how long each waited."""

    clients: int
    decisions: int = 0
    moves: int = 0
    seals: int = 0
    positions: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """One proclamation and one vote went through, all others were told why theirs did not, nothing broke."""
        proclaiming = self.clients // 2
        told = {"302": 2, "came second": proclaiming - 1, "422": self.clients - proclaiming - 1}
        return self.decisions == self.moves == self.seals == self.positions == 1 and self.answers == told

    @property
    def errors(self) -> int:
        return sum(number for answer, number in self.answers.items() if answer.startswith("5"))

    def __str__(self) -> str:
        waits = statistics.quantiles(self.seconds, n=20)
        return (
            f"{self.decisions} décision, {self.positions} vote, {self.answers['came second']} arrivés après, "
            f"{self.answers['422']} refus motivés, {self.errors} erreurs de serveur ; "
            f"médiane {waits[9]:.2f} s, 95e centile {waits[18]:.2f} s"
        )


Send = Callable[[list[Post]], list[tuple[str, float]]]


def all_at_once(posts: list[Post]) -> list[tuple[str, float]]:
    """Every client connects, waits for the others, then all send together."""
    start = Barrier(len(posts))
    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(lambda post: post.send(start), posts))


def cookie_of(email: str) -> str:
    client = Client()
    client.force_login(User.objects.get(email=email), BACKEND)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def opened_session(body: Body, clerk: User) -> Session:
    """An open session with all members in the room."""
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on="2032-03-01")
    return services.open_sitting(session=session, present=list(body.seats.all()), by=clerk, at=NOW, ahead=True)


def opened_ballot(session: Session, number: int, clerk: User) -> Ballot:
    """One more project of the same kind on the agenda, called, with its ballot open."""
    project = Project.objects.create(
        intercommunality=session.intercommunality,
        reference=f"X{session.pk}-{number}",
        title=f"Projet {number}",
        shared_objective="Ensemble.",
        status=Status.UNDER_REVIEW,
        submitted_at=NOW.replace(year=2021),  # before the first circuit: any body may then examine it
        fits_no_orientation=True,
        orientation_statement="Une urgence.",
    )
    item = services.sessions.add_item(session=session, project=project, by=clerk)
    services.call_item(item=item, by=clerk)
    return services.open_ballot(item=item, kind="public", majority="simple", by=clerk, at=NOW)


def play(address: str, rounds: int, clients: int, send: Send = all_at_once) -> Iterator[Round]:
    """On the demo territory, in a session of its own: half the clients proclaim one decision, the others give the vote
    of one member.
    """
    clerk = User.objects.get(email="assemblees@ccvo.example")
    body = Body.objects.get(kind=Body.Kind.COUNCIL)
    holders = [cookie_of(f"{name}@ccvo.example") for name in HOLDERS]
    seat, cookie = body.seats.get(member__user__email=VOTER).pk, cookie_of(VOTER)
    session = opened_session(body, clerk)
    for number in range(rounds):
        counted = opened_ballot(session, 2 * number, clerk)
        services.record_positions(
            ballot=counted, positions=dict.fromkeys(counted.voters.values_list("seat_id", flat=True), "for"),
            by=clerk, at=NOW,
        )  # fmt: skip
        services.close_ballot(ballot=counted, by=clerk, at=NOW)
        voted = opened_ballot(session, 2 * number + 1, clerk)
        proclaiming = [
            Post(address, holders[rank % len(holders)], f"/seances/points/{counted.item_id}/proclamer/",
                 {"decision-outcome": "adopted", "decision-text": "Adopté."})
            for rank in range(clients // 2)
        ]  # fmt: skip
        voting = [
            Post(address, cookie, f"/seances/scrutins/{voted.pk}/voix/",
                 {"seat": seat, "position": "for" if rank % 2 else "against", "key": uuid4(), "confirmed": 1})
            for rank in range(clients - len(proclaiming))
        ]  # fmt: skip
        answers = send([post for pair in zip(proclaiming, voting, strict=True) for post in pair])
        yield found(clients, counted, voted, answers)
        services.cancel_ballot(ballot=voted, reason="Tour suivant.", by=clerk, at=NOW)


def found(clients: int, counted: Ballot, voted: Ballot, answers: list[tuple[str, float]]) -> Round:
    decisions = Decision.objects.filter(item=counted.item_id)
    return Round(
        clients,
        decisions=len(decisions),
        moves=Move.objects.filter(project=counted.item.project_id, transition="adopt").count(),
        seals=SealedRecord.objects.filter(subject__in=[f"decision:{one.pk}" for one in decisions]).count(),
        positions=BallotPosition.objects.filter(ballot=voted).count(),
        answers=Counter(answer for answer, _ in answers),
        seconds=[seconds for _, seconds in answers],
    )
