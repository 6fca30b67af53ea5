"""The acts of somebody who looked at a project like theirs: it is another one; after all, show it again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.proposals.access import may
from projects.proposals.aside_models import SetAside
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

GONE = "Ce projet n’est plus de ceux que l’on vous propose de regarder : relisez la liste."


@transaction.atomic
def set_aside(*, project: Project, other: str, by: User, on: date) -> SetAside:
    """Say that a project one sees is not the one being written; `other` is its number, as the page sent it."""
    refuse_others(project, by)
    found = seen_by(by, project, other)
    if said := SetAside.objects.filter(project=project, other=found).first():
        return said
    said = SetAside(
        intercommunality_id=project.intercommunality_id,
        project=project,
        other=found,
        said_on=on,
        said_by=by,
        said_by_name=str(by),
    )
    said.full_clean()
    said.save()
    return said


@transaction.atomic
def bring_back(*, project: Project, other: str, by: User) -> None:
    """Have a project that was set aside shown again."""
    refuse_others(project, by)
    found = seen_by(by, project, other)
    for said in SetAside.objects.filter(project=project, other=found):
        said.delete()


def seen_by(user: User, project: Project, other: str) -> Project:
    seen = Project.objects.visible_to(user).of(project.intercommunality).exclude(pk=project.pk)
    found = seen.filter(pk=other).first() if other.isdecimal() else None
    if found is None:
        raise ValidationError(GONE)
    return found


def refuse_others(project: Project, user: User) -> None:
    if not may(user, "change_project", project):
        raise PermissionDenied("Seule la personne qui écrit ce projet met de côté ceux qui lui ressemblent.")
