"""Who may state an interest, compare two, or map the actors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from projects.proposals.access import get_project, may, may_speak_for
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


def may_facilitate(user: User, project: Project) -> bool:
    """The coordination, and the author while the text is in their hands, compare interests and map organisations."""
    return may(user, "review_project", project) or may(user, "change_project", project)


def may_state_for(user: User, actor: Actor) -> bool:
    """Each actor speaks for itself; a group named in words, which has no account, is written by the author."""
    if actor.has_voice:
        return may_speak_for(user, actor)
    return may_facilitate(user, actor.project)


def get_actor(user: User, project_pk: int, pk: int) -> Actor:
    """The only way a view obtains an actor: through a project the person sees."""
    project = get_project(user, project_pk)
    actor = get_object_or_404(project.actors.select_related("commune", "partner"), pk=pk)
    actor.project = project
    return actor


def get_interest(user: User, project_pk: int, pk: int) -> Interest:
    """An interest that the person may read, of a project that they see: 404 otherwise."""
    project = get_project(user, project_pk)
    readable = Interest.objects.visible_to(user).filter(actor__project=project).select_related("actor")
    interest = get_object_or_404(readable, pk=pk)
    interest.actor.project = project
    return interest
