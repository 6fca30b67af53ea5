"""What is done with the strategy: name the levels of the plan, write, remove and order nodes and orientations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.strategy.access import require_manage
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from projects.strategy.ordering import put_in_order

if TYPE_CHECKING:
    from partners.people.models import User

Part = StrategyNode | Orientation


@transaction.atomic
def save_plan(*, plan: TerritorialPlan, by: User) -> TerritorialPlan:
    require_manage(by, plan.intercommunality_id)
    plan.full_clean()
    plan.save()
    return plan


@transaction.atomic
def save_mandate(*, mandate: Mandate, by: User) -> Mandate:
    require_manage(by, mandate.intercommunality_id)
    mandate.full_clean()
    mandate.save()
    return mandate


@transaction.atomic
def save_node(*, node: StrategyNode, by: User) -> StrategyNode:
    """Add or rename a part of the plan; its level follows from where it hangs."""
    require_manage(by, node.intercommunality_id)
    plan = TerritorialPlan.objects.select_for_update(of=("self",)).get(pk=node.plan_id)
    if node.parent and node.parent.plan_id != plan.pk:
        raise ValidationError("Le niveau supérieur n’est pas dans ce projet de territoire.")
    node.level = node.parent.level + 1 if node.parent else 1
    if node.level > plan.depth:
        raise ValidationError(
            f"Ce projet de territoire compte {plan.depth} niveaux : ajoutez d’abord un niveau, ou choisissez plus haut."
        )
    if node._state.adding:
        node.position = StrategyNode.objects.filter(plan=plan, parent=node.parent).count() + 1
    node.full_clean()
    node.save()
    return node


@transaction.atomic
def save_orientation(*, orientation: Orientation, by: User) -> Orientation:
    require_manage(by, orientation.intercommunality_id)
    if orientation._state.adding:
        orientation.position = orientation.mandate.orientations.count() + 1
    orientation.full_clean()
    orientation.save()
    return orientation


@transaction.atomic
def remove_node(*, node: StrategyNode, by: User) -> None:
    require_manage(by, node.intercommunality_id)
    if reason := why_node_stays(node):
        raise ValidationError(reason)
    node.delete()


@transaction.atomic
def remove_orientation(*, orientation: Orientation, by: User) -> None:
    require_manage(by, orientation.intercommunality_id)
    if reason := why_orientation_stays(orientation):
        raise ValidationError(reason)
    orientation.delete()


def why_node_stays(node: StrategyNode) -> str:
    """Why a part of the plan may not be removed, or nothing."""
    if children := node.children.count():
        return f"« {node} » contient encore {counted(children, 'élément')} : retirez-les d’abord."
    if projects := node.projects.count():
        return f"« {node} » est visé par {counted(projects, 'projet')} : rattachez-les d’abord à un autre élément."
    return ""


def why_orientation_stays(orientation: Orientation) -> str:
    """Why an orientation may not be removed, or nothing."""
    if projects := orientation.fits.count():
        return f"« {orientation} » a servi à apprécier {counted(projects, 'projet')} : elle reste au mandat."
    return ""


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


@transaction.atomic
def reorder(*, by: User, items: Iterable[Part], ids: Sequence[int]) -> None:
    """Put sisters in order; `ids` must be exactly theirs."""
    items = list(items)
    for intercommunality_id in {item.intercommunality_id for item in items}:
        require_manage(by, intercommunality_id)
    put_in_order(items, ids)


@transaction.atomic
def set_levels(*, plan: TerritorialPlan, labels: Sequence[str], by: User) -> TerritorialPlan:
    """Name the levels of the plan, and so say how many there are; none disappears while something stands on it."""
    require_manage(by, plan.intercommunality_id)
    plan = TerritorialPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if deeper := plan.nodes.filter(level__gt=len(labels)).count():
        raise ValidationError(
            f"{counted(deeper, 'élément')} se {'trouvent' if deeper > 1 else 'trouve'} plus bas que le niveau "
            f"{len(labels)} : retirez ce qui s’y trouve avant de réduire le nombre de niveaux."
        )
    plan.level_labels = list(labels)
    plan.full_clean()
    plan.save()
    return plan
