"""Seats taken and left, the chair changed, powers delegated: nothing is deleted, everything is dated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q

from cooperation.access import Verdict
from cooperation.history import sign
from partners.governance import rules
from partners.governance.models import Body, Delegation, ElectedMember, Seat
from partners.people.models import User
from territories.places.models import Commune, Intercommunality


@transaction.atomic
def add_seat(
    *,
    body: Body,
    member: ElectedMember,
    starts_on: date,
    by: User,
    substitute: ElectedMember | None = None,
    commune: Commune | None = None,
    function: str = "",
    is_vice_chair: bool = False,
) -> Seat:
    """Seat a member; a person holds one seat of a body at a time."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    if any(person and person.intercommunality_id != body.intercommunality_id for person in (member, substitute)):
        raise ValidationError("Cette personne n’est pas élue dans cette intercommunalité.")
    still_there = Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    if body.seats.filter(still_there, member=member).exists():
        raise ValidationError(f"{member} siège déjà dans cette instance.")
    seat = Seat(
        body=body,
        member=member,
        substitute=substitute,
        commune=commune,
        function=function,
        is_vice_chair=is_vice_chair,
        starts_on=starts_on,
    )
    return _keep(seat, by)


@transaction.atomic
def close_seat(*, seat: Seat, ends_on: date, by: User) -> Seat:
    """The last day of a seat; what was decided with it remains."""
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if seat.ends_on is not None:
        raise ValidationError("Ce siège a déjà été quitté.")
    seat.ends_on = ends_on
    return _keep(seat, by)


@transaction.atomic
def change_chair(*, seat: Seat, by: User) -> Seat:
    """Give the chair of the body to the holder of this seat; who chaired before keeps their seat."""
    body = Body.objects.select_for_update().get(pk=seat.body_id)
    seat = Seat.objects.select_for_update().get(pk=seat.pk)
    if seat.ends_on is not None or seat.member_id is None:
        raise ValidationError("Seule une personne qui siège aujourd’hui peut présider l’instance.")
    for former in body.seats.filter(is_chair=True, ends_on__isnull=True).exclude(pk=seat.pk):
        former.is_chair = False
        _keep(former, by)
    seat.is_chair, seat.is_vice_chair = True, False
    return _keep(seat, by)


@transaction.atomic
def delegate(
    *,
    epci: Intercommunality,
    holder: str,
    matter: str,
    ceiling: Decimal | None,
    decision_reference: str,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
) -> Delegation:
    """Record what the conseil delegated; what the article keeps for the conseil is refused (CGCT, art. L. 5211-10)."""
    if matter in rules.NEVER_DELEGATED:
        raise ValidationError(
            f"Le conseil communautaire ne peut pas déléguer {rules.NEVER_DELEGATED[matter]} (CGCT, art. L. 5211-10)."
        )
    return _keep(
        Delegation(
            intercommunality=epci,
            holder=holder,
            matter=matter,
            ceiling=ceiling,
            decision_reference=decision_reference,
            starts_on=starts_on,
            ends_on=ends_on,
        ),
        by,
    )


@transaction.atomic
def end_delegation(*, delegation: Delegation, ends_on: date, by: User) -> Delegation:
    """The last day of a delegation: acts taken before it stay valid."""
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    delegation.ends_on = ends_on
    return _keep(delegation, by)


def body_may_decide(body: Body, *, matter: str, amount: Decimal | None, on: date) -> Verdict:
    """The rule of art. L. 5211-10 on what is recorded; `amount` in euros HT, None when unknown."""
    holder = {Body.Kind.COUNCIL: rules.Holder.COUNCIL, Body.Kind.BUREAU: rules.Holder.BUREAU}.get(
        Body.Kind(body.kind), rules.Holder.ADVISORY
    )
    granted = Delegation.objects.filter(intercommunality=body.intercommunality_id, holder=holder)
    return rules.may_decide(
        holder, matter=matter, amount=amount, on=on, granted=[grant.as_granted() for grant in granted]
    )


_Row = TypeVar("_Row", bound=Model)


def _keep(row: _Row, by: User) -> _Row:
    sign(row, by=by)
    row.full_clean()
    row.save()
    return row
