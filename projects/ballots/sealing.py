"""What is sealed of ballots: the totals of each when it closes, whatever becomes of its item; its annulment; and, in a
decision, the names of a public ballot and the vote on the urgency.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from projects.ballots.models import Ballot, BallotPosition, BallotVoter
from projects.ballots.room import name_of
from projects.deliberation.models import Decision
from projects.deliberation.sealing import columns_of
from projects.seal.checking import TOLD, Rows
from projects.seal.models import SealedRecord
from projects.seal.services import seal
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

Facts = dict[str, Any]


def positions_of(decision: Decision) -> Facts:
    """The names and positions of a public ballot (CGCT, art. L. 2121-21); an ordinary one keeps its totals alone."""
    if decision.ballot != Decision.Ballot.PUBLIC:
        return {}
    closed = (
        _named(Ballot.objects)
        .filter(item=decision.item_id, kind=Decision.Ballot.PUBLIC, state=Ballot.State.CLOSED)
        .first()
    )
    return named_in(closed) if closed else {"positions": [], TOLD: {"names": {}}}


def named_in(ballot: Ballot) -> Facts:
    """Who voted what, and which seats were held by a substitute; of a secret ballot, nothing."""
    if ballot.is_secret:
        return {}
    # In an order that nothing changes: the rank of a seat may.
    rows = sorted(ballot.positions.all(), key=lambda one: one.seat_id)
    supplied = {one.seat_id: one.substitute for one in ballot.voters.all() if one.substitute}
    facts = {
        "positions": [[one.seat_id, one.position, one.given_at] for one in rows],
        TOLD: {"names": {str(one.seat_id): name_of(one.seat, supplied.get(one.seat_id)) for one in rows}},
    }
    return facts | ({"substitutes": {str(seat): one.pk for seat, one in supplied.items()}} if supplied else {})


def urgency_of(decision: Decision) -> Facts:
    """What the body said of the urgency of an item that came after the convocation (CGCT, art. L. 2121-12)."""
    urgency = getattr(decision.item, "urgency", None)
    return {"urgency": columns_of(urgency)} if urgency else {}


def closing_of(ballot: Ballot) -> Facts:
    """The totals as they were frozen; of the state, that it is over: a closed ballot may be annulled (next record)."""
    return columns_of(ballot, but=("state",)) | {"is_open": ballot.is_open} | named_in(ballot)


def annulment_of(ballot: Ballot) -> Facts:
    """That a ballot counts no more, why, and what had been received of it by name."""
    reason = ballot.history.order_by("-history_date", "-history_id").values_list("history_change_reason", flat=True)
    return columns_of(ballot) | {"reason": reason.first()} | named_in(ballot)


def seal_closing(ballot: Ballot, *, by: User, now: datetime) -> SealedRecord:
    return _seal(ballot, "ballot", closing_of(ballot), by=by, now=now)


def seal_annulment(ballot: Ballot, *, by: User, now: datetime) -> SealedRecord:
    return _seal(ballot, "annulment", annulment_of(ballot), by=by, now=now)


def _seal(ballot: Ballot, kind: str, facts: Facts, *, by: User, now: datetime) -> SealedRecord:
    subject = f"{kind}:{ballot.pk}"
    return seal(intercommunality=ballot.intercommunality, kind=kind, subject=subject, facts=facts, by=by, now=now)


def closings_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, Facts]]:
    for one in _ballots(intercommunality, closed_at__isnull=False):
        yield f"ballot:{one.pk}", one, closing_of(one)


def annulments_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, Facts]]:
    annulled = _ballots(intercommunality).exclude(state__in=[Ballot.State.OPEN, Ballot.State.CLOSED])
    for one in annulled.select_related("item__session__body", "item__project"):
        yield f"annulment:{one.pk}", f"{one}, annulé", annulment_of(one)


def _ballots(intercommunality: Intercommunality, **wanted: Any) -> Any:
    return _named(Ballot.objects.filter(intercommunality=intercommunality, **wanted).order_by())


def _named(ballots: Any) -> Any:
    """With the names and positions of each, in a few queries however many voted."""
    return ballots.prefetch_related(
        Prefetch("voters", BallotVoter.objects.order_by().select_related("substitute")),
        Prefetch("positions", BallotPosition.objects.order_by().select_related("seat__member", "seat__commune")),
    )


KINDS: dict[str, Rows] = {"ballot": closings_now, "annulment": annulments_now}
