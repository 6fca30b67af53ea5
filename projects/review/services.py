"""What a coordinator does with a submitted project: receive it, return it, refuse it, test it against the strategy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.funding.share_services import keep_in_step
from projects.proposals.access import may
from projects.proposals.models import OrientationFit, Project
from projects.proposals.states import AWAITING_REVIEW, Status
from projects.proposals.workflow import is_not_own, workflow
from projects.strategy.models import Orientation, StrategyNode

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.levers.models import SharedService

VERDICTS = ("accept", "return", "refuse")


@transaction.atomic
def give_verdict(*, project: Project, name: str, by: User, reason: str = "") -> Project:
    """Declare admissible, return with a reason, or declare inadmissible with a reason."""
    if name not in VERDICTS:
        raise ValidationError("Choisissez l’une des trois suites proposées.")
    return workflow.perform(project, name, by=by, reason=reason)


def refusal_of(project: Project, by: User) -> str:
    """Why the person may not write the review of this project now, or nothing."""
    if reason := is_not_own(project, by):
        return reason
    if project.status not in AWAITING_REVIEW:
        return f"Ce projet est à l’état « {Status(project.status).label} » : son instruction ne s’écrit plus."
    return ""


def lock(project: Project, by: User) -> Project:
    """The project again, locked, if the person may write its review."""
    if not may(by, "review_project", project):
        raise PermissionDenied("Votre rôle ne permet pas d’instruire ce projet.")
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if reason := refusal_of(locked, by):
        raise ValidationError(reason)
    return locked


@transaction.atomic
def state_fit(
    *, project: Project, fits: Iterable[tuple[Orientation, str, str]], none_fits: bool, statement: str, by: User
) -> Project:
    """Say which orientations of the mandate the project answers and how far, or why it answers none (belief B8)."""
    project, fits = lock(project, by), list(fits)
    if none_fits and fits:
        raise ValidationError("Choisissez des orientations, ou cochez qu’aucune ne convient, mais pas les deux.")
    if none_fits and not statement.strip():
        raise ValidationError("Écrivez pourquoi le projet ne relève d’aucune orientation.")
    project.orientation_fits.all().delete()
    for orientation, fit, note in fits:
        if orientation.intercommunality_id != project.intercommunality_id:
            raise ValidationError("Cette orientation n’est pas celle de votre intercommunalité.")
        if fit == OrientationFit.Fit.PARTIAL and not note.strip():
            raise ValidationError(f"« {orientation} » : une conformité partielle demande une réserve écrite.")
        row = OrientationFit(
            intercommunality_id=project.intercommunality_id,
            project=project,
            orientation=orientation,
            fit=fit,
            note=note,
        )
        row.full_clean()
        row.save()
    project.fits_no_orientation, project.orientation_statement = none_fits, statement
    project.save()
    return project


@transaction.atomic
def state_ground(*, project: Project, ground: str, by: User) -> Project:
    """State what no rule can see: does the project fall within the community interest, is it the communes' own?"""
    project = lock(project, by)
    project.legal_ground = ground
    project.clean_fields(exclude=[field.name for field in Project._meta.fields if field.name != "legal_ground"])
    project.save()
    return project


@transaction.atomic
def write_opinion(
    *,
    project: Project,
    objectives: Iterable[StrategyNode],
    recommendation: str,
    by: User,
    shared_services: Iterable[SharedService] | None = None,
) -> Project:
    """Tie the project to objectives of the plan and to the shared services that serve it, and write what is advised.

    The decision is another act. `shared_services` left out stay as they are.
    """
    project, objectives = lock(project, by), list(objectives)
    services = None if shared_services is None else list(shared_services)
    if any(one.intercommunality_id != project.intercommunality_id for one in services or ()):
        raise ValidationError("Ce service mutualisé n’est pas celui de votre intercommunalité.")
    if any(node.intercommunality_id != project.intercommunality_id for node in objectives):
        raise ValidationError("Cet objectif n’est pas celui de votre intercommunalité.")
    project.recommendation = recommendation
    project.save()
    project.objectives.set(objectives)
    keep_in_step(project=project)
    if services is not None:
        project.shared_services.set(services)
    return project
