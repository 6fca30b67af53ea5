"""What a person types year by year: a table of lines and years, for the funders and for the running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from cooperation.forms import EurosField
from cooperation.french import uncapitalized
from cooperation.shared import SharedForm
from projects.funding.models import FundingLine, FundingPlan
from projects.funding.operating_models import OperatingLine
from projects.funding.operating_reading import SHOWN
from projects.funding.year_reading import name_of, until_of, years_of

AHEAD = 3  # years offered after this one, when nothing says which
Line = FundingLine | OperatingLine


class YearsGrid(SharedForm, forms.Form):
    """One amount for each line and year, all optional."""

    lines: Sequence[Any]
    years: Sequence[int]
    columns: Sequence[str]

    def offer(self, said: Mapping[Any, Mapping[int, Decimal]], years: Sequence[int], until: Iterable[int] = ()) -> None:
        """Make the fields of these lines and years, filled with what is already said."""
        self.lines, self.years = list(said), years
        self.columns = [name_of(year, until) for year in years]
        for line, amounts in said.items():
            for year, column in zip(years, self.columns, strict=True):
                self.fields[name_in(line, year)] = EurosField(
                    label=f"{named(line)}, {uncapitalized(column)}", required=False, initial=amounts.get(year)
                )

    def rows(self) -> list[tuple[Any, str, list[forms.BoundField]]]:
        return [(line, named(line), [self[name_in(line, year)] for year in self.years]) for line in self.lines]

    def amounts(self) -> dict[Any, dict[int, Decimal]]:
        """What was typed: an empty cell says nothing, and is not zero."""
        typed = {line: {year: self.cleaned_data.get(name_in(line, year)) for year in self.years} for line in self.lines}
        return {line: {y: one for y, one in years.items() if one is not None} for line, years in typed.items()}


class FunderYearsForm(YearsGrid):
    """What each funder pays each year: one left empty has not said its years."""

    def __init__(self, *args: Any, plan: FundingPlan, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {line: years_of(line) for line in plan.lines.prefetch_related("years")}
        known = {year for amounts in said.values() for year in amounts}
        known |= {credit.year for credit in plan.payment_credits.all()}
        # The balance of an aid often comes the year after the works.
        years = range(min(known), max(known) + 2) if known else range(this_year, this_year + AHEAD + 1)
        self.offer(said, years, until_of(plan))

    def amounts(self) -> dict[Any, dict[int, Decimal]]:
        """A funder that pays nothing in a year has nothing to say of it."""
        return {line: {y: one for y, one in years.items() if one} for line, years in super().amounts().items()}


class OperatingYearsForm(YearsGrid):
    """What each line of the running is worth in the years told apart: five at least, from the end of the works."""

    def __init__(self, *args: Any, plan: FundingPlan, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {line: years_of(line) for line in plan.operating_lines.prefetch_related("years")}
        known = {year for amounts in said.values() for year in amounts}
        ends_on = plan.project.ends_on
        first = min(known, default=ends_on.year if ends_on else this_year)
        self.offer(said, range(first, max(first + SHOWN, max(known, default=first) + 2)))


def named(line: Line) -> str:
    return line.funder if isinstance(line, FundingLine) else line.label


def name_in(line: Line, year: int) -> str:
    return f"line_{line.pk}_{year}"
