"""Reading the room: who is there, who may vote on the item examined, what was received so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cooperation.french import with_de
from partners.governance.models import ElectedMember, Seat
from projects.ballots import rules
from projects.ballots.models import Attendance, Ballot, BallotPosition, BallotVoter, Position, SecretTally, Withdrawal
from projects.ballots.rules import Room, Totals, powers_in_use, taking_part
from projects.deliberation.models import AgendaItem, Session


@dataclass(frozen=True)
class Numbers:
    """The four numbers of a presence, as a decision writes them."""

    in_office: int
    present: int
    powers: int
    not_taking_part: int

    @property
    def voters(self) -> int:
        return self.present - self.not_taking_part + self.powers


def is_listed(session: Session) -> bool:
    """The members were named when the session opened; otherwise the clerk gave numbers alone."""
    return session.attendances.exists()


def room_of(session: Session, item: AgendaItem | None) -> Room:
    """The room now, in three queries; withdrawals are those of the item."""
    moves = session.attendances.order_by("pk").values_list("seat_id", "way", "substitute_id")
    last = {seat: (way, substitute) for seat, way, substitute in moves}
    here = {seat: substitute for seat, (way, substitute) in last.items() if way == Attendance.Way.IN}
    active = session.proxies.filter(ended_at__isnull=True)
    aside = Withdrawal.objects.filter(item=item) if item else Withdrawal.objects.none()
    return Room(
        in_office=session.in_office or 0,
        present=frozenset(here),
        powers=dict(active.values_list("giver_id", "holder_id")),
        withdrawn=frozenset(aside.values_list("seat_id", flat=True)),
        substitutes={seat: substitute for seat, substitute in here.items() if substitute is not None},
    )


def numbers_of(session: Session, item: AgendaItem | None, room: Room, *, listed: bool) -> Numbers:
    """What is counted now: from the list of members, or from the numbers given when the session opened."""
    if listed:
        aside = len(room.present) - len(taking_part(room))
        return Numbers(room.in_office, len(room.present), len(powers_in_use(room)), aside)
    return Numbers(session.in_office or 0, session.present or 0, session.powers or 0, len(room.withdrawn))


def received(ballot: Ballot) -> Totals:
    """The votes in the urn or in the list. For a secret ballot that is open, nobody is shown them."""
    if ballot.is_secret:
        counts = dict(SecretTally.objects.filter(ballot=ballot).values_list("position", "count"))
    else:
        counts = Counter(BallotPosition.objects.filter(ballot=ballot).values_list("position", flat=True))
    names = (Position.FOR, Position.AGAINST, Position.ABSTAIN, Position.BLANK)
    return Totals(*(counts.get(name, 0) for name in names))


def voted_seats(ballot: Ballot | None) -> frozenset[int]:
    if ballot is None:
        return frozenset()
    return frozenset(BallotVoter.objects.filter(ballot=ballot, has_voted=True).values_list("seat_id", flat=True))


def ballot_of(item: AgendaItem | None) -> Ballot | None:
    """The ballot of an item, cancelled ones apart."""
    return item.ballots.exclude(state=Ballot.State.CANCELLED).first() if item else None


def fault_of_urgency(item: AgendaItem) -> str:
    """Why an item added in an emergency may not be examined yet; an advisory body follows its own rules."""
    urgency = getattr(item, "urgency", None) if item.session.body.is_deciding else None
    return rules.fault_of_urgency(is_urgent=urgency is not None, is_accepted=urgency and urgency.is_accepted)


def name_of(seat: Seat, substitute: ElectedMember | None = None) -> str:
    """How a seat is called in the room: its holder, its commune while none is named, or who sits in their place."""
    held = str(seat.member) if seat.member else f"{seat.commune}, siège n° {seat.pk}"
    return f"{substitute}, suppléant·e de {held}" if substitute else held


def of_seat(seat: Seat, substitute: ElectedMember | None = None) -> str:
    """The same name where « de » precedes it: « d’Étienne Vauquelin », « des Aubrettes, siège n° 27 »."""
    is_commune = substitute is None and seat.member is None and seat.commune is not None
    return with_de(name_of(seat, substitute), seat.commune.tncc if is_commune else None)


def names_in(room: Room, seats: Iterable[Seat]) -> dict[int, str]:
    """How each seat is called now: by its holder, or by the substitute who is in the room. One query at most."""
    people = ElectedMember.objects.in_bulk(room.substitutes.values()) if room.substitutes else {}
    return {seat.pk: name_of(seat, people.get(room.substitutes.get(seat.pk, 0))) for seat in seats}
