"""The split of the money as it is read: by objective, by orientation, by commune; no euro is counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from projects.funding.models import FundingPlan
from projects.funding.rules import OwnCharge, own_charge
from projects.funding.services import plan_in_force, sums_of
from projects.funding.share_models import ChargeKey
from projects.funding.share_rules import Borne, borne_by, parts_of
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import GIVEN_UP
from projects.strategy.models import StrategyNode
from territories.levers.sharing import SharingError
from territories.places.models import Commune, Population

ZERO = Decimal("0.00")
COST = "funding_plans__cost_excl_tax"
CURRENT = Prefetch("funding_plans", FundingPlan.objects.filter(is_current=True).prefetch_related("lines"))


@dataclass(frozen=True)
class Part:
    """An objective with the part of the cost that goes to it; `percent` is None while nothing is written."""

    node: StrategyNode
    is_main: bool
    percent: Decimal | None
    amount: Decimal | None


def cost_of(project: Project) -> Decimal:
    """The cost of the plan in force, in euros HT, whatever the basis of the plan: only like amounts add up."""
    return next((plan.cost_excl_tax for plan in project.funding_plans.all() if plan.is_current), ZERO)


def served_by(project: Project) -> list[StrategyNode]:
    """The objectives of a project, the main one first: the one said to be, else the first of the plan."""
    main = next((row.node_id for row in project.objective_shares.all() if row.is_main), None)
    return sorted(project.objectives.all(), key=lambda node: node.pk != main)


def amounts_of(project: Project, cost: Decimal) -> dict[int, Decimal]:
    """The cost of one project by objective served (primary key)."""
    served = served_by(project)
    percents = {row.node_id: row.percent for row in project.objective_shares.all()}
    codes = {f"{node.code} {node.plan_id}": node.pk for node in served}  # ties between cents are settled by code
    parts = parts_of(cost, list(codes), {code: percents[pk] for code, pk in codes.items() if pk in percents})
    return {codes[code]: amount for code, amount in parts.items()}


def objectives_of(project: Project) -> list[Part]:
    """The objectives of a project, the main one first, each with its part once a split is written."""
    shares = {row.node_id: row for row in project.objective_shares.all()}
    served = served_by(project)
    cost = cost_of(project)
    amounts = amounts_of(project, cost) if cost else {}
    is_split = sum(shares[n.pk].percent for n in served if n.pk in shares) == 100
    return [
        Part(
            node=node,
            is_main=rank == 0,
            percent=shares[node.pk].percent if is_split and node.pk in shares else (ZERO if is_split else None),
            amount=amounts.get(node.pk),
        )
        for rank, node in enumerate(served)
    ]


def in_force(populations: Iterable[Population], year: int) -> dict[int, Population]:
    """The population of each commune in force in a year, or the nearest one before; from rows in order of year."""
    found: dict[int, Population] = {}
    for one in populations:
        if one.year_in_force <= year or one.commune_id not in found:
            found[one.commune_id] = one
    return found


@dataclass(frozen=True)
class Charge:
    """What remains to the owner of a project, as its communes share it, in euros."""

    key: ChargeKey
    own: OwnCharge
    rows: list[tuple[Commune, Borne]]
    year: int | None  # of the municipal populations, as shown
    fault: str = ""  # why it cannot be shared
    basis: str = FundingPlan.Basis.EXCL_TAX.label  # of the plan: HT or TTC, which are never added up

    @property
    def total(self) -> Decimal:
        return sum((borne.amount for _, borne in self.rows), ZERO)


def share_charge(
    key: ChargeKey, plan: FundingPlan, communes: list[Commune], populations: Iterable[Population]
) -> Charge:
    """Share the charge of the plan between the communes; the rows add up to it, to the cent."""
    own = own_charge(sums_of(plan))
    known = list(populations)
    year = key.population_year or max((one.year_in_force for one in known), default=None)
    by_pk = in_force(known, year) if year else {}
    people = {c.insee_code: by_pk[c.pk].municipal for c in communes if c.pk in by_pk}
    match key.method:
        case ChargeKey.Method.INHABITANTS:
            weights = {c.insee_code: people.get(c.insee_code, 0) for c in communes}
        case ChargeKey.Method.EQUAL:
            weights = {c.insee_code: 1 for c in communes}
        case _:
            said = {row.commune_id: row.percent for row in key.percents.all()}
            weights = {c.insee_code: said.get(c.pk, Decimal(0)) for c in communes}
            if sum(weights.values()) != 100:
                return Charge(key, own, [], year, "Les communes du projet ont changé : écrivez de nouveau les parts.")
    try:
        borne = borne_by(own.amount, weights, people)
    except SharingError as error:
        return Charge(key, own, [], year, str(error))
    named = {commune.insee_code: commune for commune in communes}
    rows = sorted(((named[one.key], one) for one in borne), key=lambda row: (row[0].name, row[0].insee_code))
    return Charge(key, own, rows, year, basis=plan.get_basis_display())


def charge_of(project: Project, plan: FundingPlan | None, communes: list[Commune]) -> Charge | None:
    """The charge of one project; nothing while no key is written."""
    key = ChargeKey.objects.filter(project=project).prefetch_related("percents").first()
    if key is None or plan is None:
        return None
    known = Population.objects.filter(commune__in=communes).order_by("year_in_force")
    return share_charge(key, plan, communes, known)


def charges_in(projects: ProjectQuerySet, commune: Commune) -> list[tuple[Project, Charge, Borne]]:
    """What a commune bears of projects, for those whose key says so, in a constant number of queries."""
    found = list(
        projects.exclude(status__in=GIVEN_UP)
        .filter(charge_key__isnull=False, funding_plans__is_current=True)
        .select_related("charge_key")
        .prefetch_related("communes", "charge_key__percents", CURRENT)
    )
    members = list(commune.intercommunality.communes.all()) if found else []
    everyone = {one.pk for one in members} | {one.pk for project in found for one in project.communes.all()}
    known = list(Population.objects.filter(commune__in=everyone).order_by("year_in_force")) if found else []
    lines: list[tuple[Project, Charge, Any]] = []
    for project in found:
        plan = plan_in_force(project)
        if plan is None:
            continue
        communes = list(project.communes.all()) or members
        own_people = {one.pk for one in communes}
        people = [one for one in known if one.commune_id in own_people]
        charge = share_charge(project.charge_key, plan, communes, people)
        lines += [(project, charge, borne) for one, borne in charge.rows if one.pk == commune.pk]
    return lines
