"""Who plans the stages and the meetings; the gates of a milestone and of a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from partners.people.access import scope_of
from projects.calendar.models import Guest, Meeting, Milestone
from projects.proposals.access import may
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

REFUSED = "La coordination et l’auteur du projet tiennent son calendrier."


def may_plan(user: User, project: Project | None, intercommunality_id: int) -> bool:
    """The coordination plans everything; the author plans what concerns their project."""
    if project is None:
        return scope_of(user).may("review_projects", intercommunality_id)
    return may(user, "review_project", project) or project.is_proposed_by(user)


def may_plan_something(user: User, intercommunality_id: int) -> bool:
    """Whether the person has a project to plan here, or the whole territory."""
    if may_plan(user, None, intercommunality_id):
        return True
    # Their own ones are named: SQLite would go through all those of the EPCI to find one.
    own = Project.objects.filter(author=user).order_by().values("pk")
    return Project.objects.filter(pk__in=own, intercommunality=intercommunality_id).exists()


def get_meeting(user: User, pk: int, *, to_plan: bool = False) -> Meeting:
    """The only way a view obtains a meeting: 404 if invisible, 403 if the person may not change it."""
    visible = Meeting.objects.visible_to(user).select_related("project", "commune", "intercommunality")
    meeting = get_object_or_404(visible, pk=pk)
    if to_plan and not may_plan(user, meeting.project, meeting.intercommunality_id):
        raise PermissionDenied(REFUSED)
    return meeting


def get_guest(meeting: Meeting, pk: int) -> Guest:
    """The only way a view obtains a guest: through a meeting that the person plans."""
    return get_object_or_404(meeting.guests.select_related("meeting__project", "person", "commune", "partner"), pk=pk)


def get_milestone(project: Project, pk: int) -> Milestone:
    """The only way a view obtains a milestone: through a project that the person sees."""
    return get_object_or_404(project.milestones.select_related("project"), pk=pk)
