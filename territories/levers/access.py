"""The gates of the levers: who reads them, who keeps them, and how a view obtains a service or a year."""

from __future__ import annotations

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from territories.levers.models import EquipmentFund, PactYear, SharedService, SolidarityGrant
from territories.places.access import get_intercommunality
from territories.places.models import Intercommunality


class Person(Protocol):
    """Whoever acts: the territory knows no account, it only asks what they may do."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


def may_manage(user: Person, epci: Intercommunality) -> bool:
    return user.has_perm("territories.manage_levers", epci)


def require_manage(user: Person, epci: Intercommunality) -> None:
    if not may_manage(user, epci):
        raise PermissionDenied("Votre rôle ne permet pas de tenir le schéma de mutualisation ni le pacte financier.")


def get_service(request: HttpRequest, pk: int, permission: str = "view_levers") -> SharedService:
    """The only way a view obtains a service: 404 elsewhere, 403 when the act is not allowed."""
    epci = get_intercommunality(request)
    service = get_object_or_404(
        SharedService.objects.select_related("intercommunality", "holder"), pk=pk, intercommunality=epci
    )
    get_intercommunality(request, permission)
    return service


def get_year(request: HttpRequest, year: int, permission: str = "view_levers") -> PactYear:
    """The same for a year of the pact, by its number; a year that is not open does not exist."""
    epci = get_intercommunality(request)
    found = get_object_or_404(PactYear.objects.select_related("intercommunality"), year=year, intercommunality=epci)
    get_intercommunality(request, permission)
    return found


def get_fund(request: HttpRequest, pk: int, permission: str = "manage_levers") -> EquipmentFund:
    epci = get_intercommunality(request)
    fund = get_object_or_404(EquipmentFund.objects.select_related("pact_year", "commune"), pk=pk, intercommunality=epci)
    get_intercommunality(request, permission)
    return fund


def get_grant(request: HttpRequest, pk: int, permission: str = "view_levers") -> SolidarityGrant:
    epci = get_intercommunality(request)
    grants = SolidarityGrant.objects.select_related("pact_year", "intercommunality")
    grant = get_object_or_404(grants, pk=pk, intercommunality=epci)
    get_intercommunality(request, permission)
    return grant
