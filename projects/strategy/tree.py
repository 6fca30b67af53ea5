"""Read the strategy of an EPCI in few queries: its plan and mandate in force, and the tree with its holes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from projects.strategy.models import Mandate, StrategyNode, TerritorialPlan
from territories.places.models import Intercommunality


@dataclass
class Branch:
    """A node with what hangs on it, and the number of projects that answer it or anything below it."""

    node: StrategyNode
    label: str
    count: int
    children: list[Branch] = field(default_factory=list)


def current_plan(intercommunality: Intercommunality) -> TerritorialPlan | None:
    return TerritorialPlan.objects.filter(intercommunality=intercommunality, is_current=True).first()


def current_mandate(intercommunality: Intercommunality) -> Mandate | None:
    return Mandate.objects.filter(intercommunality=intercommunality).first()  # the latest first


def read_tree(plan: TerritorialPlan, counts: Mapping[int, int]) -> list[Branch]:
    """The axes of the plan, each with its branches and the number of projects given for each element."""
    branches = {
        node.pk: Branch(node, plan.level_labels[node.level - 1], counts.get(node.pk, 0))
        for node in StrategyNode.objects.filter(plan=plan).order_by("level", "position", "code")
    }
    for branch in branches.values():
        if branch.node.parent_id:
            branches[branch.node.parent_id].children.append(branch)
    return [branch for branch in branches.values() if branch.node.level == 1]


def keys_below(element: StrategyNode, nodes: Iterable[StrategyNode]) -> list[int]:
    """An element and all that hangs below it, among the nodes of its plan."""
    found = [element.pk]
    for node in sorted(nodes, key=lambda one: one.level):
        if node.parent_id in found:
            found.append(node.pk)
    return found


def holes(branches: Iterable[Branch]) -> list[Branch]:
    """The branches that end without any project: an ambition that nothing carries yet."""
    found: list[Branch] = []
    for branch in branches:
        found += holes(branch.children) if branch.children else ([] if branch.count else [branch])
    return found
