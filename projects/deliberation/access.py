"""Who may read and hold sessions, and the gates through which a view obtains one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404

from partners.governance.models import Seat
from partners.people.access import scope_of
from projects.deliberation.models import AgendaItem, Decision, Session

if TYPE_CHECKING:
    from partners.people.models import User


def may_plan(user: User, session: Session) -> bool:
    return scope_of(user).may("plan_sessions", session.intercommunality_id)


def require_plan(user: User, session: Session) -> None:
    if not may_plan(user, session):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")


def chairs(user: User, session: Session) -> bool:
    """The person holds the chair of the body on the day of the session."""
    return bool(chaired_by(user, [session]))


def chaired_by(user: User, sessions: Iterable[Session]) -> set[int]:
    """Those of these sessions whose body the person chaired on their day, in one query."""
    theirs = Seat.objects.in_force(OuterRef("held_on")).filter(body=OuterRef("body"), is_chair=True, member__user=user)
    asked = [session.pk for session in sessions]
    return set(Session.objects.filter(Exists(theirs), pk__in=asked).values_list("pk", flat=True))


def may_proclaim(user: User, session: Session) -> bool:
    """Who holds the session, or who chairs it: an elected member who still has a place in the EPCI."""
    if may_plan(user, session):
        return True
    return scope_of(user).may("view_sessions", session.intercommunality_id) and chairs(user, session)


def require_proclaim(user: User, session: Session) -> None:
    if not may_proclaim(user, session):
        raise PermissionDenied("Seules la présidence et les personnes qui tiennent la séance proclament une décision.")


def get_session(user: User, pk: int, permission: str = "view_sessions") -> Session:
    """The only way a view obtains a session: 404 if invisible, 403 if the act is not allowed."""
    readable = Session.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    session = get_object_or_404(readable.select_related("body", "intercommunality", "publication"), pk=pk)
    if permission == "plan_sessions":
        require_plan(user, session)
    return session


def get_item(user: User, pk: int, permission: str = "view_sessions") -> AgendaItem:
    """The same for an item of an agenda."""
    items = AgendaItem.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    item = get_object_or_404(
        items.select_related("session__body", "session__publication", "project", "decision"), pk=pk
    )
    if permission == "plan_sessions":
        require_plan(user, item.session)
    return item


def may_publish(user: User, session: Session) -> bool:
    """The same persons: the chair; or who holds the sessions, when the chair says so. Both read before the others."""
    return may_proclaim(user, session)


def reads_decisions(user: User, session: Session) -> bool:
    """Decisions are read once they are published, all together; before, by those who publish them."""
    return session.pk in sessions_read_by(user, [session])


def sessions_read_by(user: User, sessions: Iterable[Session]) -> set[int]:
    """Those of these sessions whose decisions the person reads, in one query at most."""
    found, scope = list(sessions), scope_of(user)
    waiting = [one for one in found if not hasattr(one, "publication") and not may_plan(user, one)]
    asked = [one for one in waiting if scope.may("view_sessions", one.intercommunality_id)]
    return ({one.pk for one in found} - {one.pk for one in waiting}) | (chaired_by(user, asked) if asked else set())


def get_decision(user: User, pk: int, permission: str = "view_sessions") -> Decision:
    """The decision on an item of an agenda: 404 as long as it may not be read."""
    item = get_item(user, pk, permission)
    if not hasattr(item, "decision") or not reads_decisions(user, item.session):
        raise Http404("Aucune décision n’est publiée sur ce point.")
    item.decision.item = item
    return item.decision
