"""The acts of saying year by year what each funder pays, and which years of running are not ordinary."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.funding.models import FundingLine, FundingPlan
from projects.funding.operating_models import OperatingLine, OperatingYear
from projects.funding.rules import years_check
from projects.funding.services import hold
from projects.funding.year_models import FundingYear

if TYPE_CHECKING:
    from partners.people.models import User

Amounts = Mapping[int, Decimal]  # euros by year


@transaction.atomic
def write_years(*, plan: FundingPlan, amounts: Mapping[FundingLine, Amounts], by: User) -> None:
    """Write what each funder pays each year; a funder without any year is left unsaid.

    Raises `ValidationError`, one sentence for each line, when the years of a funder do not make what it brings.
    """
    hold(plan, by=by)
    checks = [years_check(line.funder, line.amount, years.values()) for line, years in amounts.items() if years]
    if faults := [check.sentence for check in checks if not check.holds]:
        raise ValidationError(faults)
    for line, years in amounts.items():
        write_line(line, years, FundingYear)


@transaction.atomic
def write_operating_years(*, plan: FundingPlan, amounts: Mapping[OperatingLine, Amounts], by: User) -> None:
    """Write what each line is worth in the years told apart; the others stay ordinary years."""
    hold(plan, by=by)
    for line, years in amounts.items():
        write_line(line, years, OperatingYear)


def write_line(line: FundingLine | OperatingLine, years: Amounts, model: Any) -> None:
    """Save what changed of a line in the rows of its years (`model`), so that its history tells only that."""
    stored = {one.year: one for one in model.objects.filter(line=line)}
    for year in stored.keys() - years.keys():
        stored[year].delete()
    for year, amount in years.items():
        one = stored.get(year) or model(intercommunality_id=line.intercommunality_id, line=line, year=year)
        if one.pk is None or one.amount != amount:
            one.amount = amount
            one.full_clean()
            one.save()
