"""What the desk, the screen of the room and the tablets show, read in a constant number of queries."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from partners.governance.models import Body, Seat
from projects.ballots import forms, rules
from projects.ballots.access import seats_of
from projects.ballots.models import Attendance, Ballot, BallotPosition, Position, Sitting, Urgency
from projects.ballots.room import Numbers, ballot_of, is_listed, name_of, names_in, numbers_of, of_seat, room_of
from projects.deliberation import services as sessions
from projects.deliberation.majorities import Asked, bases_told, law_of
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.deliberation.rules import is_carried, required_votes

if TYPE_CHECKING:
    from partners.people.models import User


def sitting_of(session: Session) -> Sitting | None:
    found = Sitting.objects.filter(session=session)
    return found.select_related("current_item__project", "current_item__decision", "current_item__urgency").first()


def decision_of(item: AgendaItem | None) -> Decision | None:
    return getattr(item, "decision", None) if item else None


def count_of(ballot: Ballot | None) -> dict[str, Any] | None:
    """How far an open vote has come: who voted out of who may."""
    if ballot is None or not ballot.is_open:
        return None
    voters = list(ballot.voters.values_list("has_voted", flat=True))
    return {"voted": sum(voters), "voters": len(voters)}


def warning_of(ballot: Ballot, count: dict[str, Any] | None) -> str:
    """What closing a secret ballot at this count would reveal; "" otherwise."""
    return rules.told_of_few(count["voted"], count["voters"]) if count and ballot.is_secret else ""


def numbers_told(numbers: Numbers) -> list[dict[str, Any]]:
    told = (
        ("En exercice", numbers.in_office), ("Présents", numbers.present), ("Pouvoirs comptés", numbers.powers),
        ("Ne prennent pas part", numbers.not_taking_part), ("Votants", numbers.voters),
    )  # fmt: skip
    return [{"label": label, "value": str(value)} for label, value in told]


def result_of(ballot: Ballot, asked: Asked) -> dict[str, Any]:
    """What a closed ballot gives: its totals, what was needed, and the outcome that the rules draw from them.

    Where the law asks two thirds of a base that is discussed, both are told.
    """
    votes = {"votes_for": ballot.votes_for or 0, "votes_against": ballot.votes_against or 0}
    needed = required_votes(ballot.majority, **votes, in_office=ballot.in_office)
    carried = is_carried(
        ballot.majority,
        **votes,
        in_office=ballot.in_office,
        secret=ballot.is_secret,
        chair_votes_for=ballot.chair_votes_for,
    )
    told = (
        ("Pour", ballot.votes_for), ("Contre", ballot.votes_against), ("Abstentions", ballot.abstentions),
        ("Blancs et nuls", ballot.blank_votes), ("Voix nécessaires", f"{needed} ({ballot.get_majority_display()})"),
        ("Le décompte donne", "adopté" if carried else "rejeté"),
    )  # fmt: skip
    facts = [{"label": label, "value": str(value)} for label, value in told]
    if asked.is_discussed:
        facts += bases_told(**votes, in_office=ballot.in_office)
    return {"facts": facts, "outcome": Outcome.ADOPTED if carried else Outcome.REJECTED}


def member_rows(room: rules.Room, seats: list[Seat], names: dict[int, str]) -> list[dict[str, Any]]:
    """Each member with where they are, and the movement that is possible: theirs, or that of their substitute."""
    holders = {giver: names.get(holder, "") for giver, holder in room.powers.items()}
    rows = []
    for seat in seats:
        here = seat.pk in room.present
        state = "présent·e" if here else "absent·e"
        if seat.pk in room.withdrawn:
            state = "ne prend pas part à ce point"
        elif not here and seat.pk in holders:
            state = f"absent·e, a donné pouvoir à {holders[seat.pk]}"
        rows.append(
            {
                "pk": seat.pk,
                "name": names[seat.pk],
                "state": state,
                "way": "out" if here else "in",
                "act": "Sort de la salle" if here else "Entre dans la salle",
                "substitute": "" if here else told_of_substitute(seat),
            }
        )
    return rows


def told_of_substitute(seat: Seat) -> str:
    return name_of(seat, seat.substitute) if seat.substitute else ""


def seat_rows(session: Session, seats: list[Seat]) -> list[dict[str, Any]]:
    """The seats as the roll call shows them: each with its substitute, where the rules of the body admit one."""
    is_admitted = sessions.conduct_of(session).admits_substitutes
    return [
        {
            "pk": str(seat.pk),
            "name": name_of(seat),
            "substitute": told_of_substitute(seat) if is_admitted else "",
        }
        for seat in seats
    ]


def voter_rows(ballot: Ballot) -> list[dict[str, Any]]:
    """The voters of an ordinary or public ballot, with the vote received by name; nothing for a secret one."""
    if ballot.is_secret:
        return []
    named = {one.seat_id: one.get_position_display() for one in BallotPosition.objects.filter(ballot=ballot)}
    voters = ballot.voters.select_related(
        "seat__member", "seat__commune", "cast_by__member", "cast_by__commune", "substitute"
    )
    return [
        {
            "pk": voter.seat_id,
            "name": name_of(voter.seat, voter.substitute),
            "of": of_seat(voter.seat, voter.substitute),
            "by": "" if voter.cast_by_id == voter.seat_id else name_of(voter.cast_by),
            "said": named.get(voter.seat_id, ""),
        }
        for voter in voters
    ]


def state_told(item: AgendaItem, current: AgendaItem | None, ballot: Ballot | None) -> str:
    """Where an item stands: decided, before the members, or yet to come."""
    if hasattr(item, "decision"):
        return item.decision.get_outcome_display()
    if item != current or item.session.state != Session.State.OPEN:
        return "à examiner"
    if ballot is None:
        return "en débat"
    return "vote ouvert" if ballot.is_open else "vote clos, à proclamer"


def item_rows(session: Session, current: AgendaItem | None, ballot: Ballot | None) -> list[dict[str, Any]]:
    items = session.items.select_related("project", "decision", "urgency")
    return [
        {
            "item": item,
            "is_current": item == current,
            "state": state_told(item, current, ballot),
            "urgency": item.urgency.reason if hasattr(item, "urgency") else "",
        }
        for item in items
    ]


def desk_context(session: Session, user: User) -> dict[str, Any]:
    """All that the clerk sees: the item examined, the vote, the members."""
    sitting = sitting_of(session)
    item = sitting.current_item if sitting else None
    room = room_of(session, item)
    seats = list(seats_of(session).select_related("substitute").order_by("rank", "pk"))
    names = names_in(room, seats)
    listed = is_listed(session)
    numbers = numbers_of(session, item, room, listed=listed)
    ballot, decision = ballot_of(item), decision_of(item)
    # The law of the day on which the body meets.
    law = law_of(item, user, session.held_on, numbers.in_office) if item else None
    asked = law.asked if law else Asked(sessions.conduct_of(session).majority)
    quorum = sessions.has_quorum(session, numbers.present - numbers.not_taking_part, numbers.in_office)
    context = {
        "session": session,
        "item": item,
        "items": item_rows(session, item, ballot),
        "decision": decision,
        "is_own": bool(item) and item.project.is_proposed_by(user),
        "ballot": ballot,
        "numbers": numbers_told(numbers),
        "quorum": quorum,
        # What was counted while the quorum was there stands; an open vote is closed or annulled.
        "lacks_quorum": "" if quorum or ballot or decision else sessions.NO_QUORUM,
        "listed": listed,
        "members": member_rows(room, seats, names) if listed else [],
        "proxies": _proxy_rows(session, names),
        "aside": [f"{names.get(one.seat_id) or name_of(one.seat)} : {one.reason}" for one in _aside(item)],
        "is_open": session.state == Session.State.OPEN,
        "may_open": session.state in {Session.State.PLANNED, Session.State.CONVENED},
        "seats": seat_rows(session, seats),
        "asked": asked,
        "urgencies": _urgencies(session),
        "urgency": getattr(item, "urgency", None) if item else None,
    }
    vote = _ballot_context(ballot, asked)
    return context | vote | _forms(session, item, ballot, vote, asked, quorum=quorum)


def _urgencies(session: Session) -> list[Any]:
    """The items that wait for the body to decide on their urgency; an advisory body is not asked."""
    if not session.body.is_deciding:
        return []
    waiting = Urgency.objects.filter(item__session=session, is_accepted=None, item__decision=None)
    return list(waiting.select_related("item__project"))


def _aside(item: AgendaItem | None) -> list[Any]:
    return list(item.withdrawals.select_related("seat__member", "seat__commune")) if item else []


def _proxy_rows(session: Session, names: dict[int, str]) -> list[dict[str, Any]]:
    active = session.proxies.filter(ended_at__isnull=True).select_related("giver__member", "giver__commune")
    return [
        {
            "pk": one.pk,
            "giver": names.get(one.giver_id, ""),
            "holder": names.get(one.holder_id, ""),
            "of_giver": of_seat(one.giver),
        }
        for one in active
    ]


def possible_outcomes(session: Session, ballot: Ballot | None, *, quorum: bool) -> list[Outcome]:
    """What may be proclaimed now: without a vote nothing that is voted, without the quorum the withdrawal alone."""
    outcomes = list(sessions.outcomes_of(session.body))
    if ballot:
        return outcomes
    if not quorum:
        return [Outcome.WITHDRAWN]
    votes = session.body.kind != Body.Kind.PRESIDENCY  # one person decides there
    return [one for one in outcomes if not (votes and one in sessions.VOTED)]


def _forms(
    session: Session,
    item: AgendaItem | None,
    ballot: Ballot | None,
    vote: dict[str, Any],
    asked: Asked,
    *,
    quorum: bool,
) -> dict[str, Any]:
    initial = {"text": item.draft} if item and item.draft and (quorum or ballot) else {}
    outcomes = possible_outcomes(session, ballot, quorum=quorum)
    if vote["result"]:
        initial["outcome"] = vote["result"]["outcome"]
    if initial.get("outcome") == Outcome.REJECTED:  # the text submitted is not what was decided
        initial.pop("text", None)
    return {
        "proxy_form": forms.ProxyForm(session=session, prefix="pouvoir"),
        "withdrawal_form": forms.WithdrawalForm(session=session, prefix="deport"),
        "ballot_form": forms.BallotForm(prefix="scrutin", initial={"majority": asked.majority}),
        "totals_form": forms.TotalsForm(warning=vote["warning"], prefix="totaux"),
        "cancel_form": forms.CancelForm(prefix="annulation"),
        "urgency_form": forms.UrgencyVoteForm(prefix="urgence"),
        "proclamation_form": forms.ProclamationForm(
            session=session, outcomes=outcomes, initial=initial, prefix="decision"
        ),
    }


def _ballot_context(ballot: Ballot | None, asked: Asked) -> dict[str, Any]:
    if ballot is None:
        return {"voters": [], "count": None, "warning": "", "result": None, "positions": []}
    count = count_of(ballot)
    return {
        "voters": voter_rows(ballot),
        "count": count,
        "warning": warning_of(ballot, count),
        # Secret votes are counted as they are: no total is written over them.
        "types_totals": not (ballot.is_secret and count and count["voted"]),
        "result": None if ballot.is_open else result_of(ballot, asked),
        "positions": Position.choices,
    }


def screen_context(session: Session) -> dict[str, Any]:
    """What the whole room reads: the item, the quorum, the progress of the vote, the decision. No name, no position."""
    sitting = sitting_of(session)
    item = sitting.current_item if sitting else None
    numbers = numbers_of(session, item, room_of(session, item), listed=is_listed(session))
    ballot, decision = ballot_of(item), decision_of(item)
    rank = list(session.items.values_list("pk", flat=True)).index(item.pk) + 1 if item else 0
    context = {
        "session": session,
        "item": item,
        "rank": rank,
        "ballot": ballot,
        "count": count_of(ballot),
        "decision": decision,
        "numbers": numbers_told(numbers),
        "quorum": sessions.has_quorum(session, numbers.present - numbers.not_taking_part, numbers.in_office),
    }
    told = (session.state, item and item.pk, rank, ballot and (ballot.pk, ballot.state), context["count"], numbers,
            decision and decision.pk)  # fmt: skip
    return context | {"mark": mark_of(told)}


def tablet_context(session: Session, seat: Seat, user: User) -> dict[str, Any]:
    """What one member sees: the item, the votes that are theirs to give, and what was received."""
    sitting = sitting_of(session)
    item = sitting.current_item if sitting else None
    ballot, decision = ballot_of(item), decision_of(item)
    mine = _papers(ballot, seat, user)
    absence = absence_of(session, seat, user)
    is_aside = bool(item) and item.withdrawals.filter(seat=seat).exists()
    may_tell = bool(decision is None and ballot and ballot.state == Ballot.State.CLOSED)
    context = {
        "session": session,
        "item": item,
        "ballot": ballot,
        "decision": decision,
        "papers": mine,
        "is_voting": bool(ballot and ballot.is_open) and any(not paper["has_voted"] for paper in mine),
        "seat": name_of(seat, seat.substitute if is_substitute(user, seat) else None),
        "absence": absence,
        "is_aside": is_aside and not absence,
        "is_live": session.state == Session.State.OPEN,
        "waits": may_tell,
    }
    papers = [(paper["seat"], paper["has_voted"]) for paper in mine]
    told = (session.state, item and item.pk, ballot and (ballot.pk, ballot.state), decision and decision.pk, papers,
            absence, context["is_aside"])  # fmt: skip
    return context | {"mark": mark_of(told)}


def is_substitute(user: User, seat: Seat) -> bool:
    """The person is at the tablet of a seat whose holder is somebody else."""
    return bool(seat.substitute and seat.substitute.user_id == user.pk)


def absence_of(session: Session, seat: Seat, user: User) -> str:
    """Why the person does not vote from the seat now, in one sentence; "" for whoever is in the room."""
    last = session.attendances.filter(seat=seat).select_related("substitute").order_by("pk").last()
    here, sits = last and last.way == Attendance.Way.IN, last.substitute if last else None
    if here and is_substitute(user, seat) == bool(sits):
        return ""
    if here and sits:
        return f"{sits} vous supplée et vote à votre place. À votre arrivée, le secrétariat de séance vous inscrit."
    if here:
        return f"{name_of(seat)} est dans la salle : vous votez en son absence seulement."
    return "Vous n’êtes pas inscrit·e dans la salle. À votre arrivée, le secrétariat de séance vous inscrit."


def _papers(ballot: Ballot | None, seat: Seat, user: User) -> list[dict[str, Any]]:
    """The votes that the person gives: that of their seat, as holder or as substitute, then that of a power."""
    if ballot is None:
        return []
    named = dict(BallotPosition.objects.filter(ballot=ballot).values_list("seat_id", "position"))
    theirs = {"substitute__user": user} if is_substitute(user, seat) else {"substitute": None}
    voters = ballot.voters.filter(cast_by=seat, **theirs).select_related("seat__member", "seat__commune")
    papers = [
        {
            "seat": voter.seat_id,
            "power": "" if voter.seat_id == seat.pk else of_seat(voter.seat),
            "has_voted": voter.has_voted,
            "said": Position(named[voter.seat_id]).label if voter.seat_id in named else "",
            "key": uuid4(),
            "choices": Position.choices,
            "asked": "",  # the vote that is read again before it is given
        }
        for voter in voters
    ]
    return sorted(papers, key=lambda paper: paper["power"])


def mark_of(told: object) -> str:
    """A short sign of what a screen shows: while it is the same, nothing is sent again."""
    return sha256(repr(told).encode()).hexdigest()[:12]
