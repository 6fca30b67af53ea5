"""What a person does with their own marks; nobody else can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.marks.models import Mark
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def mark(*, project: Project, by: User, note: str = "") -> Mark:
    """Mark a project that the person sees, or change the note of the mark."""
    if not Project.objects.visible_to(by).filter(pk=project.pk).exists():
        raise PermissionDenied("Vous ne voyez pas ce projet.")
    made = Mark.objects.of(by).filter(project=project).first() or Mark(person=by, project=project)
    made.intercommunality_id = project.intercommunality_id
    made.note = note.strip()
    made.full_clean()
    made.save()
    return made


@transaction.atomic
def unmark(*, project: Project, by: User) -> None:
    """Take one's mark away; nothing happens when there is none."""
    Mark.objects.of(by).filter(project=project).delete()
