"""Acts on the money of a project, and the sums that every page and print reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.funding.models import FundingLine, FundingPlan
from projects.funding.rules import Check, Sums, checks_of
from projects.funding.year_models import FundingYear
from projects.proposals.access import may
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

Nature = FundingLine.Nature


def current_plan(project: Project) -> FundingPlan | None:
    """The plan in force, with its lines."""
    return project.funding_plans.filter(is_current=True).prefetch_related("lines").first()


def plan_in_force(project: Project) -> FundingPlan | None:
    """The plan in force among those that were read with the project."""
    return next((plan for plan in project.funding_plans.all() if plan.is_current), None)


def sums_of(plan: FundingPlan) -> Sums:
    """Add the lines up by legal nature, in euros on the basis of the plan."""
    return add_up(plan, [(line.nature, line.amount, line.is_state_grant) for line in plan.lines.all()])


def add_up(plan: FundingPlan, lines: Iterable[tuple[str, Decimal, bool]]) -> Sums:
    """Lines as nature, amount in euros, and whether it is a State grant: stored ones, or those being typed."""
    by_nature = dict.fromkeys(Nature.values, Decimal(0))
    has_state_grant = False
    for nature, amount, is_state_grant in lines:
        by_nature[nature] += amount
        has_state_grant = has_state_grant or is_state_grant
    eligible = plan.cost if plan.eligible_cost is None else plan.eligible_cost
    return Sums(
        cost=plan.cost,
        public=by_nature[Nature.PUBLIC],
        private=by_nature[Nature.PRIVATE],
        contributions=by_nature[Nature.CONTRIBUTION],
        own=by_nature[Nature.OWN],
        floor_percent=plan.owner_floor,
        eligible=eligible if has_state_grant else None,
    )


def checks_for(project: Project, plan: FundingPlan) -> list[Check]:
    """What the law says of the plan; nothing when the owner is a private person."""
    return checks_on(project, sums_of(plan))


def checks_on(project: Project, sums: Sums) -> list[Check]:
    """The rules that bind this owner, with the articles of this kind of EPCI."""
    is_public = project.owner_kind != Project.OwnerKind.PARTNER
    return checks_of(sums, owner_is_public=is_public, kind=project.intercommunality.kind)


def checks_of_typed(project: Project, plan: FundingPlan, rows: Iterable[dict[str, Any]]) -> list[Check]:
    """What the law says of lines that are still being typed; those without an amount do not count yet."""
    lines = [
        (row["nature"], row["amount"], row.get("is_state_grant", False))
        for row in rows
        if row.get("amount") is not None and row.get("nature") and not row.get("DELETE")
    ]
    return checks_on(project, add_up(plan, lines))


@transaction.atomic
def open_version(*, project: Project, label: str, by: User) -> FundingPlan:
    """Copy the plan in force as a new version, which becomes the one in force: what was voted stays readable."""
    if not may_write_money(by, project):
        raise PermissionDenied("Votre rôle ne permet pas de modifier ce plan de financement.")
    current = project.funding_plans.select_for_update().filter(is_current=True).first()
    if current is None:
        raise ValidationError("Ce projet n’a pas encore de plan de financement : écrivez le premier.")
    years_of: dict[int, list[FundingYear]] = defaultdict(list)
    for year in FundingYear.objects.filter(line__plan=current):
        years_of[year.line_id].append(year)
    lines = [(line, years_of[line.pk]) for line in current.lines.all()]
    current.is_current = False
    current.save()
    current.pk, current._state.adding = None, True
    current.number = max(project.funding_plans.values_list("number", flat=True)) + 1
    current.label, current.is_current = label, True
    current.full_clean()
    current.save()
    for line, years in lines:
        line.pk, line._state.adding, line.plan = None, True, current
        line.save()
        for one in years:
            one.pk, one._state.adding, one.line = None, True, line
            one.save()
    return current


def may_write_money(user: User, project: Project) -> bool:
    """The author while the text is in their hands, the coordination at any time."""
    return may(user, "change_project", project) or may(user, "review_project", project)


def plan_to_write(project: Project) -> FundingPlan:
    """The plan that the author fills in: the current one, or a first one not yet saved."""
    plan = current_plan(project)
    return plan or FundingPlan(
        intercommunality_id=project.intercommunality_id, project=project, cost_excl_tax=Decimal(0)
    )
