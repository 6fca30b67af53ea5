"""The gates of competences: every member reads them, who keeps them, and how a view obtains one."""

from __future__ import annotations

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from territories.competences.models import CommunityInterest, Competence, ImplementationAgreement
from territories.places.access import get_intercommunality
from territories.places.models import Intercommunality

MANAGE = "manage_competences"


class Person(Protocol):
    """Whoever acts: the territory knows no account, it only asks what they may do."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


def may_manage(user: Person, epci: Intercommunality) -> bool:
    return user.has_perm(f"territories.{MANAGE}", epci)


def require_manage(user: Person, epci: Intercommunality) -> None:
    if not may_manage(user, epci):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les compétences.")


def get_competence(request: HttpRequest, pk: int, permission: str = "") -> Competence:
    """The only way a view obtains a competence: 404 elsewhere, 403 when the act is not allowed."""
    epci = get_intercommunality(request)
    rows = Competence.objects.select_related("intercommunality")
    competence = get_object_or_404(rows, pk=pk, intercommunality=epci)
    get_intercommunality(request, permission)
    return competence


def get_interest(request: HttpRequest, pk: int, permission: str = MANAGE) -> CommunityInterest:
    """The same for a definition of the community interest."""
    epci = get_intercommunality(request)
    rows = CommunityInterest.objects.select_related("competence", "intercommunality")
    interest = get_object_or_404(rows, pk=pk, intercommunality=epci)
    get_intercommunality(request, permission)
    return interest


def get_agreement(request: HttpRequest, pk: int, permission: str = MANAGE) -> ImplementationAgreement:
    """The same for an implementation agreement."""
    epci = get_intercommunality(request)
    rows = ImplementationAgreement.objects.select_related("competence", "intercommunality")
    agreement = get_object_or_404(rows, pk=pk, intercommunality=epci)
    get_intercommunality(request, permission)
    return agreement
