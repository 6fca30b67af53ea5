"""The one verb that keeps the sums right, and the mark that says which projects must be counted again.

Whatever changes something of a project marks it in the same transaction (`listening`); whoever reads a sum first counts
again what is marked, and holds the rows meanwhile. A sum that was read is thus always that of what is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from projects.funding.reads import unfunded
from projects.proposals.models import Project
from projects.totals.circles import circles_of_many
from projects.totals.counting import key_of, parts_of_many, place_of
from projects.totals.models import Addend, Group, Total

TOGETHER = 500  # projects counted at once
MARKS = ["is_stale", "may_lack_funder", "may_lack_sharer"]
Changes = dict[tuple[str, str], list[int]]  # by group and key
Row = TypeVar("Row", Addend, Total)


def mark(projects: Iterable[Project]) -> None:
    """Say that these projects must be counted again; the mark is held until the change is written for good."""
    rows = [Addend(project_id=one.pk, intercommunality_id=one.intercommunality_id) for one in projects]
    Addend.objects.bulk_create(rows, update_conflicts=True, unique_fields=["project"], update_fields=MARKS)


def settle(intercommunality_id: int) -> None:
    """Count again what changed since the sums were last right.

    Rows that somebody is writing are left for the end and waited for one at a time, with nothing held: two who would
    each wait for a row of the other never meet.
    """
    stale = Addend.objects.filter(intercommunality=intercommunality_id, is_stale=True).order_by("pk")
    if not stale.exists():
        return
    while settle_some(stale.select_for_update(of=("self",), skip_locked=True)[:TOGETHER]):
        pass
    for pk in list(stale.values_list("pk", flat=True)):
        settle_some(stale.select_for_update(of=("self",)).filter(pk=pk))


@transaction.atomic
def settle_some(stale: QuerySet[Addend]) -> bool:
    """Count these projects again, which are held meanwhile; say whether there were any."""
    if not (rows := list(stale)):
        return False
    keys = [row.project_id for row in rows]
    counted, circles = parts_of_many(keys), circles_of_many(keys)
    held = Project.objects.filter(pk__in=keys)
    unfunded_ones, unshared_ones = (set(one.values_list("pk", flat=True)) for one in (unfunded(held), held.unshared()))
    changes: Changes = defaultdict(lambda: [0] * len(Total.FIGURES))
    for row in rows:
        add(changes, row, -1)
        row.group, row.parts = counted[row.project_id]
        row.circles = circles.get(row.project_id, []) if row.group == Group.ADMISSIBLE else []
        row.is_stale = False
        row.may_lack_funder, row.may_lack_sharer = row.project_id in unfunded_ones, row.project_id in unshared_ones
        add(changes, row, 1)
    write(rows, ["group", "circles", "parts", *MARKS])
    apply(rows[0].intercommunality_id, changes)
    return True


def add(changes: Changes, addend: Addend, sign: int) -> None:
    """Add, or take away, what a project adds to the sums of its group and of each of its circles."""
    for group in (str(addend.group), *addend.circles):
        for key, figures in addend.parts.items():
            change = changes[group, key]
            for rank, number in enumerate(figures):
                change[rank] += sign * number


def apply(intercommunality_id: int, changes: Changes) -> None:
    """Move the sums by what changed; their rows are held in one order, so that two who settle wait for each other."""
    moved = {at: figures for at, figures in sorted(changes.items()) if any(figures)}
    if not moved:
        return
    named = [columns_of(*at) for at in moved]
    missing = [Total(intercommunality_id=intercommunality_id, **place) for place in named]
    Total.objects.bulk_create(missing, ignore_conflicts=True)
    groups, kinds, ofs = ({place[name] for place in named} for name in ("group", "kind", "of"))
    held = Total.objects.filter(intercommunality=intercommunality_id, group__in=groups, kind__in=kinds, of__in=ofs)
    rows = []
    for row in held.select_for_update(of=("self",)).order_by("pk"):
        if figures := moved.get((row.group, key_of(row.kind, row.of, row.within))):
            for name, number in zip(Total.FIGURES, figures, strict=True):
                setattr(row, name, getattr(row, name) + number)
            rows.append(row)
    write(rows, Total.FIGURES)


def write(rows: Sequence[Row], columns: Collection[str]) -> None:
    """Write these columns of rows that are held, whole: told case by case, as in an update of many rows, the same
    takes ten times as long to say as to do."""
    if rows:
        kept = type(rows[0])._default_manager
        kept.bulk_create(rows, batch_size=TOGETHER, update_conflicts=True, unique_fields=["pk"], update_fields=columns)


def columns_of(group: str, key: str) -> dict[str, str | int]:
    kind, of, within = place_of(key)
    return {"group": group, "kind": kind, "of": of, "within": within}


@transaction.atomic
def recount(intercommunality_id: int) -> None:
    """Add all the parts up again, from nothing: for rows that were written by another way than ours."""
    changes: Changes = defaultdict(lambda: [0] * len(Total.FIGURES))
    addends = Addend.objects.filter(intercommunality=intercommunality_id).order_by()
    for addend in addends.iterator(chunk_size=TOGETHER):
        add(changes, addend, 1)
    Total.objects.filter(intercommunality=intercommunality_id).delete()
    rows = [
        Total(
            intercommunality_id=intercommunality_id,
            **columns_of(*at),
            **dict(zip(Total.FIGURES, figures, strict=True)),
        )
        for at, figures in changes.items()
    ]
    Total.objects.bulk_create(rows, batch_size=TOGETHER)


def forget(addend: Addend) -> None:
    """Take away from the sums what a project added that goes."""
    changes: Changes = defaultdict(lambda: [0] * len(Total.FIGURES))
    add(changes, addend, -1)
    apply(addend.intercommunality_id, changes)
