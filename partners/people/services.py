"""What is done about people: opening and closing a membership, with the rights that follow."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

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
def welcome(*, email: str, full_name: str, **role: Any) -> Membership:
    """Give a role to the person of this address, whose account is created when there is none.

    The account has no password: the person chooses it with « mot de passe oublié ». A known name is left as it is.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User(email=email.lower(), full_name=full_name)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
    return open_membership(user=user, **role)


@transaction.atomic
def close_membership(*, membership: Membership, ends_on: date) -> Membership:
    """End a role on a day; its rights go at once when that day has come, and stay until then otherwise."""
    membership.ends_on = ends_on
    membership.full_clean()
    membership.save()
    if ends_on <= timezone.localdate():
        revoke(membership)
    return membership
