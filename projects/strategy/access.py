"""Who may shape the strategy, and the gates through which a view obtains its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from partners.people.access import scope_of
from projects.strategy.models import Orientation, StrategyNode

if TYPE_CHECKING:
    from partners.people.models import User


def may_manage(user: User, intercommunality_id: int) -> bool:
    return scope_of(user).may("manage_strategy", intercommunality_id)


def require_manage(user: User, intercommunality_id: int) -> None:
    if not may_manage(user, intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas de modifier le projet de territoire.")


def get_node(user: User, pk: int) -> StrategyNode:
    """The only way a view obtains a part of the plan to change it: 404 if invisible, 403 if not allowed."""
    nodes = StrategyNode.objects.filter(intercommunality_id__in=scope_of(user).intercommunalities)
    node = get_object_or_404(nodes.select_related("plan", "parent"), pk=pk)
    require_manage(user, node.intercommunality_id)
    return node


def get_orientation(user: User, pk: int) -> Orientation:
    """The same for an orientation of the mandate."""
    orientations = Orientation.objects.filter(intercommunality_id__in=scope_of(user).intercommunalities)
    orientation = get_object_or_404(orientations.select_related("mandate"), pk=pk)
    require_manage(user, orientation.intercommunality_id)
    return orientation
