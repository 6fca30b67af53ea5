"""Who holds the bodies, and the gates through which a view obtains one of them, a seat, a member, a delegation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from partners.governance.circuits import Circuit
from partners.governance.models import Body, Delegation, ElectedMember, Seat
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from partners.people.models import User

MANAGE = "manage_bodies"
REFUSAL = "Seule l’administration tient les instances, leurs sièges, les délégations et le circuit."


def may_manage(user: User | AnonymousUser, intercommunality_id: int) -> bool:
    return scope_of(user).may(MANAGE, intercommunality_id)


def require_manage(user: User | AnonymousUser, intercommunality_id: int) -> None:
    if not may_manage(user, intercommunality_id):
        raise PermissionDenied(REFUSAL)


def managed(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they hold its bodies."""
    epci = require_intercommunality(request)
    require_manage(request.user, epci.pk)
    return epci


def _get(user: User, rows: QuerySet[Any], pk: int, permission: str, path: str = "") -> Any:
    """404 where the person has no place, 403 when the act is not theirs; `path` leads from the row to its EPCI."""
    mine = {f"{path}intercommunality__in": scope_of(user).intercommunalities}
    found = get_object_or_404(rows.filter(**mine), pk=pk)
    if permission == MANAGE:
        require_manage(user, (found.body if path else found).intercommunality_id)
    return found


def get_body(user: User, pk: int, permission: str = "") -> Body:
    """The only way a view obtains a body: who sits where is public (CGCT, art. L. 5211-6), holding it is not."""
    return _get(user, Body.objects.select_related("intercommunality"), pk, permission)


def get_seat(user: User, pk: int) -> Seat:
    """A seat, for whoever holds the bodies."""
    seats = Seat.objects.select_related("body__intercommunality", "member", "substitute", "commune")
    return _get(user, seats, pk, MANAGE, "body__")


def get_member(user: User, pk: int) -> ElectedMember:
    """An elected member, for whoever holds the bodies."""
    members = ElectedMember.objects.select_related("intercommunality", "commune", "user")
    return _get(user, members, pk, MANAGE)


def get_delegation(user: User, pk: int) -> Delegation:
    """A delegation, for whoever holds the bodies."""
    return _get(user, Delegation.objects.all(), pk, MANAGE)


def get_circuit(user: User, pk: int, permission: str = "") -> Circuit:
    """A version of the circuit: everybody reads those adopted, the administration alone the one being written."""
    circuits = Circuit.objects.with_steps().select_related("intercommunality")
    found = _get(user, circuits, pk, permission)
    if found.is_draft and not may_read_draft(user, found.intercommunality_id):
        require_manage(user, found.intercommunality_id)
    return found


def may_read_draft(user: User, intercommunality_id: int) -> bool:
    """The coordination sees what a version being written would do to the projects it instructs."""
    return may_manage(user, intercommunality_id) or scope_of(user).may("review_projects", intercommunality_id)
