"""From which day on a person may read what a project was: never what was written before it was shown to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from projects.proposals.access import may
from projects.proposals.models import Project
from projects.proposals.services import SUBMISSIONS

if TYPE_CHECKING:
    from partners.people.models import User

SHOWN_BY = ("accept", "open_politically")  # what makes a project readable by others than the coordination


def readable_since(user: User, project: Project) -> date:
    """The author reads all; the coordination, what was submitted; others, what was declared admissible.

    A project that came with its past, without a step of ours, is read from its first day here.
    """
    if project.is_proposed_by(user):
        return timezone.localdate(project.created_at)
    steps = SUBMISSIONS if may(user, "review_project", project) else SHOWN_BY
    first = project.moves.filter(transition__in=steps).order_by("moved_at").first()
    return timezone.localdate(first.moved_at if first else project.created_at)
