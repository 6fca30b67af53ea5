"""What is done with indicators: write one, put it right, measure it, no longer follow it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.access import require
from cooperation.history import sign
from projects.effects.access import Act, verdict
from projects.effects.models import Indicator, Measurement
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def write_indicator(
    *, project: Project, by: User, today: date, indicator: Indicator | None = None, **said: Any
) -> Indicator:
    """Write an indicator, or put one right: what it said before stays in its history."""
    require(verdict(by, Act.DEFINE, project, today))
    if indicator is None:
        indicator = Indicator(intercommunality_id=project.intercommunality_id, project=project, written_by_name=str(by))
    elif indicator.dropped_on:
        raise ValidationError("Cet indicateur n’est plus suivi.")
    for name, value in said.items():
        setattr(indicator, name, value.strip() if isinstance(value, str) else value)
    sign(indicator, by=by)
    indicator.full_clean()
    indicator.save()
    return indicator


@transaction.atomic
def drop_indicator(*, indicator: Indicator, by: User, on: date, reason: str) -> Indicator:
    """No longer follow an indicator: it leaves the tables, its measurements stay readable."""
    locked = Indicator.objects.select_for_update(of=("self",)).select_related("project").get(pk=indicator.pk)
    require(verdict(by, Act.DEFINE, locked.project, on))
    if locked.dropped_on:
        raise ValidationError("Cet indicateur n’est déjà plus suivi.")
    locked.dropped_on, locked.dropped_reason = on, reason.strip()
    sign(locked, by=by)
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def measure(
    *,
    indicator: Indicator,
    value: Decimal,
    measured_on: date,
    by: User,
    now: datetime,
    note: str = "",
    meets_condition: bool = True,
) -> Measurement:
    """Keep the value of a day; the one that was kept for this day is put right, and stays in the history."""
    today = timezone.localdate(now)
    locked = Indicator.objects.select_for_update(of=("self",)).select_related("project").get(pk=indicator.pk)
    require(verdict(by, Act.MEASURE, locked.project, today))
    if locked.dropped_on:
        raise ValidationError("Cet indicateur n’est plus suivi : aucune mesure ne s’y ajoute.")
    if measured_on > today:
        raise ValidationError({"measured_on": "Ce jour n’est pas encore venu : on note ce qui a été mesuré."})
    found = locked.measurements.filter(measured_on=measured_on).first()
    made = found or Measurement(
        intercommunality_id=locked.intercommunality_id, indicator=locked, measured_on=measured_on
    )
    made.value, made.note = value, note.strip()
    made.meets_condition = meets_condition or not locked.condition
    made.recorded_at, made.recorded_by, made.recorded_by_name = now, by, str(by)
    sign(made, by=by)
    made.full_clean()
    made.save()
    return made
