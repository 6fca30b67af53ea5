"""The money of a project as it is read: its plan, two versions side by side, its years, what remains to be borne."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from projects.funding.cost_reading import costs_of
from projects.funding.models import FundingPlan
from projects.funding.operating_reading import running_of
from projects.funding.services import checks_for, sums_of
from projects.funding.year_reading import compare_years, table_of
from projects.proposals.models import Project
from territories.places.models import Population

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Compared:
    """One funder in two versions of a plan, in euros; None: absent from that version."""

    funder: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


def compare(before: FundingPlan, after: FundingPlan) -> list[Compared]:
    """The funders of two versions, in the order of the second, those that left at the end; homonyms are added up."""
    amounts: dict[str, list[Decimal | None]] = {}
    for place, plan in ((1, after), (0, before)):
        for line in plan.lines.all():
            pair = amounts.setdefault(line.funder, [None, None])
            pair[place] = (pair[place] or Decimal(0)) + line.amount
    return [Compared(funder, *pair) for funder, pair in amounts.items()]


def compare_costs(before: FundingPlan, after: FundingPlan) -> list[Compared]:
    """What is paid for in two versions, each amount beside its like; those that neither says are left out."""
    told = (
        ("Coût HT", "cost_excl_tax"),
        ("Coût TTC", "cost_incl_tax"),
        ("FCTVA attendu", "vat_refund"),
        ("Dépense subventionnable", "eligible_cost"),
    )
    rows = [Compared(label, getattr(before, name), getattr(after, name)) for label, name in told]
    return [row for row in rows if row.before is not None or row.after is not None]


def money_page(project: Project, *, first: str, second: str) -> dict[str, Any]:
    """Everything about the money of one project; `first` and `second` are the numbers of the versions to compare."""
    plans = list(project.funding_plans.prefetch_related("lines__years").order_by("number"))
    current = next((plan for plan in plans if plan.is_current), None)
    page: dict[str, Any] = {"project": project, "plans": plans, "current": current}
    if current is not None:
        page |= {
            "lines": list(current.lines.all()),
            "sums": sums_of(current),
            "checks": checks_for(project, current),
            "charge": remaining_charge(project, current),
        }
    if len(plans) > 1:
        chosen = {str(plan.number): plan for plan in plans}
        before, after = chosen.get(first, plans[-2]), chosen.get(second, plans[-1])
        page |= {"before": before, "after": after, "compared": compare(before, after)}
        page["compared_costs"] = compare_costs(before, after)
        page["compared_years"] = compare_years(before, after)
        page["verdicts"] = [(plan, checks_for(project, plan)) for plan in (before, after)]
    credits = list(project.payment_credits.all())
    page |= {
        "by_year": table_of(current, credits) if current else None,
        "costs": costs_of(project, current, credits),
        "running": running_of(project.operating_lines.prefetch_related("years")),
    }
    return page


def remaining_charge(project: Project, plan: FundingPlan) -> dict[str, Any] | None:
    """What the owner bears once every aid is counted, and per inhabitant (PTOT) of the communes concerned.

    All member communes are concerned when the project names none. None without any inhabitant known.
    """
    communes = project.communes.all() or project.intercommunality.communes.all()
    latest = Population.objects.filter(commune__in=communes).order_by("-year_in_force").first()
    if latest is None:
        return None
    known = Population.objects.filter(commune__in=communes, year_in_force=latest.year_in_force)
    inhabitants = known.aggregate(total=Sum(F("municipal") + F("counted_apart")))["total"]
    own = sums_of(plan).own
    return {
        "own": own,
        "inhabitants": inhabitants,
        "each": (own / inhabitants).quantize(CENT) if inhabitants else None,
        "communes": len(communes),
    }
