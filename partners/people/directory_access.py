"""The gates of the directory: who reads it, who holds it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from partners.directory.models import Distinction, Partner, Relay
from partners.people.access import get_intercommunality, holders, scope_of
from partners.people.current import require_intercommunality
from partners.people.models import User
from territories.places.models import Intercommunality

VIEW, MANAGE = "view_directory", "manage_directory"


def get_directory(request: HttpRequest, permission: str = VIEW) -> Intercommunality:
    """The EPCI in which the person is working, if they may read its directory, or hold it."""
    return get_intercommunality(request.user, require_intercommunality(request).siren, permission)


def get_partner(user: User, pk: int, permission: str = VIEW) -> Partner:
    """The only way a view obtains a partner: 404 unless the person reads its directory, 403 to change it.

    A relay person reads the page of their own structure: what is kept of them is there.
    """
    scope = scope_of(user)
    partners = Partner.objects.select_related("intercommunality", "merged_into")
    readable = partners.filter(Q(intercommunality_id__in=scope.where(VIEW)) | Q(pk__in=scope.partners))
    partner = get_object_or_404(readable, pk=pk)
    if permission != VIEW or pk not in scope.partners:
        _require(user, partner.intercommunality_id, permission)
    return partner


def get_relay(user: User, pk: int) -> Relay:
    """The only way a view obtains a relay person, to whoever holds the directory."""
    readable = scope_of(user).where(VIEW)
    relays = Relay.objects.select_related("partner", "commune", "intercommunality")
    relay = get_object_or_404(relays.filter(intercommunality_id__in=readable), pk=pk)
    _require(user, relay.intercommunality_id, MANAGE)
    return relay


def get_distinction(user: User, pk: int) -> Distinction:
    """The only way a view obtains what was said of two partners, to whoever holds the directory."""
    readable = scope_of(user).where(VIEW)
    said = Distinction.objects.select_related("first", "second").filter(intercommunality_id__in=readable)
    found = get_object_or_404(said, pk=pk)
    _require(user, found.intercommunality_id, MANAGE)
    return found


def _require(user: User, epci: int, permission: str) -> None:
    if not scope_of(user).may(permission, epci):
        raise PermissionDenied("La coordination tient l’annuaire : votre rôle permet de le lire.")


def keepers(epci: Intercommunality) -> QuerySet[User]:
    """Who may write in the directory of an EPCI today."""
    return holders(epci, MANAGE)
