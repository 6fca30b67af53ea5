"""The money of a project as it is read: its plan, two versions side by side, its years, what remains to be borne."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from projects.funding.comparing import compare_versions
from projects.funding.cost_reading import costs_of
from projects.funding.models import FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine
from projects.funding.operating_reading import running_of
from projects.funding.rules import own_charge
from projects.funding.services import checks_for, if_it_invests, sums_of
from projects.funding.year_reading import table_of
from projects.proposals.models import Project
from territories.places.models import Population

CENT = Decimal("0.01")
ALL_SAID = ("lines__years", "operating_lines__years", "payment_credits")  # of a version


def money_page(project: Project, *, first: str, second: str) -> dict[str, Any]:
    """Everything about the money of one project; `first` and `second` are the numbers of the versions to compare."""
    plans = list(project.funding_plans.prefetch_related(*ALL_SAID).order_by("number"))
    version = next((plan for plan in plans if plan.is_current), None)
    current = if_it_invests(version)
    page: dict[str, Any] = {"project": project, "plans": plans, "in_force": version, "current": current}
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
        page["comparison"] = compare_versions(project, before, after, not_kept=versions_without_their_years(project))
    page |= {
        "by_year": table_of(current) if current else None,
        "costs": costs_of(project, version),
        "running": running_of(version),
    }
    return page


def versions_without_their_years(project: Project) -> set[int]:
    """The versions replaced while years and running hung on the project: all they said went to the one that followed.

    Their history alone tells it: a row was theirs, and is said of another version since. Nothing moves so any more.
    """
    left: set[int] = set()
    for model in (PaymentCredit, OperatingLine):
        of: dict[int, int] = {}
        records = model.history.filter(plan__project=project).order_by("history_date", "history_id")  # type: ignore[attr-defined]
        for row, plan in records.values_list("id", "plan"):
            if of.get(row, plan) != plan:
                left.add(of[row])
            of[row] = plan
    return left


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
    own = own_charge(sums_of(plan))
    return {
        "own": own,
        "inhabitants": inhabitants,
        "each": (own.amount / inhabitants).quantize(CENT) if inhabitants else None,
        "communes": len(communes),
    }
