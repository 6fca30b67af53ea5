"""Which projects somebody funds: the rule, as the database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from projects.funding.models import FundingLine
from projects.funding.operating_models import OperatingLine

if TYPE_CHECKING:
    from projects.proposals.querysets import ProjectQuerySet


def unfunded(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Those to which nobody brings anything: no amount in the plan in force, no resource for an ordinary year."""
    mine = OuterRef("pk")
    lines = FundingLine.objects.filter(plan__project=mine, plan__is_current=True, amount__gt=0)
    running = OperatingLine.objects.filter(plan__project=mine, plan__is_current=True, side=OperatingLine.Side.RESOURCE)
    return projects.filter(~Exists(lines), ~Exists(running))
