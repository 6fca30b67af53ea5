"""Who may speak, moderate and add documents, and the gates through which a view obtains them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from cooperation.access import ALLOWED, Verdict
from partners.people.access import scope_of
from partners.people.models import Membership
from projects.debate.models import Contribution, Document, DocumentVersion
from projects.proposals.access import get_project, may, may_speak_for
from projects.proposals.models import Project
from projects.proposals.states import Status

if TYPE_CHECKING:
    from partners.people.models import User

ENDED = {Status.ABANDONED, Status.WITHDRAWN, Status.ABSORBED}


def voices_of(user: User, project: Project) -> list[str]:
    """The organisations in whose name the person may speak in the EPCI of the project, today."""
    held = Membership.objects.filter(user=user, intercommunality=project.intercommunality_id)
    held = held.in_force(timezone.localdate()).select_related("partner", "commune", "intercommunality")
    return list(dict.fromkeys(membership.organisation for membership in held))


def may_moderate(user: User, project: Project) -> bool:
    """The coordination moderates, and gathers the file of the élus."""
    return may(user, "review_project", project)


def may_contribute(user: User, project: Project) -> Verdict:
    """Whoever sees the project speaks on it, in the name of an organisation of its EPCI, while it lives."""
    if project.status in ENDED:
        return Verdict(
            f"Ce projet est à l’état « {project.get_status_display()} » : son débat se lit et ne s’écrit plus."
        )
    if project.intercommunality_id not in scope_of(user).intercommunalities:
        return Verdict(
            "On parle ici au nom d’une organisation : votre compte n’en représente aucune sur ce territoire."
        )
    return ALLOWED


def may_correct(user: User, contribution: Contribution) -> bool:
    return contribution.is_written_by(user) and not contribution.is_hidden


def may_add_documents(user: User, project: Project) -> bool:
    """The author, the coordination, and those who speak for an actor of the project, while it lives."""
    if project.status in ENDED:
        return False
    if project.is_proposed_by(user) or may_moderate(user, project):
        return True
    return any(may_speak_for(user, actor) for actor in project.actors.all())


def get_debated(user: User, pk: int) -> Project:
    """The only way a view obtains a project to debate: 404 if invisible, or if it is still a draft."""
    project = get_project(user, pk)
    if project.submitted_at is None:
        raise Http404("Un brouillon n’a pas encore de débat.")
    return project


def get_contribution(project: Project, pk: int) -> Contribution:
    """The only way a view obtains a contribution: through a project that the person sees."""
    return get_object_or_404(project.contributions.select_related("commune", "project"), pk=pk)


def get_document(project: Project, pk: int) -> Document:
    """The only way a view obtains a document: through a project that the person sees."""
    return get_object_or_404(project.documents, pk=pk)


def get_version(project: Project, pk: int, number: int) -> DocumentVersion:
    """The only way a view obtains a file: through a project that the person sees."""
    return get_object_or_404(DocumentVersion, document__project=project, document=pk, number=number)
