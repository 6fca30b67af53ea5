"""What is counted of a vote: its list of voters, its closing, the voice of the chair, what a decision takes over."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from partners.governance.models import Seat
from projects.ballots import rules
from projects.ballots.access import seats_of
from projects.ballots.models import Ballot, BallotPosition, BallotVoter, Position
from projects.ballots.room import ballot_of, is_listed, names_in, numbers_of, room_of
from projects.deliberation import services as sessions
from projects.deliberation.models import AgendaItem, Decision, Session


def list_voters(ballot: Ballot, room: rules.Room) -> None:
    """Make the list of an open ballot what the room says; whoever voted stays in it. Written in the order of seats."""
    wanted = {seat: (by, room.substitutes.get(by)) for seat, by in rules.entitled(room).items()}
    known = {voter.seat_id: voter for voter in ballot.voters.all()}
    listed = {seat: (voter.cast_by_id, voter.substitute_id) for seat, voter in known.items()}
    for seat_id, voter in known.items():
        if not voter.has_voted and wanted.get(seat_id) != listed[seat_id]:
            voter.delete()
    ranks = dict(Seat.objects.filter(pk__in=wanted).values_list("pk", "rank"))
    for seat_id in sorted(wanted, key=lambda pk: (ranks[pk], pk)):
        if seat_id not in known or (not known[seat_id].has_voted and wanted[seat_id] != listed[seat_id]):
            cast_by, substitute = wanted[seat_id]
            BallotVoter.objects.create(
                intercommunality_id=ballot.intercommunality_id,
                ballot=ballot,
                seat_id=seat_id,
                cast_by_id=cast_by,
                substitute_id=substitute,
            )


def fault_of_closing(
    ballot: Ballot, voters: int, got: rules.Totals, typed: rules.Totals | None, *, listed: bool
) -> str:
    if typed is None:
        if not listed:
            return "Sans liste de présence, écrivez les totaux."
        return "Personne n’a encore voté : écrivez les totaux, ou annulez le scrutin." if not got.given else ""
    if ballot.kind == Decision.Ballot.PUBLIC and listed:
        return "Un scrutin public porte le nom et le vote de chacun : écrivez-les (CGCT, art. L. 2121-21)."
    if ballot.is_secret and got.given:
        return "Des bulletins secrets sont déjà dans l’urne : clôturez le scrutin sans écrire de totaux."
    return rules.fault_of_totals(typed, voters=voters, received=got)


def voice_of_the_chair(session: Session, ballot: Ballot, told: bool | None) -> bool | None:
    """How the chair voted, for a tie: read in the list when it is there, told by the clerk otherwise.

    Who is represented or replaced does not preside: the clerk then says how the person who does has voted.
    """
    if ballot.is_secret or not sessions.conduct_of(session).chair_settles_ties:
        return None
    chair = seats_of(session).filter(is_chair=True)
    own = ballot.voters.filter(seat__in=chair, cast_by=F("seat"), substitute=None)
    named = BallotPosition.objects.filter(ballot=ballot, seat__in=own.values("seat")).first()
    return told if named is None else named.position == Position.FOR


def presence_of(session: Session, item: AgendaItem, ballot: Ballot | None) -> dict[str, Any]:
    """Who was there: as frozen when the ballot closed, or now when nothing was put to the vote."""
    room = room_of(session, item)
    source = ballot or numbers_of(session, item, room, listed=is_listed(session))
    names = ("in_office", "present", "powers", "not_taking_part")
    aside = list(item.withdrawals.select_related("seat__member", "seat__commune"))
    called = names_in(room, [one.seat for one in aside])
    told = " ; ".join(f"{called[one.seat_id]} : {one.reason}" for one in aside)
    return {name: getattr(source, name) for name in names} | {"not_taking_part_reason": told[:300]}


def presence_to_begin_with(item: AgendaItem) -> dict[str, Any]:
    """Who was there for the vote on an item, or is there now, read in the list of members; nothing without a list."""
    if not is_listed(item.session):
        return {}
    ballot = ballot_of(item)
    return presence_of(item.session, item, None if ballot and ballot.is_open else ballot)


def votes_of(ballot: Ballot | None) -> dict[str, Any]:
    names = ("votes_for", "votes_against", "abstentions", "chair_votes_for")
    if ballot is None:
        return dict.fromkeys(names) | {"ballot": Decision.Ballot.ORDINARY, "blank_votes": 0}
    told = {name: getattr(ballot, name) for name in (*names, "blank_votes", "majority")}
    return told | {"ballot": ballot.kind}
