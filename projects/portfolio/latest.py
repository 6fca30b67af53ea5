"""The latest projects of a choice, and how many there are, without reading those that are not shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet

MANY = 300  # projects among which a page is full soon, in the order of their last change
FEW = 1_000  # projects that are counted; beyond, nobody reads the exact number
NAMED = 10_000  # projects that may be named in a query


@dataclass(frozen=True)
class Latest:
    """The numbers of the latest ones, and of how many."""

    keys: list[int] = field(default_factory=list)
    count: int = 0


def latest_of(
    projects: ProjectQuerySet, size: int, *links: QuerySet[Model], where: Q | None = None, known: int | None = None
) -> Latest:
    """The latest of the projects to which each of these rows leads by its `project`, and that answer a condition.

    Where they are few, they are named and sorted. Where they are many, projects are read in the order of their last
    change and each looks for its own rows: a page is full after a few of them. The rarest rows come first. How many
    there are may be `known`, and is then not counted.
    """
    where = Q() if where is None else where
    rarest = list(links[0].values_list("project", flat=True)[: NAMED + 1]) if links else []
    if links and len(rarest) <= NAMED:
        projects, links = projects.filter(pk__among=rarest), links[1:]
    found, count = projects.filter(where, *(Exists(link.filter(project=OuterRef("pk"))) for link in links)), known or 0
    if count < MANY:
        named = projects.order_by().filter(where, *(Q(pk__in=link.values("project")) for link in links))
        keys = list(named.values_list("pk", flat=True)[: FEW + 1])
        count = len(keys) if known is None else known
        if len(keys) <= FEW:
            found = Project.objects.filter(pk__in=keys)
    return Latest(found.newest(size) if size > 0 else [], count)
