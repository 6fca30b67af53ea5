"""Read the strategy of an EPCI in few queries: orientations, tree, and the projects that answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from territories.places.models import Intercommunality


@dataclass
class Branch:
    """A node with what hangs on it; a project that answers two objectives of an axis counts once for the axis.

    Nearly all projects answer one objective: they are `alone`, and only counted; the others are told by their numbers.
    """

    node: StrategyNode
    label: str
    children: list[Branch] = field(default_factory=list)
    alone: int = 0
    shared: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return self.alone + len(self.shared)


def current_plan(intercommunality: Intercommunality) -> TerritorialPlan | None:
    return TerritorialPlan.objects.filter(intercommunality=intercommunality, is_current=True).first()


def current_mandate(intercommunality: Intercommunality) -> Mandate | None:
    return Mandate.objects.filter(intercommunality=intercommunality).first()  # the latest first


def read_tree(plan: TerritorialPlan) -> list[Branch]:
    """The axes of the plan, each with its branches and the admissible projects that answer it."""
    attached = plan.intercommunality.projects.admissible().alive().filter(objectives__plan=plan).order_by()
    several = attached.values("pk").annotate(served=Count("objectives")).filter(served__gt=1).values("pk")
    alone = dict(attached.exclude(pk__in=several).values_list("objectives").annotate(Count("pk")))
    shared = defaultdict(set)
    for node, project in attached.filter(pk__in=several).values_list("objectives", "pk"):
        shared[node].add(project)
    branches = {
        node.pk: Branch(node, plan.level_labels[node.level - 1], alone=alone.get(node.pk, 0), shared=shared[node.pk])
        for node in StrategyNode.objects.filter(plan=plan).order_by("level", "position", "code")
    }
    for branch in branches.values():
        if branch.node.parent_id:
            branches[branch.node.parent_id].children.append(branch)
    for branch in reversed(branches.values()):  # the deepest first
        if branch.node.parent_id:
            branches[branch.node.parent_id].alone += branch.alone
            branches[branch.node.parent_id].shared |= branch.shared
    return [branch for branch in branches.values() if branch.node.level == 1]


def read_orientations(mandate: Mandate) -> list[tuple[Orientation, int]]:
    """The orientations of the mandate, each with the number of admissible projects judged to fit it."""
    judged = mandate.intercommunality.projects.admissible().alive().filter(orientations__mandate=mandate).order_by()
    counts = dict(judged.values_list("orientations").annotate(Count("pk")))
    return [(orientation, counts.get(orientation.pk, 0)) for orientation in mandate.orientations.all()]


def holes(branches: Iterable[Branch]) -> list[Branch]:
    """The branches that end without any project: an ambition that nothing carries yet."""
    found: list[Branch] = []
    for branch in branches:
        found += holes(branch.children) if branch.children else ([] if branch.count else [branch])
    return found
