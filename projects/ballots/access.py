"""Who holds a session live, who votes in it, and the gate through which a view obtains a ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from partners.governance.models import Seat
from partners.people.access import scope_of
from projects.ballots.models import Ballot
from projects.deliberation.access import require_plan
from projects.deliberation.models import Session

if TYPE_CHECKING:
    from partners.people.models import User


def seats_of(session: Session) -> QuerySet[Seat]:
    """The seats of the body that exist on the day of the session, holder named or not."""
    return session.body.seats.in_force(session.held_on).filled().select_related("member", "commune")


def seat_of(user: User, session: Session) -> Seat | None:
    """The seat from which the person votes in the session: their own, or the one where they are the substitute."""
    seats = seats_of(session).select_related("substitute")
    theirs = seats.filter(substitute__user=user)
    kept = session.attendances.filter(substitute__user=user, seat__in=theirs).order_by("pk").last()
    return seats.filter(member__user=user).first() or (seats.get(pk=kept.seat_id) if kept else theirs.first())


def require_seat(user: User, session: Session) -> Seat:
    if (seat := seat_of(user, session)) is None:
        raise PermissionDenied("Vous ne siégez pas dans cette instance.")
    return seat


def get_ballot(user: User, pk: int, permission: str = "view_sessions") -> Ballot:
    """The only way a view obtains a ballot: 404 if invisible, 403 if the act is not allowed."""
    readable = Ballot.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    ballot = get_object_or_404(readable.select_related("item__session__body", "item__project"), pk=pk)
    if permission == "plan_sessions":
        require_plan(user, ballot.item.session)
    return ballot
