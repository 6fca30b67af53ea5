"""Who may map the actors of a project, who reads its tensions, and the gate of each link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from projects.actormap.models import OrganisationLink, Tension
from projects.convergence.access import may_facilitate
from projects.proposals.access import get_project, steers
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

NOT_MAPPING = "Seuls la coordination et l’auteur du projet dressent la carte des acteurs."


def require_mapping(by: User, project: Project) -> None:
    if not may_facilitate(by, project):
        raise PermissionDenied(NOT_MAPPING)


def get_link(user: User, project_pk: int, pk: int) -> OrganisationLink:
    """A link between organisations of a project that the person sees."""
    project = get_project(user, project_pk)
    link = get_object_or_404(project.organisationlinks.select_related("source", "target"), pk=pk)
    link.project = project
    return link


def get_tension(user: User, project_pk: int, pk: int) -> Tension:
    """A tension, for the steering team of its project; for anybody else there is none."""
    project = get_project(user, project_pk)
    if not steers(user, project):
        raise Http404("Cette tension n’existe pas.")
    tension = get_object_or_404(project.tensions.select_related("source", "target"), pk=pk)
    tension.project = project
    return tension
