"""Read the strategy of an EPCI in few queries: orientations, tree, and the projects that answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from territories.places.models import Intercommunality


@dataclass
class Branch:
    """A node with what hangs on it; a project that answers two objectives of an axis counts once for the axis."""

    node: StrategyNode
    label: str
    children: list[Branch] = field(default_factory=list)
    projects: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return len(self.projects)


def current_plan(intercommunality: Intercommunality) -> TerritorialPlan | None:
    return TerritorialPlan.objects.filter(intercommunality=intercommunality, is_current=True).first()


def current_mandate(intercommunality: Intercommunality) -> Mandate | None:
    return Mandate.objects.filter(intercommunality=intercommunality).first()  # the latest first


def read_tree(plan: TerritorialPlan) -> list[Branch]:
    """The axes of the plan, each with its branches and the admissible projects that answer it."""
    admissible = plan.intercommunality.projects.admissible().alive()
    attached = defaultdict(set)
    for node, project in admissible.filter(objectives__plan=plan).values_list("objectives", "pk"):
        attached[node].add(project)
    branches = {
        node.pk: Branch(node, plan.level_labels[node.level - 1], projects=set(attached[node.pk]))
        for node in StrategyNode.objects.filter(plan=plan).order_by("level", "position", "code")
    }
    for branch in branches.values():
        if branch.node.parent_id:
            branches[branch.node.parent_id].children.append(branch)
    for branch in reversed(branches.values()):  # the deepest first
        if branch.node.parent_id:
            branches[branch.node.parent_id].projects |= branch.projects
    return [branch for branch in branches.values() if branch.node.level == 1]


def read_orientations(mandate: Mandate) -> list[tuple[Orientation, int]]:
    """The orientations of the mandate, each with the number of admissible projects judged to fit it."""
    admissible = mandate.intercommunality.projects.admissible().alive()
    counts: dict[int, int] = defaultdict(int)
    for orientation in admissible.filter(orientations__mandate=mandate).values_list("orientations", flat=True):
        counts[orientation] += 1
    return [(orientation, counts[orientation.pk]) for orientation in mandate.orientations.all()]


def holes(branches: Iterable[Branch]) -> list[Branch]:
    """The branches that end without any project: an ambition that nothing carries yet."""
    found: list[Branch] = []
    for branch in branches:
        found += holes(branch.children) if branch.children else ([] if branch.count else [branch])
    return found
