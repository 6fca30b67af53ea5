"""What is done about interests: state one, take it back, compare two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.convergence.access import may_facilitate, may_state_for
from projects.convergence.models import InterestLink
from projects.proposals.actor_models import Interest
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

NOT_YOURS = "Vous ne pouvez pas parler au nom de cet acteur."
NOT_LEADING = "Seuls la coordination et l’auteur du projet comparent les intérêts."


def require_facilitation(by: User, project: Project) -> None:
    if not may_facilitate(by, project):
        raise PermissionDenied(NOT_LEADING)


@transaction.atomic
def state_interest(*, interest: Interest, by: User) -> Interest:
    """Write an interest in the actor's own words. Raises PermissionDenied when the person does not speak for it."""
    if not may_state_for(by, interest.actor):
        raise PermissionDenied(NOT_YOURS)
    interest.intercommunality_id = interest.actor.intercommunality_id
    interest.full_clean()
    interest.save()
    return interest


@transaction.atomic
def withdraw_interest(*, interest: Interest, by: User) -> None:
    if not may_state_for(by, interest.actor):
        raise PermissionDenied(NOT_YOURS)
    interest.delete()


@transaction.atomic
def compare(*, project: Project, one: Interest, other: Interest, kind: str, note: str, by: User) -> InterestLink:
    """Say how two interests stand to one another; comparing them again replaces what was said.

    Raises PermissionDenied, or ValidationError when they are the same or of another project.
    """
    require_facilitation(by, project)
    if one.pk == other.pk:
        raise ValidationError("Choisissez deux intérêts différents.")
    if {one.actor.project_id, other.actor.project_id} != {project.pk}:
        raise ValidationError("Ces intérêts ne sont pas ceux de ce projet.")
    first, second = sorted((one, other), key=lambda interest: interest.pk)
    link = InterestLink.objects.filter(first=first, second=second).first() or InterestLink(first=first, second=second)
    link.intercommunality_id, link.project = project.intercommunality_id, project
    link.kind, link.note, link.said_by = kind, note, by
    link.full_clean()
    link.save()
    return link


@transaction.atomic
def forget_link(*, link: InterestLink, by: User) -> None:
    require_facilitation(by, link.project)
    link.delete()
