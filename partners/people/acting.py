"""Who acts for a commune or a partner: their élus, agents and relay persons. A municipal councillor reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from partners.people.models import Membership, MembershipQuerySet, Role, User

ACTING = (Role.ELECTED, Role.AGENT, Role.RELAY)
Keys = Iterable[int | None]  # None names nobody


def held_for(*, intercommunality_id: int, on: date, communes: Keys, partners: Keys) -> MembershipQuerySet:
    """The roles by which somebody acts on a day for one of these communes or partners of the EPCI."""
    held = Membership.objects.filter(intercommunality=intercommunality_id, role__in=ACTING).in_force(on)
    return held.filter(Q(commune__in=known(communes)) | Q(partner__in=known(partners)), user__is_active=True)


def acting_for(
    *, intercommunality_id: int, on: date, persons: Keys = (), communes: Keys = (), partners: Keys = ()
) -> QuerySet[User]:
    """These persons, and those who act on a day for these communes and partners; closed accounts are nobody's."""
    held = held_for(intercommunality_id=intercommunality_id, on=on, communes=communes, partners=partners)
    return User.objects.filter(Q(pk__in=known(persons)) | Q(memberships__in=held), is_active=True).distinct()


def known(keys: Keys) -> list[int]:
    return [key for key in keys if key is not None]
