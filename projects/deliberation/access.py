"""Who may read and hold sessions, and the gates through which a view obtains one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from partners.people.access import scope_of
from projects.deliberation.models import AgendaItem, Session

if TYPE_CHECKING:
    from partners.people.models import User


def may_plan(user: User, session: Session) -> bool:
    return scope_of(user).may("plan_sessions", session.intercommunality_id)


def require_plan(user: User, session: Session) -> None:
    if not may_plan(user, session):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")


def get_session(user: User, pk: int, permission: str = "view_sessions") -> Session:
    """The only way a view obtains a session: 404 if invisible, 403 if the act is not allowed."""
    readable = Session.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    session = get_object_or_404(readable.select_related("body", "intercommunality"), pk=pk)
    if permission == "plan_sessions":
        require_plan(user, session)
    return session


def get_item(user: User, pk: int, permission: str = "view_sessions") -> AgendaItem:
    """The same for an item of an agenda."""
    items = AgendaItem.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    item = get_object_or_404(items.select_related("session__body", "project", "decision"), pk=pk)
    if permission == "plan_sessions":
        require_plan(user, item.session)
    return item
