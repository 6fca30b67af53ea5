"""Who is written to about a session: its members, their substitutes, the municipal councillors who do not sit in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from cooperation.alphabetical import Alphabetical
from partners.governance.models import Body, ElectedMember, Seat
from partners.people.models import Membership, Role
from projects.ballots.access import seats_of
from projects.ballots.room import name_of
from projects.convocation.models import Envelope
from projects.deliberation.models import Session
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


@dataclass(frozen=True)
class Recipient:
    """One reader, by name; without an account, they are convened on paper."""

    name: str
    detail: str
    capacity: Envelope.Capacity
    person: User | None = None

    @property
    def way(self) -> Envelope.Way:
        return Envelope.Way.MAIL if self.person else Envelope.Way.PAPER


def members_of(session: Session) -> list[Recipient]:
    """Everyone who sits that day: the holder of each seat, or its commune while none is named, and the substitute,
    who receives the convocation too (CGCT, art. L. 5211-6).
    """
    seats = seats_of(session).select_related("member__user", "substitute__user", "commune").order_by("rank", "pk")
    found = []
    for seat in seats:
        detail = seat.function or (f"commune : {seat.commune}" if seat.commune and seat.member else "")
        found.append(Recipient(name_of(seat), detail, Envelope.Capacity.MEMBER, account_of(seat.member)))
        if seat.substitute:
            found.append(
                Recipient(
                    seat.substitute.full_name,
                    f"supplée {name_of(seat)}",
                    Envelope.Capacity.SUBSTITUTE,
                    account_of(seat.substitute),
                )
            )
    return without_twins(found)


def account_of(member: ElectedMember | None) -> User | None:
    return member.user if member and member.user and member.user.is_active else None


def councillors_of(session: Session, members: Iterable[Recipient]) -> list[Recipient]:
    """The municipal councillors of the member communes who do not sit in the body (CGCT, art. L. 5211-40-2).

    An élu of a commune sits in its council too.
    """
    sitting = {one.person.pk for one in members if one.person}
    held = (
        Membership.objects.filter(intercommunality=session.intercommunality_id)
        .filter(Q(role=Role.COUNCILLOR) | Q(role=Role.ELECTED, commune__isnull=False))
        .in_force(session.held_on)
        .filter(user__is_active=True)
        .exclude(user__in=sitting)
        .select_related("user", "commune")
        .order_by(Alphabetical("commune__name"), Alphabetical("user__full_name"), "pk")
    )
    return without_twins(
        Recipient(str(one.user), str(one.commune or ""), Envelope.Capacity.COUNCILLOR, one.user) for one in held
    )


@dataclass(frozen=True)
class Unreached:
    """Whom no mail informs of a session of the conseil: they are informed otherwise, at their town hall."""

    communes: list[str]  # of whose council nobody has an account
    people: list[str]  # elected members without account, who do not sit in the conseil


def unreached_in(epci: Intercommunality, on: date) -> Unreached:
    """The municipal councillors that the platform knows and does not reach, and the councils it does not know."""
    held = Membership.objects.filter(intercommunality=epci, role__in=(Role.COUNCILLOR, Role.ELECTED)).in_force(on)
    reached = held.filter(user__is_active=True, commune__isnull=False).values("commune")
    sitting = Seat.objects.in_force(on).filter(body__kind=Body.Kind.COUNCIL, member__isnull=False).values("member")
    alone = ElectedMember.objects.filter(intercommunality=epci, user=None).exclude(pk__in=sitting)
    return Unreached(
        communes=[str(one) for one in Commune.objects.filter(intercommunality=epci).exclude(pk__in=reached)],
        people=[
            f"{one.full_name} ({one.commune})"
            for one in alone.select_related("commune").order_by(Alphabetical("full_name"))
        ],
    )


def without_twins(recipients: Iterable[Recipient]) -> list[Recipient]:
    """A person who is there twice receives one copy, in the first capacity."""
    seen: set[int] = set()
    kept = []
    for one in recipients:
        if one.person and one.person.pk in seen:
            continue
        if one.person:
            seen.add(one.person.pk)
        kept.append(one)
    return kept


def seat_held_by(user: User, session: Session) -> Seat | None:
    """The seat that the person holds in the session or, failing that, the one for which they are the substitute."""
    seats = seats_of(session).select_related("member", "substitute", "commune", "body")
    return seats.filter(member__user=user).first() or seats.filter(substitute__user=user).first()
