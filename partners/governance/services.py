"""Bodies and their rules, seats taken and left, the chair changed, powers delegated: everything is dated, nothing goes.

What was decided keeps its members and its rules: no seat and no rule moves on or before the last day the body met.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q

from cooperation.access import Verdict
from cooperation.french import date_fr
from cooperation.history import sign
from cooperation.ordering import put_in_order
from partners.governance import conduct, rules
from partners.governance.access import require_manage
from partners.governance.models import Body, BodyRule, Delegation, ElectedMember, Seat
from partners.people.models import User
from territories.places.models import Commune, Intercommunality

DAY = timedelta(days=1)


@transaction.atomic
def keep(*, row: Any, by: User) -> Any:
    """Write a body, a member or a seat that was filled in a form."""
    require_manage(by, (row.body if isinstance(row, Seat) else row).intercommunality_id)
    if isinstance(row, Body) and row.pk:
        stored = Body.objects.select_for_update().get(pk=row.pk)
        if fault := fault_of_change(stored, row):
            raise ValidationError(fault)
    if isinstance(row, ElectedMember) and row.user_id == by.pk:
        raise ValidationError({"user": "Une autre personne de l’administration relie votre compte à un·e élu·e."})
    return _keep(row, by)


def fault_of_change(stored: Body, wanted: Body) -> str:
    """A body that has met stays what it was: its decisions were read as those of this body."""
    changes = (stored.kind, stored.power) != (wanted.kind, wanted.power)
    if not changes or not stored.sessions.exists():
        return ""
    return (
        "Cette instance a déjà des séances : sa nature et son pouvoir ne changent plus. Créez une autre instance, et "
        "laissez celle-ci à ses décisions."
    )


def fault_of_day(body: Body, day: date, *, today: date) -> str:
    """Why nothing of a body may begin that day; "" when it may: what was decided keeps its members and its rules."""
    met = body.sessions.filter(held_on__lte=today, cancelled_because="").order_by("-held_on").first()
    if met is None or day > met.held_on:
        return ""
    return (
        f"Une séance s’est tenue le {date_fr(met.held_on)} : elle garde ses membres et ses règles. Choisissez un jour "
        "après cette date."
    )


@transaction.atomic
def write_rules(*, body: Body, starts_on: date, source: str, by: User, today: date, **values: Any) -> BodyRule:
    """Let a body decide otherwise from a day on; raises `ValidationError` by field, in French."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    require_manage(by, body.intercommunality_id)
    rule = BodyRule(
        intercommunality_id=body.intercommunality_id, body=body, starts_on=starts_on, source=source, **values
    )
    faults: dict[str, str] = conduct.faults_of(
        rule.as_conduct(), is_council=body.is_council, is_deciding=body.is_deciding
    )
    if not faults and (fault := fault_of_day(body, starts_on, today=today)):
        faults = {"starts_on": fault}
    if faults:
        raise ValidationError(faults)
    return _keep(rule, by)


@transaction.atomic
def order_seats(*, body: Body, ids: Sequence[int], by: User) -> None:
    """The order in which the members are called and read."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    require_manage(by, body.intercommunality_id)
    seats = list(body.seats.filter(ends_on__isnull=True))
    for seat in seats:
        sign(seat, by=by)
    put_in_order(seats, ids, field="rank")


@transaction.atomic
def succeed(
    *,
    seat: Seat,
    member: ElectedMember,
    starts_on: date,
    by: User,
    today: date,
    substitute: ElectedMember | None = None,
) -> Seat:
    """Give a seat to another holder from a day on: the former row ends the day before, and stays."""
    body = Body.objects.select_for_update().get(pk=seat.body_id)
    require_manage(by, body.intercommunality_id)
    seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if seat.ends_on is not None:
        raise ValidationError("Ce siège a déjà été quitté.")
    if fault := fault_of_day(body, starts_on, today=today):
        raise ValidationError({"starts_on": fault})
    if seat.starts_on and (starts_on < seat.starts_on or (starts_on == seat.starts_on and seat.member_id)):
        taken = f"est tenu par {seat.member} depuis" if seat.member else "commence"
        raise ValidationError(
            {"starts_on": f"Ce siège {taken} le {date_fr(seat.starts_on)} : choisissez un jour après."}
        )
    if seat.starts_on == starts_on:  # nobody sat there before: the same row takes its first holder
        _require_seatable(body, member, substitute, starts_on)
        seat.member, seat.substitute = member, substitute
        return _keep(seat, by)
    seat.ends_on = starts_on - DAY
    _keep(seat, by)
    return add_seat(
        body=body,
        member=member,
        substitute=substitute,
        commune=seat.commune,
        function=seat.function,
        is_vice_chair=seat.is_vice_chair,
        starts_on=starts_on,
        rank=seat.rank,
        by=by,
        today=today,
    )


def _require_seatable(body: Body, member: ElectedMember, substitute: ElectedMember | None, day: date) -> None:
    if any(person and person.intercommunality_id != body.intercommunality_id for person in (member, substitute)):
        raise ValidationError("Cette personne n’est pas élue dans cette intercommunalité.")
    still_there = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    if body.seats.filter(still_there, member=member).exists():
        raise ValidationError(f"{member} siège déjà dans cette instance.")


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
    rank: int = 0,
    today: date | None = None,
) -> Seat:
    """Seat a member; a person holds one seat of a body at a time. With `today`, no session held gets a new member."""
    body = Body.objects.select_for_update().get(pk=body.pk)
    require_manage(by, body.intercommunality_id)
    _require_seatable(body, member, substitute, starts_on)
    if today and (fault := fault_of_day(body, starts_on, today=today)):
        raise ValidationError({"starts_on": fault})
    seat = Seat(
        body=body,
        member=member,
        substitute=substitute,
        commune=commune,
        function=function,
        is_vice_chair=is_vice_chair,
        rank=rank or body.seats.count() + 1,
        starts_on=starts_on,
    )
    return _keep(seat, by)


@transaction.atomic
def close_seat(*, seat: Seat, ends_on: date, by: User, today: date | None = None) -> Seat:
    """The last day of a seat; what was decided with it remains."""
    seat = Seat.objects.select_for_update(of=("self",)).select_related("body").get(pk=seat.pk)
    require_manage(by, seat.body.intercommunality_id)
    if seat.ends_on is not None:
        raise ValidationError("Ce siège a déjà été quitté.")
    if today and (fault := fault_of_day(seat.body, ends_on + DAY, today=today)):
        raise ValidationError({"ends_on": fault})
    seat.ends_on = ends_on
    return _keep(seat, by)


@transaction.atomic
def change_chair(*, seat: Seat, by: User, on: date | None = None, today: date | None = None) -> Seat:
    """Give the chair of the body to the holder of this seat; who chaired before keeps their seat.

    With `on`, from that day: the rows of both end the day before and begin again, so that what was chaired stays so.
    """
    body = Body.objects.select_for_update().get(pk=seat.body_id)
    require_manage(by, body.intercommunality_id)
    seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if seat.ends_on is not None or seat.member_id is None:
        raise ValidationError("Seule une personne qui siège aujourd’hui peut présider l’instance.")
    if on and today and (fault := fault_of_day(body, on, today=today)):
        raise ValidationError({"on": fault})
    for former in body.seats.filter(is_chair=True, ends_on__isnull=True).exclude(pk=seat.pk):
        _from(former, on, by, is_chair=False)
    return _from(seat, on, by, is_chair=True, is_vice_chair=False)


def _from(seat: Seat, day: date | None, by: User, **changes: bool) -> Seat:
    """Change what a seat is from a day on; the same row when it begins that day, or when no day is told."""
    if day and (seat.starts_on is None or seat.starts_on < day):
        before = Seat.objects.get(pk=seat.pk)
        before.ends_on = day - DAY
        _keep(before, by)
        seat.pk, seat._state.adding, seat.starts_on = None, True, day
    for name, value in changes.items():
        setattr(seat, name, value)
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
    require_manage(by, epci.pk)
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
    require_manage(by, delegation.intercommunality_id)
    if delegation.ends_on is not None:
        raise ValidationError("Cette délégation a déjà une fin : accordez-en une autre pour la suite.")
    delegation.ends_on = ends_on
    return _keep(delegation, by)


HOLDERS = {
    Body.Kind.COUNCIL: rules.Holder.COUNCIL,
    Body.Kind.BUREAU: rules.Holder.BUREAU,
    Body.Kind.PRESIDENCY: rules.Holder.PRESIDENT,
}


def body_may_decide(body: Body, *, matter: str, amount: Decimal | None, on: date) -> Verdict:
    """The rule of art. L. 5211-10 on what is recorded; `amount` in euros HT, None when unknown."""
    holder = HOLDERS.get(Body.Kind(body.kind), rules.Holder.ADVISORY)
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
