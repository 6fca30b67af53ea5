"""What a project adds to each sum of its territory, read for many projects in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Prefetch

from projects.effects.rollup import standings_in
from projects.effects.rules import Standing
from projects.funding.models import FundingPlan
from projects.funding.services import plan_in_force, version_in_force
from projects.funding.share_reading import amounts_of
from projects.funding.share_rules import even_split
from projects.funding.year_reading import grants_by_year
from projects.proposals.actor_models import Actor
from projects.proposals.models import OrientationFit, Project
from projects.proposals.states import BEFORE_ADMISSIBILITY, GIVEN_UP, Status
from projects.strategy.models import StrategyNode
from projects.totals.models import Group, Kind, Total

Parts = dict[str, list[int]]
RANK = {name: rank for rank, name in enumerate(Total.FIGURES)}
RANK_OF = {
    Standing.UNMEASURED: RANK["unmeasured"],
    Standing.ON_THE_WAY: RANK["on_the_way"],
    Standing.REACHED: RANK["reached"],
    Standing.BACKWARD: RANK["backward"],
}


def key_of(kind: str, of: int = 0, within: int = 0) -> str:
    return f"{kind}:{of}:{within}"


def place_of(key: str) -> tuple[Kind, int, int]:
    """What a key says: `key_of`, the other way round."""
    kind, of, within = key.split(":")
    return Kind(kind), int(of), int(within)


def place_in_year(*, is_incl: bool, is_until: bool = False) -> int:
    """Where a year is counted apart: by the basis of the plan, and whether it stands for those before it."""
    return 2 * is_incl + is_until


def said_in_year(within: int) -> tuple[bool, bool]:
    """Whether the plan is with the tax, and whether the year stands for those before: `place_in_year`, read back."""
    return bool(within & 2), bool(within & 1)


def group_of(project: Project) -> Group:
    if project.submitted_at is None:
        return Group.PRIVATE
    return Group.EARLY if project.status in BEFORE_ADMISSIBILITY else Group.ADMISSIBLE


class Tally:
    """The parts of one project, while they are added up."""

    def __init__(self) -> None:
        self.parts: Parts = defaultdict(lambda: [0] * len(RANK))

    def add(self, kind: Kind, of: int = 0, within: int = 0, **figures: int) -> None:
        part = self.parts[key_of(kind, of, within)]
        for name, number in figures.items():
            part[RANK[name]] += number


def parts_of_many(projects: Iterable[int]) -> dict[int, tuple[Group, Parts]]:
    """The group and the parts of each of these projects."""
    keys = list(projects)
    found = Project.objects.filter(pk__in=keys).prefetch_related(
        "objectives",
        "objective_shares",
        "communes",
        Prefetch(
            "funding_plans",
            FundingPlan.objects.filter(is_current=True).prefetch_related("lines__years", "payment_credits"),
        ),
        Prefetch("actors", Actor.objects.filter(partner__isnull=False)),
        Prefetch("orientation_fits", OrientationFit.objects.select_related("orientation")),
    )
    rows = list(found.only("intercommunality", "status", "submitted_at", "scale"))
    standings = standings_in(Project.objects.filter(pk__in=keys))
    epcis = {project.intercommunality_id for project in rows}
    parents = dict(StrategyNode.objects.filter(intercommunality__in=epcis).values_list("pk", "parent"))
    return {one.pk: (group_of(one), parts_of(one, standings.get(one.pk, ()), parents)) for one in rows}


def parts_of(project: Project, standings: Sequence[Standing], parents: dict[int, int | None]) -> Parts:
    tally = Tally()
    places_of(tally, project)
    if project.status != Status.ABSORBED:  # it lives on in the one that took it over
        served_by(tally, project, parents)
        programmed_in(tally, project)
    if project.status not in GIVEN_UP:  # what was given up costs nothing, and is measured no more
        money_of(tally, project, parents)
        measured_by(tally, project, standings, parents)
    return dict(tally.parts)


def places_of(tally: Tally, project: Project) -> None:
    """The communes that it concerns, and the partners with whom."""
    everywhere = project.scale == Project.Scale.ALL
    communes = [0] if everywhere else [commune.pk for commune in project.communes.all()]
    for commune in communes:
        tally.add(Kind.EVERYWHERE if everywhere else Kind.COMMUNE, commune, projects=1)
        for partner in {actor.partner_id for actor in project.actors.all() if actor.partner_id}:
            tally.add(Kind.PARTNER, commune, partner, projects=1)


def programmed_in(tally: Tally, project: Project) -> None:
    """What is spent each year of its programme, and what others bring in that year; HT and TTC are never added up.

    A plan established with the tax keeps apart what is spent (without the tax, and with it where it is said) and aids.
    """
    plan = version_in_force(project)
    credits_ = list(plan.payment_credits.all()) if plan is not None else []
    if plan is None or not credits_:
        return
    is_incl = plan.is_incl_tax
    for credit in credits_:
        place = place_in_year(is_incl=is_incl, is_until=credit.is_until)
        tally.add(Kind.YEAR, credit.year, place, projects=1, cents=cents_of(credit.amount))
        if is_incl and credit.amount_incl_tax is not None:
            tally.add(Kind.YEAR_INCL, credit.year, place, projects=1, cents=cents_of(credit.amount_incl_tax))
    for year, amount in grants_by_year(plan).items():
        tally.add(Kind.GRANT, year, place_in_year(is_incl=is_incl), projects=1, cents=cents_of(amount))


def above(nodes: Iterable[int], parents: dict[int, int | None]) -> set[int]:
    """These elements of the plan and all those above them, each once."""
    found: set[int] = set()
    for node in nodes:
        place: int | None = node
        while place is not None and place not in found:
            found.add(place)
            place = parents.get(place)
    return found


def served_by(tally: Tally, project: Project, parents: dict[int, int | None]) -> None:
    for node in above((node.pk for node in project.objectives.all()), parents):
        tally.add(Kind.NODE, node, projects=1)
    for fit in project.orientation_fits.all():
        tally.add(Kind.ORIENTATION, fit.orientation_id, projects=1)


def measured_by(tally: Tally, project: Project, standings: Sequence[Standing], parents: dict[int, int | None]) -> None:
    for node in above((node.pk for node in project.objectives.all()), parents):
        for standing in standings:
            tally.parts[key_of(Kind.NODE, node)][RANK_OF[standing]] += 1


def money_of(tally: Tally, project: Project, parents: dict[int, int | None]) -> None:
    """Its cost by objective, with all that is above, and by orientation of each mandate, in equal parts."""
    plan = plan_in_force(project)
    if plan is None:
        return
    cost = plan.cost_excl_tax
    tally.add(Kind.ALL, projects=1, cents=cents_of(cost))
    if group_of(project) == Group.ADMISSIBLE and cost > 0 and not plan.payment_credits.all():
        tally.add(Kind.YEARLESS, projects=1, cents=cents_of(cost))
    for node, amount in amounts_of(project, cost).items():
        for place in above([node], parents):
            tally.add(Kind.NODE, place, cents=cents_of(amount))
    mandates: dict[int, dict[str, int]] = defaultdict(dict)
    for fit in project.orientation_fits.all():
        mandates[fit.orientation.mandate_id][fit.orientation.code] = fit.orientation_id
    for codes in mandates.values():
        for code, part in even_split(cost, list(codes)).items():
            tally.add(Kind.ORIENTATION, codes[code], cents=cents_of(part))


def cents_of(euros: Decimal) -> int:
    return int((euros * 100).to_integral_value())
