"""What an investment costs, as it is read: without the tax and with it, year by year, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cooperation.checks import Check
from projects.funding.models import FundingPlan
from projects.funding.services import sums_of
from projects.funding.vat_rules import (
    YearCost,
    checks_of_years,
    rate_between,
    total_excl,
    total_incl,
    what_tax_lacks,
)
from projects.funding.year_reading import year_costs
from projects.proposals.models import Project


@dataclass(frozen=True)
class Costs:
    """The years of an investment, and what there is to say of its tax."""

    years: Sequence[YearCost]
    has_tax: bool  # some year says its amount with the tax
    rate: Decimal | None  # of the whole cost, when it is one
    cash: Decimal | None  # what remains to the owner once paid with the tax, less the aids and the refund
    to_find: Decimal  # of what remains so, what nobody brings yet, on the basis of the plan
    lacks: Sequence[str]
    checks: Sequence[Check]

    @property
    def excl(self) -> Decimal:
        return total_excl(self.years)

    @property
    def incl(self) -> Decimal | None:
        return total_incl(self.years)


def costs_of(project: Project, plan: FundingPlan | None) -> Costs:
    """The costs of a project, as a version of its plan says them: its years, and its cost once it is written."""
    years = year_costs(plan) if plan else []
    has_tax = bool(plan) and not plan.recovers_vat and any(one.incl is not None for one in years)
    if plan is None or not plan.tells_investment:
        return Costs(years, has_tax, None, None, Decimal(0), [], [])
    incl = plan.cost_incl_tax
    return Costs(
        years=years,
        has_tax=has_tax,
        rate=None if incl is None else rate_between(plan.cost_excl_tax, incl),
        cash=None if incl is None else cash_of(plan, incl),
        to_find=max(Decimal(0), sums_of(plan).gap),
        lacks=what_tax_lacks(
            years,
            incl,
            plan.vat_refund,
            recovers_vat=plan.recovers_vat,
            is_refunded=project.owner_kind != Project.OwnerKind.PARTNER,
        ),
        checks=checks_of_years(years, plan.cost_excl_tax, incl if has_tax else None),
    )


def cash_of(plan: FundingPlan, incl: Decimal) -> Decimal:
    """What the owner pays in the end: the cost with its tax, less every aid and the FCTVA that is expected."""
    sums = sums_of(plan)
    return incl - (plan.vat_refund or Decimal(0)) - (sums.total - sums.own)
