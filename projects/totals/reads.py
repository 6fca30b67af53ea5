"""The sums that a person may read: those of all the projects they see, and of no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from partners.people.access import scope_of
from projects.funding.reads import unfunded
from projects.proposals.models import Project
from projects.proposals.querysets import FEW, ProjectQuerySet
from projects.totals.circles import circles_read
from projects.totals.counting import place_of
from projects.totals.models import Addend, Group, Kind, Total
from projects.totals.services import settle

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality


Figures = defaultdict[tuple[Kind, int, int], list[int]]


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
    """What the projects of these groups that the person sees add up to."""
    settle(epci.pk)
    return seen_by(user, epci, set(kinds), set(groups))


def sums_of_all_and_seen(user: User, epci: Intercommunality, kinds: Iterable[Kind]) -> tuple[Sums, Sums]:
    """The sums of all that is admissible, whoever reads, and those of what the person sees of it: of one moment."""
    settle(epci.pk)
    wanted, admissible = set(kinds), {Group.ADMISSIBLE}
    everyone = Sums({place: Sum(*numbers) for place, numbers in kept(epci, wanted, admissible).items()})
    if admissible <= groups_read_whole(user, epci):
        return everyone, everyone
    return everyone, seen_by(user, epci, wanted, admissible)


def seen_by(user: User, epci: Intercommunality, kinds: set[Kind], groups: set[Group]) -> Sums:
    """Whoever reads a whole group, or whole circles, reads their totals; what else they see is added up one by one."""
    whole = groups & groups_read_whole(user, epci)
    circles = circles_read(user, epci) if Group.ADMISSIBLE in groups - whole else frozenset()
    figures = kept(epci, kinds, {*whole, *(circles or ())})
    for parts in parts_seen(user, epci, groups - whole, circles):
        for key, numbers in parts.items():
            place = place_of(key)
            if place[0] in kinds:
                gather(figures[place], numbers)
    return Sums({place: Sum(*numbers) for place, numbers in figures.items()})


def kept(epci: Intercommunality, kinds: set[Kind], groups: Collection[str]) -> Figures:
    """The totals of these groups and circles, which share no project."""
    figures: Figures = defaultdict(lambda: [0] * len(Total.FIGURES))
    totals = Total.objects.filter(intercommunality=epci, kind__in=kinds, group__in=groups)
    for kind, of, within, *numbers in totals.order_by().values_list("kind", "of", "within", *Total.FIGURES):
        gather(figures[Kind(kind), of, within], numbers)
    return figures


def groups_read_whole(user: User, epci: Intercommunality) -> set[Group]:
    """The groups of which the person sees every project."""
    scope = scope_of(user)
    if user.is_superuser:
        return set(Group)
    if scope.may("review_projects", epci.pk):
        return {Group.EARLY, Group.ADMISSIBLE}
    return {Group.ADMISSIBLE} if scope.may("view_projects", epci.pk) else set()


def parts_seen(
    user: User, epci: Intercommunality, groups: set[Group], circles: frozenset[str] | None
) -> Iterator[dict[str, list[int]]]:
    """What each project adds, among those of these groups that the person sees outside the circles they read whole.

    There, somebody only sees their own projects.
    """
    if not groups:
        return
    addends = Addend.objects.filter(intercommunality=epci, group__in=groups).order_by()
    own = Q(project__in=Project.objects.filter(author=user).order_by().values("pk"))
    seen = Project.objects.visibility(user, of="project__") if circles is None else own
    for found, parts in addends.filter(seen).values_list("circles", "parts").iterator(chunk_size=2_000):
        if not circles or circles.isdisjoint(found):
            yield parts


def without_funder(found: ProjectQuerySet) -> ProjectQuerySet:
    """Those of these projects that nobody funds yet."""
    return unfunded(marked(found, "may_lack_funder"))


def without_sharer(found: ProjectQuerySet) -> ProjectQuerySet:
    """Those of these projects whose objective, as it stands, no actor shares yet."""
    return marked(found, "may_lack_sharer").unshared()


def marked(found: ProjectQuerySet, mark: str) -> ProjectQuerySet:
    """Where to look for what may lack something: what is kept says no more, and the rule itself judges each project.

    Where these are few, they are named; where they are many, each project of a page looks for its own mark.
    """
    rows = Addend.objects.filter(**{mark: True}).order_by()
    if rows[FEW : FEW + 1].exists():
        return found.filter(Exists(rows.filter(project=OuterRef("pk"))))
    return found.filter(pk__in=rows.values("project"))


def gather(into: list[int], numbers: Iterable[int]) -> None:
    for rank, number in enumerate(numbers):
        into[rank] += number
