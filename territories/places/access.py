"""The gate of the territory pages: the EPCI where the person is working, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from territories.places.models import Intercommunality


class PlacedRequest(HttpRequest):
    """A request that came through the middleware which says where the person is working, and for which communes."""

    current_intercommunality: Callable[[], Intercommunality | None]
    own_communes: Callable[[], Collection[int]]
    holders_of: Callable[[str], Sequence[AbstractBaseUser]]


def get_intercommunality(request: HttpRequest, permission: str = "") -> Intercommunality:
    """The only way a view of the territory obtains an EPCI: 404 without one, 403 when the act is not allowed.

    Which EPCI that is comes with the request (`partners.people.middleware`): the territory knows no account.
    """
    intercommunality = cast(PlacedRequest, request).current_intercommunality()
    if intercommunality is None:
        raise Http404("Aucune intercommunalité n’est rattachée à votre compte.")
    if permission and not request.user.has_perm(f"territories.{permission}", intercommunality):
        raise PermissionDenied("Votre rôle ne permet pas d’ouvrir cette page.")
    return intercommunality


def communes_of(request: HttpRequest) -> Collection[int]:
    """The numbers of the communes where the person has a place today; they too come with the request."""
    return cast(PlacedRequest, request).own_communes()


def holders_of(request: HttpRequest, permission: str) -> Sequence[AbstractBaseUser]:
    """Who holds a right where the person is working; they come with the request as well."""
    return cast(PlacedRequest, request).holders_of(permission)
