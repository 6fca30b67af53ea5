"""Who was there, in the words of a procès-verbal, from what was recorded while the session was held."""

from __future__ import annotations

from collections import defaultdict

from cooperation.alphabetical import key
from partners.governance.models import ElectedMember, Seat
from projects.ballots.models import Attendance
from projects.ballots.room import name_of
from projects.deliberation.models import Session


def chair_of(session: Session) -> str:
    """Who chairs the body on the day of the session; "" while nobody is known to."""
    return str(session.body.chair_on(session.held_on) or "")


def attendance_told(session: Session) -> dict[str, str]:
    """Members present, represented and absent (CGCT, art. L. 2121-15), to be read again by the secretary.

    Empty texts when the members were only counted. Four queries, whatever their number.
    """
    rows = session.attendances.select_related("seat__member", "seat__commune", "substitute").order_by("pk")
    moves: dict[tuple[Seat, ElectedMember | None], list[Attendance]] = defaultdict(list)
    for row in rows:
        moves[row.seat, row.substitute].append(row)
    if not moves:
        return {}
    proxies = session.proxies.select_related("giver__member", "giver__commune", "holder__member", "holder__commune")
    powers = {(proxy.giver, proxy.holder) for proxy in proxies}
    ranks = {item: rank for rank, item in enumerate(session.items.values_list("pk", flat=True), start=1)}
    here = [one for one, found in moves.items() if any(move.way == Attendance.Way.IN for move in found)]
    known = {seat.pk for seat, _ in here} | {giver.pk for giver, _ in powers}
    supplied = [f"{name_of(seat)}, suppléé·e par {person}" for seat, person in here if person]
    away = session.body.seats.in_force(session.held_on).exclude(pk__in=known).select_related("member", "commune")
    return {
        "attending": "\n".join(sorted((name_of(*one) + say_moves(moves[one], ranks) for one in here), key=key)),
        "represented": "\n".join(
            sorted([f"{name_of(giver)}, pouvoir à {name_of(holder)}" for giver, holder in powers] + supplied, key=key)
        ),
        "absent": "\n".join(sorted((name_of(seat) for seat in away), key=key)),
    }


def say_moves(moves: list[Attendance], ranks: dict[int, int]) -> str:
    """« (arrive au point 2, part au point 5) »; "" for who was there from the opening to the end."""
    told = [f"{one.get_way_display()} au point {ranks[one.item_id]}" for one in moves if one.item_id in ranks]
    return f" ({', '.join(told)})" if told else ""
