"""What is done with surveys: enter one, put it right, add words that were read over, remove them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.access import require
from cooperation.history import sign
from projects.effects.access import may_change
from projects.effects.survey_models import Survey, Verbatim
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def write_survey(
    *, intercommunality: Intercommunality, by: User, today: date, survey: Survey | None = None, **said: Any
) -> Survey:
    """Enter the totals of a survey, or put them right: what they were before stays in the history."""
    if survey is None:
        survey = Survey(intercommunality=intercommunality, written_by_name=str(by))
    else:
        require(may_change(by, survey, today))  # of the project it had, before that of the project it is given
    for name, value in said.items():
        setattr(survey, name, value.strip() if isinstance(value, str) else value)
    if survey.project is not None and survey.project.intercommunality_id != intercommunality.pk:
        raise ValidationError({"project": "Ce projet n’est pas de votre intercommunalité."})
    require(may_change(by, survey, today))
    if survey.starts_on and survey.starts_on > today:
        raise ValidationError({"starts_on": "Cette enquête n’a pas commencé : saisissez-la quand on y a répondu."})
    sign(survey, by=by)
    survey.full_clean()
    survey.save()
    return survey


@transaction.atomic
def add_verbatim(*, survey: Survey, text: str, by: User, now: datetime) -> Verbatim:
    """Add words that the coordination read over: nobody can be recognised in them."""
    require(may_change(by, survey, timezone.localdate(now)))
    verbatim = Verbatim(
        intercommunality_id=survey.intercommunality_id,
        survey=survey,
        text=text.strip(),
        moderated_at=now,
        moderated_by_name=str(by),
    )
    verbatim.full_clean()
    verbatim.save()
    return verbatim


@transaction.atomic
def remove_verbatim(*, verbatim: Verbatim, by: User, today: date) -> None:
    """Remove words for good, without a trace."""
    require(may_change(by, verbatim.survey, today))
    verbatim.delete()
