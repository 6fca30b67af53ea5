"""What is sealed of a ballot beside the decision: who voted what in a public one, and in no other."""

from __future__ import annotations

from typing import Any

from projects.ballots.models import Ballot, BallotPosition
from projects.ballots.room import name_of
from projects.deliberation.models import Decision


def positions_of(decision: Decision) -> dict[str, Any]:
    """The names and positions of a public ballot (CGCT, art. L. 2121-21); an ordinary one keeps its totals alone."""
    if decision.ballot != Decision.Ballot.PUBLIC:
        return {}
    found = BallotPosition.objects.filter(
        ballot__item=decision.item_id, ballot__kind=Decision.Ballot.PUBLIC, ballot__state=Ballot.State.CLOSED
    )
    # In an order that nothing changes: the rank of a seat may.
    rows = list(found.select_related("seat__member", "seat__commune").order_by("seat_id"))
    return {
        "positions": [[one.seat_id, one.position, one.given_at] for one in rows],
        "told": {"names": {str(one.seat_id): name_of(one.seat) for one in rows}},
    }
