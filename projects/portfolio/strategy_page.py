"""The strategy, to read: orientations and objectives, the projects that answer them, and the money that goes there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners.people.current import require_intercommunality
from projects.effects.rollup import Tally
from projects.effects.rollup import by_objective as tallies_of
from projects.funding.share_reading import by_objective, by_orientation, counted
from projects.proposals.models import Project
from projects.strategy.access import may_manage
from projects.strategy.models import StrategyNode
from projects.strategy.tree import Branch, current_mandate, current_plan, holes, read_orientations, read_tree


@require_GET
def strategy(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    plan, mandate = current_plan(epci), current_mandate(epci)
    branches = read_tree(plan) if plan else []
    seen = Project.objects.visible_to(request.user).of(epci).admissible()
    projects, nodes = counted(seen), nodes_of(branches)
    money = by_objective(projects, nodes)
    tallies = tallies_of(seen, nodes)
    fits = by_orientation(projects, mandate.pk if mandate else 0)
    orientations = read_orientations(mandate) if mandate else []
    context = {
        "intercommunality": epci,
        "plan": plan,
        "branches": [told(branch, money.by_key, tallies) for branch in branches],
        "holes": holes(branches),
        "mandate": mandate,
        "orientations": [(one, count, fits.by_key.get(one.pk, Decimal(0))) for one, count in orientations],
        "money": money,
        "fits": fits,
        "may_manage": may_manage(request.user, epci.pk),
    }
    return render(request, "projects/strategy/strategy.html", context)


def nodes_of(branches: list[Branch]) -> list[StrategyNode]:
    return [node for branch in branches for node in (branch.node, *nodes_of(branch.children))]


def told(branch: Branch, amounts: dict[int, Decimal], tallies: dict[int, Tally]) -> dict[str, Any]:
    """A branch with what goes to it and to all that hangs below, in euros HT, and where its indicators stand."""
    return {
        "node": branch.node,
        "label": branch.label,
        "count": branch.count,
        "amount": amounts.get(branch.node.pk),
        "indicators": tallies[branch.node.pk].words if branch.node.pk in tallies else "",
        "children": [told(child, amounts, tallies) for child in branch.children],
    }
