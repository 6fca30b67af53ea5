"""What is done about people: opening and closing a membership, with the rights that follow."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from partners.directory.models import Partner
from partners.people.access import grant, revoke
from partners.people.models import Membership, User
from territories.places.models import Commune, Intercommunality


@transaction.atomic
def open_membership(
    *,
    user: User,
    intercommunality: Intercommunality,
    role: str,
    starts_on: date,
    commune: Commune | None = None,
    partner: Partner | None = None,
    function: str = "",
    ends_on: date | None = None,
) -> Membership:
    """Give a role to a person. Raises `ValidationError` when the role makes no sense (a relay without a partner)."""
    membership = Membership(
        user=user,
        intercommunality=intercommunality,
        role=role,
        commune=commune,
        partner=partner,
        function=function,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    membership.full_clean()
    membership.save()
    grant(membership)
    return membership


@transaction.atomic
def close_membership(*, membership: Membership, ends_on: date) -> Membership:
    """End a role on a day; its rights are withdrawn at once."""
    membership.ends_on = ends_on
    membership.full_clean()
    membership.save()
    revoke(membership)
    return membership
