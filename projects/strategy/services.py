"""What is done with the strategy: name the levels of the plan, write, remove and order nodes and orientations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from cooperation.french import counted
from cooperation.ordering import put_in_order
from projects.strategy.access import require_manage
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan

if TYPE_CHECKING:
    from partners.people.models import User

Part = StrategyNode | Orientation
Record = TerritorialPlan | Mandate | Part


@transaction.atomic
def save(*, record: Record, by: User) -> Record:
    """Write the plan, the mandate or one of their parts; a new part comes after its sisters."""
    require_manage(by, record.intercommunality_id)
    if isinstance(record, StrategyNode):
        hang(record)
    if isinstance(record, Part) and record._state.adding:
        record.position = record.sisters().count() + 1
    record.full_clean()
    record.save()
    return record


def hang(node: StrategyNode) -> None:
    """Give a node the level of the place where it hangs; refuse a place that its plan does not have."""
    plan = TerritorialPlan.objects.select_for_update(of=("self",)).get(pk=node.plan_id)
    if node.parent and node.parent.plan_id != plan.pk:
        raise ValidationError("Le niveau supérieur n’est pas dans ce projet de territoire.")
    node.level = node.parent.level + 1 if node.parent else 1
    if node.level > plan.depth:
        raise ValidationError(
            f"Ce projet de territoire compte {counted(plan.depth, 'niveau', 'niveaux')} : "
            "ajoutez d’abord un niveau, ou choisissez plus haut."
        )


@transaction.atomic
def remove(*, part: Part, by: User) -> None:
    require_manage(by, part.intercommunality_id)
    if reason := why_it_stays(part):
        raise ValidationError(reason)
    part.delete()


def why_it_stays(part: Part) -> str:
    """Why a part of the plan or of the mandate may not be removed, or nothing."""
    if isinstance(part, Orientation):
        judged = part.fits.count()
        return f"« {part} » a servi à apprécier {counted(judged, 'projet')} : elle reste au mandat." if judged else ""
    if children := part.children.count():
        return f"« {part} » contient encore {counted(children, 'élément')} : retirez-les d’abord."
    if projects := part.projects.count():
        return f"« {part} » est visé par {counted(projects, 'projet')} : rattachez-les d’abord à un autre élément."
    return ""


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
            f"{counted(deeper, 'élément se trouve', 'éléments se trouvent')} plus bas que le niveau "
            f"{len(labels)} : retirez ce qui s’y trouve avant de réduire le nombre de niveaux."
        )
    plan.level_labels = list(labels)
    plan.full_clean()
    plan.save()
    return plan
