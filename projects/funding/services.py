"""Acts on the money of a project, and the sums that every page and print reads."""

from __future__ import annotations

from decimal import Decimal

from projects.funding.models import FundingLine, FundingPlan, OperatingLine
from projects.funding.rules import Check, Sums, checks_of
from projects.proposals.models import Project

Nature = FundingLine.Nature


def current_plan(project: Project) -> FundingPlan | None:
    """The plan in force, with its lines."""
    return project.funding_plans.filter(is_current=True).prefetch_related("lines").first()


def sums_of(plan: FundingPlan) -> Sums:
    """Add the lines up by legal nature, in euros on the basis of the plan."""
    by_nature = dict.fromkeys(Nature.values, Decimal(0))
    for line in plan.lines.all():
        by_nature[line.nature] += line.amount
    return Sums(
        cost=plan.cost,
        public=by_nature[Nature.PUBLIC],
        private=by_nature[Nature.PRIVATE],
        contributions=by_nature[Nature.CONTRIBUTION],
        own=by_nature[Nature.OWN],
    )


def checks_for(project: Project, plan: FundingPlan) -> list[Check]:
    """What the law says of the plan; nothing when the owner is a private person."""
    return checks_of(sums_of(plan), owner_is_public=project.owner_kind != Project.OwnerKind.PARTNER)


def operating_total(lines: list[OperatingLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def plan_to_write(project: Project) -> FundingPlan:
    """The plan that the author fills in: the current one, or a first one not yet saved."""
    plan = current_plan(project)
    return plan or FundingPlan(
        intercommunality_id=project.intercommunality_id, project=project, cost_excl_tax=Decimal(0)
    )
