"""The sums that a person may read: those of all the projects they see, and of no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partners.people.access import scope_of
from projects.proposals.models import Project
from projects.totals.counting import place_of
from projects.totals.models import Addend, Group, Kind, Total
from projects.totals.services import settle

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality


@dataclass(frozen=True)
class Sum:
    """A sum over projects; money in whole cents."""

    projects: int = 0
    cents: int = 0
    unmeasured: int = 0
    on_the_way: int = 0
    reached: int = 0
    backward: int = 0


NOTHING = Sum()


@dataclass(frozen=True)
class Sums:
    """The sums asked for, by what they are the sums of."""

    found: dict[tuple[Kind, int, int], Sum]

    def of(self, kind: Kind, of: int = 0, within: int = 0) -> Sum:
        return self.found.get((kind, of, within), NOTHING)

    def places(self, kind: Kind) -> list[tuple[int, int]]:
        """Where there is something to count."""
        return [(of, within) for (said, of, within), one in self.found.items() if said == kind and one.projects]


def sums_seen(user: User, epci: Intercommunality, kinds: Iterable[Kind], groups: Iterable[Group]) -> Sums:
    """What the projects of these groups that the person sees add up to.

    Whoever reads a whole group reads its totals; whatever else the person sees is added up, project by project.
    """
    settle(epci.pk)
    kinds, groups = list(kinds), set(groups)
    whole = groups & groups_read_whole(user, epci)
    figures: dict[tuple[Kind, int, int], list[int]] = defaultdict(lambda: [0] * len(Total.FIGURES))
    totals = Total.objects.filter(intercommunality=epci, kind__in=kinds, group__in=whole)
    for kind, of, within, *numbers in totals.order_by().values_list("kind", "of", "within", *Total.FIGURES):
        gather(figures[Kind(kind), of, within], numbers)
    for parts in parts_seen(user, epci, groups - whole, is_rest=bool(whole)):
        for key, numbers in parts.items():
            place = place_of(key)
            if place[0] in kinds:
                gather(figures[place], numbers)
    return Sums({place: Sum(*numbers) for place, numbers in figures.items()})


def groups_read_whole(user: User, epci: Intercommunality) -> set[Group]:
    """The groups of which the person sees every project."""
    scope = scope_of(user)
    if user.is_superuser:
        return set(Group)
    if scope.may("review_projects", epci.pk):
        return {Group.EARLY, Group.ADMISSIBLE}
    return {Group.ADMISSIBLE} if scope.may("view_projects", epci.pk) else set()


def parts_seen(user: User, epci: Intercommunality, groups: set[Group], *, is_rest: bool) -> Iterable[dict]:
    """What each project adds, among those of these groups that the person sees.

    Beyond the groups they read whole, somebody only sees their own projects.
    """
    if not groups:
        return []
    addends = Addend.objects.filter(intercommunality=epci, group__in=groups).order_by()
    seen = (
        addends.filter(project__author=user)
        if is_rest
        else addends.filter(Project.objects.visibility(user, of="project__"))
    )
    return seen.values_list("parts", flat=True).iterator(chunk_size=2_000)


def total_of(epci: Intercommunality, kinds: Iterable[Kind]) -> Sums:
    """The sums of all that is admissible, whoever reads: counts that the whole territory shares."""
    settle(epci.pk)
    rows = Total.objects.filter(intercommunality=epci, kind__in=list(kinds), group=Group.ADMISSIBLE).order_by()
    found = rows.values_list("kind", "of", "within", *Total.FIGURES)
    return Sums({(Kind(kind), of, within): Sum(*numbers) for kind, of, within, *numbers in found})


def gather(into: list[int], numbers: Iterable[int]) -> None:
    for rank, number in enumerate(numbers):
        into[rank] += number
