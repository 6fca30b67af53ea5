"""What is done about a self-assessment: write down, or put right, what a group says of its cooperation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.diagnosis.access import require_recording
from projects.diagnosis.dimensions import Dimension
from projects.diagnosis.models import Assessment, Score
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

Scores = Mapping[str, tuple[int, str]]  # a value and its sentence of proof, by dimension


@transaction.atomic
def record(
    *, assessment: Assessment, group: str, assessed_on: date, projects: Collection[Project], scores: Scores, by: User
) -> Assessment:
    """Write down the ten scores of a group and what proves each of them.

    Raises PermissionDenied; ValidationError when a dimension is missing, or when the group did so on that day already.
    """
    require_recording(by, assessment.intercommunality)
    if set(scores) != set(Dimension.values):
        raise ValidationError("Le groupe se note sur chacune des dix dimensions.")
    assessment.group, assessment.assessed_on, assessment.written_by = group.strip(), assessed_on, by
    assessment.full_clean()
    assessment.save()
    assessment.projects.set(projects)
    held = {score.dimension: score for score in assessment.scores.all()}
    for dimension in Dimension.values:
        value, evidence = scores[dimension]
        score = held.get(dimension) or Score(assessment=assessment, dimension=dimension)
        if score.pk and (score.value, score.evidence) == (value, evidence):
            continue
        score.intercommunality_id = assessment.intercommunality_id
        score.value, score.evidence = value, evidence
        score.full_clean()
        score.save()
    return assessment
