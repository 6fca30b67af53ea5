"""The strategy, to read: orientations and objectives, the projects that answer them, and the money that goes there."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners.people.current import require_intercommunality
from projects.effects.rollup import Tally
from projects.effects.rules import Standing
from projects.strategy.access import may_manage
from projects.strategy.tree import Branch, current_mandate, current_plan, holes, read_tree
from projects.totals.models import Kind
from projects.totals.reads import Sum, Sums, sums_of_all_and_seen
from territories.levers.sharing import euros_of

SUMMED = (Kind.ALL, Kind.NODE, Kind.ORIENTATION)


@require_GET
def strategy(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    plan, mandate = current_plan(epci), current_mandate(epci)
    everyone, sums = sums_of_all_and_seen(request.user, epci, SUMMED)
    counts = {node: everyone.of(Kind.NODE, node).projects for node, _ in everyone.places(Kind.NODE)}
    branches = read_tree(plan, counts) if plan else []
    orientations = list(mandate.orientations.all()) if mandate else []
    context = {
        "intercommunality": epci,
        "plan": plan,
        "branches": [told(branch, sums) for branch in branches],
        "holes": holes(branches),
        "mandate": mandate,
        "orientations": [
            (one, everyone.of(Kind.ORIENTATION, one.pk).projects, euros_in(sums.of(Kind.ORIENTATION, one.pk)))
            for one in orientations
        ],
        "money": money_of(sums, [sums.of(Kind.NODE, branch.node.pk) for branch in branches]),
        "fits": money_of(sums, [sums.of(Kind.ORIENTATION, one.pk) for one in orientations]),
        "may_manage": may_manage(request.user, epci.pk),
    }
    return render(request, "projects/strategy/strategy.html", context)


def euros_in(one: Sum) -> Decimal:
    return euros_of(one.cents)


def money_of(sums: Sums, tied: list[Sum]) -> dict[str, Decimal]:
    """What all the projects cost, in euros HT, and what of it goes to none of these."""
    total = sums.of(Kind.ALL).cents
    return {"total": euros_of(total), "untied": euros_of(total - sum(one.cents for one in tied))}


def tally_of(one: Sum) -> Tally:
    return Tally(Counter({standing: getattr(one, standing.value) for standing in Standing}))


def told(branch: Branch, sums: Sums) -> dict[str, Any]:
    """A branch with what goes to it and to all that hangs below, in euros HT, and where its indicators stand."""
    own = sums.of(Kind.NODE, branch.node.pk)
    return {
        "node": branch.node,
        "label": branch.label,
        "count": branch.count,
        "amount": euros_in(own) if own.cents else None,
        "indicators": tally_of(own).words,
        "children": [told(child, sums) for child in branch.children],
    }
