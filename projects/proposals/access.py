"""Who may do what on a project, and the one gate through which a view obtains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from partners.people.access import scope_of
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

# What a right on a project asks of the person on its EPCI; the author's own rights are told apart below.
EPCI_RIGHT = {
    "review_project": "review_projects",
    "plan_sessions": "plan_sessions",
    "absorb_project": "review_projects",
    "split_project": "review_projects",
}


def may(user: User, permission: str, project: Project) -> bool:
    """Whether the person holds the right on this project, whatever the state it is in (the workflow says when)."""
    scope = scope_of(user)
    epci = project.intercommunality_id
    match permission:
        case "view_project":
            return Project.objects.visible_to(user).filter(pk=project.pk).exists()
        case "change_project":
            return project.is_editable and (project.is_proposed_by(user) or completes(user, project))
        case "submit_project":
            is_own = project.is_proposed_by(user) and scope.may("submit_projects", epci)
            return is_own or completes(user, project)
        case "withdraw_project":
            return project.is_proposed_by(user) and scope.may("submit_projects", epci)
        case "open_political_project":
            return project.is_proposed_by(user) and scope.may("open_political_projects", epci)
        case _:
            return scope.may(EPCI_RIGHT[permission], epci)


def completes(user: User, project: Project) -> bool:
    """Whether the person completes a proposal in place of its author: nobody else could send it back.

    The coordination, which asks for the complement, then writes it (`ProjectQuerySet.left_to_complete`).
    """
    return scope_of(user).may("review_projects", project.intercommunality_id) and is_left(project)


def is_left(project: Project) -> bool:
    """Whether the project waits to be completed without an author who could do it."""
    return Project.objects.filter(pk=project.pk).left_to_complete().exists()


def told_of_the_author(project: Project) -> str:
    """Why the coordination completes the project, or nothing where its author does."""
    if not is_left(project):
        return ""
    if project.author_id is None:
        return "Ce projet n’a pas d’auteur inscrit : la coordination le complète."
    return "La personne qui a déposé ce projet ne peut plus le renvoyer : la coordination le complète."


def may_speak_for(user: User, actor: Actor) -> bool:
    """Whether the person may endorse the objective and state interests in the name of the actor.

    The relay person of a partner, a member of the commune, a coordinator for the EPCI itself.
    """
    scope = scope_of(user)
    if actor.partner_id:
        return actor.partner_id in scope.partners
    if actor.commune_id:
        return actor.commune_id in scope.communes
    return actor.is_intercommunality and scope.may("review_projects", actor.intercommunality_id)


def leads(user: User, project: Project) -> bool:
    """Whether the person is the elected member in charge of the project."""
    return project.lead_councillor is not None and project.lead_councillor.user_id == user.pk


def steers(user: User, project: Project) -> bool:
    """Whether the person is of the steering team: the coordination, the author, the elected member in charge."""
    return may(user, "review_project", project) or project.is_proposed_by(user) or leads(user, project)


def get_project(user: User, pk: int, permission: str = "view_project") -> Project:
    """The only way a view obtains a project: 404 if invisible, 403 if the act is not allowed."""
    visible = Project.objects.visible_to(user).select_related("intercommunality")
    project = get_object_or_404(visible, pk=pk)
    if permission != "view_project" and not may(user, permission, project):
        raise PermissionDenied("Votre rôle ne permet pas cette action sur ce projet.")
    return project
