"""In which EPCI the person is working, the one they chose or the first of theirs; and for which communes."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from partners.people.access import holders, scope_of
from partners.people.models import User
from territories.places.models import Intercommunality

SESSION_KEY = "intercommunality"


def intercommunalities_of(request: HttpRequest) -> list[Intercommunality]:
    """The EPCIs where the person has a place today, by name; read once for a request."""
    if not hasattr(request, "_intercommunalities"):
        ids = scope_of(request.user).intercommunalities
        request._intercommunalities = list(Intercommunality.objects.filter(pk__in=ids)) if ids else []
    return request._intercommunalities


def current_intercommunality(request: HttpRequest) -> Intercommunality | None:
    """The EPCI in which the person is working now, if any."""
    mine = intercommunalities_of(request)
    chosen = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    return next((epci for epci in mine if epci.pk == chosen), mine[0] if mine else None)


def own_communes(request: HttpRequest) -> frozenset[int]:
    """The communes where the person has a place today, by their numbers."""
    return scope_of(request.user).communes


def holders_of(request: HttpRequest, permission: str) -> list[User]:
    """Who holds a right where the person is working: whom to write to."""
    epci = current_intercommunality(request)
    return list(holders(epci, permission)) if epci else []


def require_intercommunality(request: HttpRequest) -> Intercommunality:
    """The same, for pages that mean nothing without one (404)."""
    if (intercommunality := current_intercommunality(request)) is None:
        raise Http404("Aucune intercommunalité n’est rattachée à votre compte.")
    return intercommunality
