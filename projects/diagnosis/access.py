"""Who writes down what a group says of itself, and the gate of a self-assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from cooperation.access import ALLOWED, Verdict, require
from partners.people.access import scope_of
from projects.diagnosis.models import Assessment

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality


def may_record(user: User, epci: Intercommunality) -> Verdict:
    """The coordination holds the pen; the group says the words."""
    if scope_of(user).may("review_projects", epci.pk):
        return ALLOWED
    return Verdict("La coordination note ce que chaque groupe dit de sa coopération.")


def require_recording(user: User, epci: Intercommunality) -> None:
    require(may_record(user, epci))


def get_assessment(user: User, pk: int) -> Assessment:
    """The only way a view obtains a self-assessment to correct it."""
    visible = Assessment.objects.visible_to(user).select_related("intercommunality")
    assessment = get_object_or_404(visible, pk=pk)
    require_recording(user, assessment.intercommunality)
    return assessment
