"""Acts on the money of a project, and the sums that every page and print reads."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model

from cooperation.history import sign
from projects.funding.models import FundingLine, FundingPlan
from projects.funding.rules import Check, Sums, checks_of
from projects.proposals.access import may
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

Nature = FundingLine.Nature
M = TypeVar("M", bound=Model)


def current_plan(project: Project) -> FundingPlan | None:
    """The version in force, with its lines, whatever it says."""
    return project.funding_plans.filter(is_current=True).prefetch_related("lines").first()


def version_in_force(project: Project) -> FundingPlan | None:
    """The version in force among those that were read with the project, whatever it says."""
    return next((plan for plan in project.funding_plans.all() if plan.is_current), None)


def plan_in_force(project: Project) -> FundingPlan | None:
    """The version in force once it tells an investment; nothing while it says the running alone."""
    return if_it_invests(version_in_force(project))


def if_it_invests(version: FundingPlan | None) -> FundingPlan | None:
    """A version where it tells an investment, nothing where it says the running alone."""
    return version if version is not None and version.tells_investment else None


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
    """Copy the plan in force, its years and its running as a new version, which becomes the one in force.

    What was voted stays readable as it was: nobody writes any more in a version that is not in force.
    """
    if not may_write_money(by, project):
        raise PermissionDenied("Votre rôle ne permet pas de modifier ce plan de financement.")
    current = project.funding_plans.select_for_update().filter(is_current=True).first()
    if current is None:
        raise ValidationError("Ce projet n’a pas encore de plan de financement : écrivez le premier.")
    credits_ = list(current.payment_credits.all())
    told: list[Any] = [*current.lines.prefetch_related("years"), *current.operating_lines.prefetch_related("years")]
    lines = [(line, list(line.years.all())) for line in told]
    current.is_current = False
    sign(current, by=by)
    current.save()
    number = max(project.funding_plans.values_list("number", flat=True)) + 1
    made = copy_of(current, number=number, label=label, is_current=True)
    made.full_clean()
    made.save()
    for credit in credits_:
        copy_of(credit, plan=made).save()
    for line, years in lines:
        copied = copy_of(line, plan=made)
        copied.save()
        for one in years:
            copy_of(one, line=copied).save()
    return made


def copy_of(row: M, **changes: Any) -> M:
    """Another row that says the same as this one, less what changes; not yet saved."""
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    made = type(row)(**said)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def hold(plan: FundingPlan, *, by: User) -> None:
    """Whoever writes in a version may do so, and it is the one in force: what was decided on stays as it was."""
    if not may_write_money(by, plan.project):
        raise PermissionDenied("Votre rôle ne permet pas de modifier ce plan de financement.")
    if not plan.is_current:
        raise ValidationError(f"La version {plan.number} n’est plus en vigueur : elle ne change plus.")


def may_write_money(user: User, project: Project) -> bool:
    """The author while the text is in their hands, the coordination at any time."""
    return may(user, "change_project", project) or may(user, "review_project", project)


def plan_to_write(project: Project) -> FundingPlan:
    """The version that is filled in: the current one, or a first one not yet saved."""
    plan = current_plan(project)
    return plan or FundingPlan(
        intercommunality_id=project.intercommunality_id, project=project, cost_excl_tax=Decimal(0)
    )
