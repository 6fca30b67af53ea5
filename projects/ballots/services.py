"""What is done while a session is held: come and go, give a power, stand aside, vote, count, proclaim.

Locks are always taken in the same order: the session, then the ballot. A vote locks its ballot alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from cooperation.history import sign
from partners.governance.conduct import fault_of_majority
from partners.governance.models import Body, ElectedMember, Seat
from projects.ballots import rules
from projects.ballots.access import seats_of
from projects.ballots.counting import fault_of_closing, list_voters, presence_of, voice_of_the_chair, votes_of
from projects.ballots.models import (
    Attendance,
    Ballot,
    BallotPosition,
    BallotVoter,
    Position,
    Proxy,
    SecretTally,
    Sitting,
    Withdrawal,
)
from projects.ballots.room import (
    ballot_of,
    fault_of_urgency,
    is_listed,
    name_of,
    numbers_of,
    received,
    room_of,
    voted_seats,
)
from projects.ballots.sealing import seal_annulment, seal_closing
from projects.deliberation import rules as count_rules
from projects.deliberation import services as sessions
from projects.deliberation.access import require_plan, require_proclaim
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.deliberation.services import NO_QUORUM, lock, locked

if TYPE_CHECKING:
    from partners.people.models import User


PUT_OFF = {Outcome.DEFERRED, Outcome.REFERRED, Outcome.WITHDRAWN}  # what becomes of an item that is not examined


def beat(session: Session) -> None:
    """Tell every screen that something changed; nothing else is said."""
    Sitting.objects.filter(session=session).update(beat=F("beat") + 1)


def held(session: Session, by: User) -> Session:
    """The session locked, for somebody who holds it, while it is open."""
    session = lock(session, by)
    if session.state != Session.State.OPEN:
        raise ValidationError("La séance n’est pas ouverte.")
    return session


def current_of(session: Session) -> AgendaItem | None:
    sitting = Sitting.objects.filter(session=session).select_related("current_item").first()
    return sitting.current_item if sitting else None


def seated(session: Session, seat: Seat) -> Seat:
    if not seats_of(session).filter(pk=seat.pk).exists():
        raise ValidationError("Ce siège n’appartient pas à cette instance.")
    return seat


@transaction.atomic
def open_sitting(
    *,
    session: Session,
    present: Iterable[Seat],
    by: User,
    at: datetime,
    substitutes: Iterable[Seat] = (),
    ahead: bool = False,
) -> Session:
    """Open a session with the list of those who are there; the first item is called. Numbers follow from the list.

    `substitutes` are the seats whose substitute is there in the place of the holder; `ahead`: before its day, and
    this is meant.
    """
    session = lock(session, by)
    seats = sorted({seated(session, seat) for seat in present}, key=lambda seat: (seat.rank, seat.pk))
    supplied = sorted({seated(session, seat) for seat in substitutes}, key=lambda seat: (seat.rank, seat.pk))
    in_office = sessions.members_in_office(session.body, session.held_on)
    there = len(seats) + len(supplied)
    session = sessions.open_session(
        session=session, in_office=in_office, present=there, powers=0, by=by, on=timezone.localdate(at), ahead=ahead
    )
    for seat in seats:
        _move(session, seat, Attendance.Way.IN, None, at)
    for seat in supplied:
        _move(session, seat, Attendance.Way.IN, None, at, _substitute(session, seat, room_of(session, None)))
    Sitting.objects.update_or_create(
        session=session,
        defaults={"intercommunality_id": session.intercommunality_id, "current_item": session.items.first()},
    )
    return session


@transaction.atomic
def call_item(*, item: AgendaItem, by: User) -> Sitting:
    """Take up an item: it is the one that the room, the desk and the tablets show."""
    session = held(item.session, by)
    ballot = ballot_of(current := current_of(session))
    if ballot and ballot.is_open and current != item:
        raise ValidationError("Un scrutin est ouvert sur le point en cours : clôturez-le ou annulez-le d’abord.")
    sitting, _ = Sitting.objects.update_or_create(
        session=session, defaults={"intercommunality_id": session.intercommunality_id, "current_item": item}
    )
    beat(session)
    return sitting


def _move(
    session: Session,
    seat: Seat,
    way: str,
    item: AgendaItem | None,
    at: datetime,
    substitute: ElectedMember | None = None,
) -> Attendance:
    movement = Attendance(
        intercommunality_id=session.intercommunality_id,
        session=session,
        seat=seat,
        way=way,
        item=item,
        substitute=substitute,
        recorded_at=at,
    )
    movement.full_clean()
    movement.save()
    return movement


def _substitute(session: Session, seat: Seat, room: rules.Room) -> ElectedMember | None:
    """The person who may sit now in the place of the holder of a seat; refused with the reason otherwise."""
    person = seat.substitute
    sits = person is not None and (
        person.pk in room.substitutes.values() or seats_of(session).filter(member=person).exists()
    )
    is_admitted = sessions.conduct_of(session).admits_substitutes
    fault = rules.fault_of_substitution(
        room, seat.pk, is_admitted=is_admitted, person=person.pk if person else None, sits=sits
    )
    if fault:
        raise ValidationError(f"{name_of(seat)} : {fault}")
    return person


@transaction.atomic
def record_arrival(*, session: Session, seat: Seat, by: User, at: datetime, as_substitute: bool = False) -> Attendance:
    """Somebody comes in, the holder of the seat or their substitute; the power that the holder had given ends."""
    session = held(session, by)
    item = current_of(session)
    ballot = _open_ballot(item)
    room, person = room_of(session, item), None
    if as_substitute:
        person = _substitute(session, seated(session, seat), room)
    elif fault := rules.fault_of_arrival(room, seated(session, seat).pk):
        raise ValidationError(fault)
    if seat.pk in voted_seats(ballot):
        raise ValidationError("Un membre a voté en son nom dans le scrutin ouvert : attendez la clôture.")
    movement = _move(session, seat, Attendance.Way.IN, item, at, person)
    for proxy in session.proxies.filter(giver=seat, ended_at__isnull=True):
        proxy.ended_at = at
        proxy.save()
    _settle(session, item, ballot)
    return movement


@transaction.atomic
def record_departure(*, session: Session, seat: Seat, by: User, at: datetime) -> Attendance:
    """Somebody goes out; refused while a vote that they gave, or carried, is in an open ballot."""
    session = held(session, by)
    item = current_of(session)
    ballot = _open_ballot(item)
    room = room_of(session, item)
    if fault := rules.fault_of_departure(room, seated(session, seat).pk, voted_seats(ballot)):
        raise ValidationError(fault)
    person = ElectedMember.objects.filter(pk=room.substitutes.get(seat.pk, 0)).first()
    movement = _move(session, seat, Attendance.Way.OUT, item, at, person)
    _settle(session, item, ballot)
    return movement


@transaction.atomic
def give_proxy(*, session: Session, giver: Seat, holder: Seat, by: User, at: datetime) -> Proxy:
    session = held(session, by)
    item = current_of(session)
    ballot = _open_ballot(item)
    if not sessions.conduct_of(session).admits_powers:
        raise ValidationError(sessions.NO_POWERS)
    room = room_of(session, item)
    if fault := rules.fault_of_power(room, seated(session, giver).pk, seated(session, holder).pk):
        raise ValidationError(fault)
    proxy = Proxy(
        intercommunality_id=session.intercommunality_id, session=session, giver=giver, holder=holder, given_at=at
    )
    proxy.full_clean()
    proxy.save()
    _settle(session, item, ballot)
    return proxy


@transaction.atomic
def revoke_proxy(*, proxy: Proxy, by: User, at: datetime) -> None:
    session = held(proxy.session, by)
    item = current_of(session)
    ballot = _open_ballot(item)
    if proxy.giver_id in voted_seats(ballot):
        raise ValidationError("Ce pouvoir a servi dans le scrutin ouvert : attendez la clôture.")
    proxy = Proxy.objects.select_for_update(of=("self",)).get(pk=proxy.pk)
    proxy.ended_at = proxy.ended_at or at
    proxy.save()
    _settle(session, item, ballot)


@transaction.atomic
def withdraw(*, item: AgendaItem, seat: Seat, reason: str, by: User, at: datetime) -> Withdrawal:
    """A member stands aside on an item: out of the room, out of the count (CGCT, art. L. 2131-11)."""
    session = held(item.session, by)
    _require_undecided(item)
    ballot = _open_ballot(item)
    if ballot is None and ballot_of(item):
        raise ValidationError("Le scrutin sur ce point est clos : annulez-le d’abord, puis inscrivez le déport.")
    fault = rules.fault_of_withdrawal(
        room_of(session, item), seated(session, seat).pk, reason, voted_seats(ballot_of(item))
    )
    if fault:
        raise ValidationError(fault)
    aside = Withdrawal(
        intercommunality_id=session.intercommunality_id, item=item, seat=seat, reason=reason.strip(), recorded_at=at
    )
    aside.full_clean()
    aside.save()
    _settle(session, item, ballot)
    return aside


def _require_undecided(item: AgendaItem) -> None:
    if Decision.objects.filter(item=item).exists():
        raise ValidationError("La décision sur ce point est proclamée : elle ne change plus.")


def _open_ballot(item: AgendaItem | None) -> Ballot | None:
    """The open ballot of an item, locked: nobody votes while the room changes."""
    if item is None:
        return None
    return Ballot.objects.select_for_update(of=("self",)).filter(item=item, state=Ballot.State.OPEN).first()


def _settle(session: Session, item: AgendaItem | None, ballot: Ballot | None) -> None:
    """After a change in the room: the list of the voters of an open ballot follows, and the screens too."""
    if ballot:
        list_voters(ballot, room_of(session, item))
    if not Decision.objects.filter(item__session=session).exists():
        powers = session.proxies.filter(ended_at__isnull=True).count()
        if powers != session.powers and powers <= (session.present or 0):
            session.powers = powers
            session.save()
    beat(session)


def _fault_of_kind(session: Session, item: AgendaItem, kind: str) -> str:
    """Why the item is not put to the vote in this way: at a distance (art. L. 5211-11-1), or not judged urgent yet."""
    is_remote = session.is_remote and session.body.is_deciding
    return count_rules.fault_of_remote_ballot(kind, is_remote=is_remote) or fault_of_urgency(item)


@transaction.atomic
def open_ballot(*, item: AgendaItem, kind: str, majority: str, by: User, at: datetime) -> Ballot:
    """Open the vote on an item, when the quorum is there: it is asked again for each item (CGCT, art. L. 2121-17)."""
    session = held(item.session, by)
    _require_undecided(item)
    if fault := _fault_of_kind(session, item, kind):
        raise ValidationError(fault)
    if ballot_of(item):
        raise ValidationError("Un scrutin est déjà ouvert ou clos sur ce point.")
    if current_of(session) != item:
        raise ValidationError("Appelez d’abord ce point : on ne vote que sur le point en cours.")
    room = room_of(session, item)
    numbers = numbers_of(session, item, room, listed=is_listed(session))
    if not sessions.has_quorum(session, numbers.present - numbers.not_taking_part, numbers.in_office):
        raise ValidationError(NO_QUORUM)
    if fault := fault_of_majority(sessions.conduct_of(session), majority, str(session.body)):
        raise ValidationError(fault)
    ballot = Ballot(
        intercommunality_id=session.intercommunality_id, item=item, kind=kind, majority=majority, opened_at=at
    )
    ballot.full_clean()
    ballot.save()
    list_voters(ballot, room)
    if ballot.is_secret:
        for position in Position:
            SecretTally.objects.create(
                intercommunality_id=session.intercommunality_id, ballot=ballot, position=position
            )
    beat(session)
    return ballot


@transaction.atomic
def vote(*, ballot: Ballot, seat: Seat, position: str, key: UUID, by: User, at: datetime) -> BallotVoter:
    """Receive the vote of a member, once. The same key sent again is the same vote, and is acknowledged again."""
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("item__session").get(pk=ballot.pk)
    voters = BallotVoter.objects.filter(ballot=ballot, seat=seat)
    voter = voters.select_related("cast_by__member", "substitute").first()
    if voter is None:
        raise ValidationError("Vous n’êtes pas dans la liste des votants de ce scrutin.")
    if voter.person is None or voter.person.user_id != by.pk:
        raise PermissionDenied("Ce vote n’est pas le vôtre.")
    if voter.has_voted:
        if voter.key == key:
            return voter
        raise ValidationError("Le vote est déjà reçu : il ne change plus.")
    if not ballot.is_open:
        raise ValidationError("Le scrutin est clos : ce vote n’a pas été reçu.")
    _receive(ballot, voter, Position(position), key, at)
    beat(ballot.item.session)
    return voter


def _receive(ballot: Ballot, voter: BallotVoter, position: Position, key: UUID | None, at: datetime) -> None:
    voter.has_voted, voter.key = True, key
    voter.save()
    if ballot.is_secret:
        # Every count is written, whichever grows: the last row written says nothing of the last vote.
        SecretTally.objects.filter(ballot=ballot).update(
            count=F("count") + Case(When(position=position, then=Value(1)), default=Value(0))
        )
        return
    named = BallotPosition(
        intercommunality_id=ballot.intercommunality_id,
        ballot=ballot,
        seat_id=voter.seat_id,
        position=position,
        given_at=at,
    )
    named.full_clean()
    named.save()


@transaction.atomic
def record_positions(*, ballot: Ballot, positions: Mapping[int, str], by: User, at: datetime) -> int:
    """The clerk writes what members said aloud, by seat; a vote already received is never changed. Says how many."""
    session = held(ballot.item.session, by)
    ballot = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    if ballot.is_secret:
        raise ValidationError("Dans un scrutin secret, personne n’écrit le vote d’un membre.")
    if not ballot.is_open:
        raise ValidationError("Le scrutin est clos : les votes ne changent plus.")
    waiting = {voter.seat_id: voter for voter in ballot.voters.filter(has_voted=False)}
    said = {seat: Position(told) for seat, told in positions.items() if seat in waiting}
    for seat, position in said.items():
        _receive(ballot, waiting[seat], position, None, at)
    beat(session)
    return len(said)


@transaction.atomic
def cancel_ballot(*, ballot: Ballot, reason: str, by: User, at: datetime) -> None:
    """Annul a ballot before the proclamation; it stays in the record with the reason, and another may be opened."""
    session = held(ballot.item.session, by)
    ballot = Ballot.objects.select_for_update(of=("self",)).get(pk=ballot.pk)
    _require_undecided(ballot.item)
    if not reason.strip():
        raise ValidationError("Dites pourquoi le scrutin est annulé.")
    ballot.state = Ballot.State.CANCELLED
    sign(ballot, because=reason.strip())
    ballot.save()
    seal_annulment(ballot, by=by, now=at)
    beat(session)


@transaction.atomic
def close_ballot(
    *,
    ballot: Ballot,
    by: User,
    at: datetime,
    typed: rules.Totals | None = None,
    chair_votes_for: bool | None = None,
) -> Ballot:
    """Close the vote: voters and totals are frozen. Whoever was entitled and gave no vote abstains.

    `typed` are the totals of the clerk, when the vote was taken by hand; they add up and wipe out no vote received.
    """
    session = held(ballot.item.session, by)
    ballot = Ballot.objects.select_for_update(of=("self",)).select_related("item").get(pk=ballot.pk)
    if not ballot.is_open:
        raise ValidationError("Ce scrutin n’est plus ouvert.")
    listed = is_listed(session)
    numbers = numbers_of(session, ballot.item, room_of(session, ballot.item), listed=listed)
    got = received(ballot)
    if fault := fault_of_closing(ballot, numbers.voters, got, typed, listed=listed):
        raise ValidationError(fault)
    totals = typed or rules.completed(got, numbers.voters)
    for name in ("in_office", "present", "powers", "not_taking_part"):
        setattr(ballot, name, getattr(numbers, name))
    for name in ("votes_for", "votes_against", "abstentions", "blank_votes"):
        setattr(ballot, name, getattr(totals, name))
    ballot.chair_votes_for = voice_of_the_chair(session, ballot, chair_votes_for)
    ballot.state, ballot.closed_at = Ballot.State.CLOSED, at
    ballot.full_clean()
    ballot.save()
    if ballot.is_secret:  # all rows are written again at once: nothing of the order of the votes is left in the tables
        ballot.voters.update(has_voted=F("has_voted"))
        ballot.tallies.update(count=F("count"))
    seal_closing(ballot, by=by, now=at)
    beat(session)
    return ballot


@transaction.atomic
def proclaim(
    *, item: AgendaItem, outcome: str, text: str, by: User, at: datetime, referred_to: Body | None = None
) -> Decision:
    """Proclaim the decision on an item, exactly once: outcome, totals and text are frozen, the project moves."""
    require_proclaim(by, item.session)
    session = locked(item.session)
    if (ballot := ballot_of(item)) and ballot.is_open:
        raise ValidationError("Le scrutin est encore ouvert : clôturez-le avant de proclamer.")
    if outcome not in PUT_OFF and (fault := fault_of_urgency(item)):
        raise ValidationError(fault)
    values = presence_of(session, item, ballot) | votes_of(ballot) | {"outcome": outcome, "text": text}
    values["referred_to"] = referred_to
    decision = sessions.proclaim(item=item, values=values, by=by, at=at)
    beat(session)
    return decision


@transaction.atomic
def bring_back(*, item: AgendaItem, session: Session, by: User) -> AgendaItem:
    """A deferred project returns as a new item of a later session; the former item keeps its decision."""
    require_plan(by, item.session)
    decision = Decision.objects.filter(item=item, outcome=Outcome.DEFERRED).first()
    if decision is None:
        raise ValidationError("Seul un point ajourné revient à une autre séance.")
    if session.body_id != item.session.body_id or session.held_on <= item.session.held_on:
        raise ValidationError("Choisissez une séance de la même instance, après celle où le point a été ajourné.")
    return sessions.add_item(session=session, project=item.project, by=by, rapporteur=item.rapporteur)
