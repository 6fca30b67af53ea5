"""What a person types to say which year each funder pays: a table of funders and years."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from cooperation.forms import EurosField
from cooperation.french import uncapitalized
from cooperation.shared import SharedForm
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.year_reading import name_of, years_of

AHEAD = 3  # years offered after this one, when nothing says which


class FunderYearsForm(SharedForm, forms.Form):
    """One amount for each funder and year, all optional: a funder left empty has not said its years."""

    def __init__(self, *args: Any, plan: FundingPlan, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credits_ = list(PaymentCredit.objects.filter(project=plan.project_id))
        self.lines = list(plan.lines.prefetch_related("years"))
        said = {line: years_of(line) for line in self.lines}
        known = {credit.year for credit in credits_} | {year for amounts in said.values() for year in amounts}
        # The balance of an aid often comes the year after the works.
        self.years = list(range(min(known), max(known) + 2) if known else range(this_year, this_year + AHEAD + 1))
        until = {credit.year for credit in credits_ if credit.is_until}
        self.columns = [name_of(year, until) for year in self.years]
        for line, amounts in said.items():
            for year, column in zip(self.years, self.columns, strict=True):
                self.fields[name_in(line, year)] = EurosField(
                    label=f"{line.funder}, {uncapitalized(column)}", required=False, initial=amounts.get(year)
                )

    def rows(self) -> list[tuple[FundingLine, list[forms.BoundField]]]:
        return [(line, [self[name_in(line, year)] for year in self.years]) for line in self.lines]

    def amounts(self) -> dict[FundingLine, dict[int, Decimal]]:
        """What was typed, nothing standing for nothing."""
        return {
            line: {year: amount for year in self.years if (amount := self.cleaned_data.get(name_in(line, year)))}
            for line in self.lines
        }


def name_in(line: FundingLine, year: int) -> str:
    return f"line_{line.pk}_{year}"
