"""Answers `user.has_perm(…, epci)` from the scope of the person: one rule everywhere, and no query more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.db.models import Model

from partners.people.access import scope_of
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class ScopeBackend(BaseBackend):
    """The rights that a person holds today on an EPCI; a membership that has ended gives none."""

    def has_perm(self, user_obj: User, perm: str, obj: Model | None = None) -> bool:
        if not isinstance(obj, Intercommunality):
            return False
        if not scope_of(user_obj).may(perm.removeprefix("territories."), obj.pk):
            raise PermissionDenied  # no other backend is asked: the group may outlive the membership by a night
        return True
