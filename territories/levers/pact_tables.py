"""Read the pact as tables: what each commune receives and gives in a year, the grant and its components, the checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cooperation.checks import Check
from cooperation.drawing.balances import Balances, Item, draw_balances
from cooperation.french import counted, euros, plural
from territories.levers import pact_rules
from territories.levers.cost_tables import flows_of, sharings_of
from territories.levers.models import (
    EquipmentFund,
    FinancialPact,
    GrantCriterion,
    PactAmount,
    PactYear,
    SolidarityGrant,
)
from territories.levers.populations import populations_of
from territories.levers.sharing import SharingError, exact, nearest_cent
from territories.places.models import Commune

ZERO = Decimal("0.00")
Kind = PactAmount.Kind

# fmt: off
FLOWS = (
    # code            heading                                   shown even when nothing is written
    ("compensation",  "Attribution de compensation",            True),
    ("grant",         "Dotation de solidarité",                 True),
    ("equalisation",  "FPIC",                                   True),
    ("funds",         "Fonds de concours",                      True),
    ("services",      "Services mutualisés",                    True),
    ("other",         "Autres flux",                            False),
)
# fmt: on
CODES = {Kind.COMPENSATION: "compensation", Kind.GRANT: "grant", Kind.EQUALISATION: "equalisation", Kind.OTHER: "other"}


@dataclass(frozen=True)
class SharedGrant:
    """A version of the grant, shared out, or why it cannot be."""

    grant: SolidarityGrant
    criteria: Sequence[GrantCriterion]
    communes: dict[str, Commune]  # by INSEE code
    result: pact_rules.Grant | None = None
    means: Mapping[int, Decimal] = field(default_factory=dict)  # by primary key of a legal criterion
    problem: str = ""

    @property
    def totals(self) -> dict[int, Decimal]:
        """What each commune receives, in euros, by primary key."""
        if self.result is None:
            return {}
        return {self.communes[insee].pk: amount for insee, amount in self.result.totals.items()}


def with_criteria(grants: Any) -> Any:
    """The grants with all that sharing them reads, in a constant number of queries."""
    return grants.select_related("pact_year").prefetch_related("criteria__values__commune")


def grant_in_force(pact_year: PactYear) -> SolidarityGrant | None:
    """The last adopted version, or the last one written while none is adopted."""
    grants = list(with_criteria(pact_year.grants.order_by("-version")))
    adopted = [one for one in grants if one.stage == SolidarityGrant.Stage.ADOPTED]
    return next(iter(adopted or grants), None)


def shared(
    grant: SolidarityGrant, *, total: Decimal | None = None, weights: Mapping[int, int] | None = None
) -> SharedGrant:
    """Share a version out; `total` and `weights` (by primary key of criterion) put others in their place, unsaved."""
    criteria = list(grant.criteria.all())
    communes = {one.commune.insee_code: one.commune for part in criteria for one in part.values.all()}
    values = {part.pk: {one.commune.insee_code: one.value for one in part.values.all()} for part in criteria}
    population = next((values[part.pk] for part in criteria if part.kind == part.Kind.POPULATION), {})
    people = {insee: int(value) for insee, value in population.items()}
    rules = [
        pact_rules.Criterion(
            code=str(part.pk),
            label=part.label,
            weight=part.weight if weights is None else weights[part.pk],
            values=values[part.pk],
            is_gap=part.is_legal,
            is_legal=part.is_legal,
        )
        for part in criteria
    ]
    try:
        result = pact_rules.solidarity_grant(grant.total if total is None else total, rules, people)
        means = {
            part.pk: nearest_cent(pact_rules.weighted_mean(values[part.pk], people))
            for part in criteria
            if part.is_legal and values[part.pk]
        }
    except SharingError as error:
        return SharedGrant(grant, criteria, communes, problem=str(error))
    return SharedGrant(grant, criteria, communes, result, means)


def grant_table(one: SharedGrant) -> dict[str, Any]:
    """Communes × criteria with values, components and totals; the last line adds up what is shown."""
    if one.result is None:
        return {}
    codes = [(str(part.pk), part) for part in one.criteria]
    values = {part.pk: {v.commune.insee_code: v.value for v in part.values.all()} for part in one.criteria}
    rows = [
        {
            "commune": one.communes[insee],
            "parts": [
                {"value": values[part.pk].get(insee), "amount": one.result.components[code][insee]}
                for code, part in codes
            ],
            "total": one.result.totals[insee],
        }
        for insee in sorted(one.result.totals)
    ]
    feet = [
        {"mean": one.means.get(part.pk), "amount": sum(one.result.components[code].values(), ZERO)}
        for code, part in codes
    ]
    return {"criteria": one.criteria, "rows": rows, "feet": feet, "total": sum(one.result.totals.values(), ZERO)}


def comparison(before: SharedGrant, after: SharedGrant) -> dict[str, Any]:
    """Before and after for each commune, with the gap and its drawing; every column adds up."""
    communes = {commune.pk: commune for commune in before.communes.values()}
    rows: list[dict[str, Any]] = [
        {
            "commune": communes[pk],
            "before": before.totals.get(pk, ZERO),
            "after": after.totals.get(pk, ZERO),
            "gap": after.totals.get(pk, ZERO) - before.totals.get(pk, ZERO),
        }
        for pk in sorted(communes, key=lambda pk: communes[pk].insee_code)
    ]
    total = {name: sum((row[name] for row in rows), ZERO) for name in ("before", "after", "gap")}
    gaps = [Item(row["commune"].name, row["gap"]) for row in rows]
    return {"rows": rows, "total": total, "drawing": draw_balances(gaps, title="Ce que chaque commune gagne ou perd")}


def grant_checks(one: SharedGrant) -> list[Check]:
    """What the law says of a version: 35 % on the legal criteria, two thirds of the votes cast."""
    if one.result is None:
        return []
    checks = [pact_rules.legal_criteria_check(one.result.legal, one.result.total)]
    grant = one.grant
    if grant.votes_for is not None and grant.votes_against is not None:
        checks.append(pact_rules.vote_check(grant.votes_for, grant.votes_against))
    return checks


def year_table(pact_year: PactYear, grant: SharedGrant | None) -> dict[str, Any]:
    """Communes × flows of a year: received, given, net, net per inhabitant (PTOT); totals add up what is shown.

    A flow about which nothing is written is said « non renseigné » and counts for nothing: it is not a zero.
    """
    epci = pact_year.intercommunality
    communes = list(epci.communes.order_by("insee_code"))
    people = populations_of(communes, pact_year.year)
    flows = flows_by_code(pact_year, grant)
    shown = [(code, heading) for code, heading, always in FLOWS if always or flows[code]]
    rows = [row_of(commune, people.get(commune.pk), shown, flows) for commune in communes]
    feet = [
        sum((flows[code].get(one.pk, ZERO) for one in communes), ZERO) if flows[code] else None for code, _ in shown
    ]
    total = {name: sum((row[name] for row in rows), ZERO) for name in ("received", "given", "net")}
    counted = sum(row["population"] for row in rows if row["population"])
    total["population"] = counted
    total["per_head"] = nearest_cent(exact(total["net"]) / counted) if counted else None
    return {
        "headings": [{"code": code, "label": heading, "is_known": bool(flows[code])} for code, heading in shown],
        "rows": rows,
        "feet": feet,
        "total": total,
        "missing": [heading for code, heading in shown if not flows[code]],
        "drawing": drawing_of(rows),
    }


def flows_by_code(pact_year: PactYear, grant: SharedGrant | None) -> dict[str, dict[int, Decimal]]:
    """The amounts of a year by flow, then by commune (primary key), positive when the commune receives."""
    sharings = sharings_of(pact_year.intercommunality, pact_year.year)
    return flows_of_the_pact(pact_year, grant) | {"services": flows_of(sharings.values())}


def flows_of_the_pact(pact_year: PactYear, grant: SharedGrant | None) -> dict[str, dict[int, Decimal]]:
    """The same, but for the shared services: what the pact itself says."""
    flows: dict[str, dict[int, Decimal]] = {code: {} for code, *_ in FLOWS}
    for one in pact_year.amounts.all():
        flows[CODES[Kind(one.kind)]][one.commune_id] = one.amount
    if grant is not None:
        flows["grant"] = grant.totals
    for fund in pact_year.funds.all():
        if fund.counts:
            so_far = flows["funds"].get(fund.commune_id, ZERO)
            flows["funds"][fund.commune_id] = so_far + fund.signed_amount
    return flows


def row_of(
    commune: Commune, population: Any, shown: Sequence[tuple[str, str]], flows: Mapping[str, Any]
) -> dict[str, Any]:
    cells = [flows[code].get(commune.pk, ZERO) if flows[code] else None for code, _ in shown]
    known = [cell for cell in cells if cell is not None]
    received = sum((cell for cell in known if cell > 0), ZERO)
    given = sum((-cell for cell in known if cell < 0), ZERO)
    people = population.total if population else None
    net = received - given
    per_head = nearest_cent(exact(net) / people) if people else None
    return {
        "commune": commune,
        "cells": cells,
        "received": received,
        "given": given,
        "net": net,
        "population": people,
        "per_head": per_head,
    }


def drawing_of(rows: Iterable[Mapping[str, Any]]) -> Balances | None:
    items = [Item(row["commune"].name, row["per_head"]) for row in rows if row["per_head"] is not None]
    ordered = sorted(items, key=lambda item: -item.amount)
    return draw_balances(ordered, title="Solde par habitant de chaque commune, en euros")


def checks_of(pact_year: PactYear, pact: FinancialPact | None, grant: SharedGrant | None) -> list[Check]:
    """Every rule on the amounts of a year: one line when it holds for all, one for each commune where it is broken."""
    checks = grant_checks(grant) if grant is not None else []
    checks += compensation_checks(pact_year)
    checks += equalisation_checks(pact_year)
    checks += fund_checks(pact_year, pact)
    return checks


def compensation_checks(pact_year: PactYear) -> list[Check]:
    """Each AC follows from last year's, when last year is known."""
    before = PactAmount.objects.filter(
        pact_year__intercommunality=pact_year.intercommunality, pact_year__year=pact_year.year - 1
    )
    previous = dict(before.filter(kind=Kind.COMPENSATION).values_list("commune_id", "amount"))
    amounts = pact_year.amounts.filter(kind=Kind.COMPENSATION).select_related("commune")
    checks = [
        pact_rules.compensation_check(
            one.commune.name,
            previous=previous[one.commune_id],
            amount=one.amount,
            transferred=one.charges_transferred,
            returned=one.charges_returned,
        )
        for one in amounts
        if one.commune_id in previous
    ]
    said = f"Les attributions de compensation suivent celles de {pact_year.year - 1} et les charges évaluées."
    return summed_up(checks, "compensation", pact_rules.COMPENSATION_ARTICLE, said)


def equalisation_checks(pact_year: PactYear) -> list[Check]:
    """The 30 % limit binds that derogation only; the common rule and the free mode have none."""
    if pact_year.equalisation_mode != PactYear.EqualisationMode.THIRTY:
        return []
    amounts = pact_year.amounts.filter(kind=Kind.EQUALISATION, common_rule__isnull=False).select_related("commune")
    checks = [
        pact_rules.equalisation_check(one.commune.name, amount=one.amount, common_rule=one.common_rule)
        for one in amounts
    ]
    said = "Aucune commune ne s’écarte de plus de 30 % du droit commun du FPIC."
    return summed_up(checks, "equalisation", pact_rules.EQUALISATION_ARTICLE, said)


def summed_up(checks: Sequence[Check], name: str, article: str, sentence: str) -> list[Check]:
    """The broken ones, or one sentence for all that hold."""
    broken = [one for one in checks if not one.holds]
    return broken or ([Check(name, article, True, sentence)] if checks else [])


def fund_checks(pact_year: PactYear, pact: FinancialPact | None) -> list[Check]:
    """The ceiling of the law for each equipment, then the regulation, the envelope and the requests of the pact."""
    funds = list(pact_year.funds.select_related("commune"))
    kind = pact_year.intercommunality.kind
    checks = [check for fund in funds for check in checks_of_fund(fund, kind, pact)]
    if pact is None:
        return checks
    paid = [one for one in funds if one.direction == EquipmentFund.Direction.TO_COMMUNE]
    if pact.fund_envelope is not None and paid:
        spent = sum((one.amount for one in paid if one.counts), ZERO)
        checks.append(pact_rules.envelope_check(spent, pact.fund_envelope))
    if pact.fund_requests_per_year is not None:
        counts: dict[str, int] = {}
        for one in paid:
            counts[one.commune.name] = counts.get(one.commune.name, 0) + 1
        checks += [
            Check(
                "requests",
                "règlement des fonds de concours",
                False,
                f"{name} : {counted(count, 'demande')} en {pact_year} ; "
                f"le règlement en permet {pact.fund_requests_per_year}.",
            )
            for name, count in counts.items()
            if count > pact.fund_requests_per_year
        ]
    return checks


def checks_of_fund(fund: EquipmentFund, kind: str, pact: FinancialPact | None) -> list[Check]:
    """What the law and the regulation say of one fonds de concours."""
    name = f"{fund.equipment} ({fund.commune})"
    checks = [pact_rules.fund_check(name, kind, amount=fund.amount, cost=fund.cost, subsidies=fund.subsidies)]
    if pact is not None and fund.direction == EquipmentFund.Direction.TO_COMMUNE:
        regulation = pact_rules.regulation_check(
            name,
            amount=fund.amount,
            cost=fund.cost,
            percent_ceiling=pact.fund_percent_ceiling,
            amount_ceiling=pact.fund_amount_ceiling,
        )
        checks += [regulation] if regulation else []
    return checks


def room_left(pact_year: PactYear, pact: FinancialPact | None) -> str:
    """« Combien reste-t-il » of the envelope, in words, or nothing."""
    if pact is None or pact.fund_envelope is None:
        return ""
    paid = pact_year.funds.filter(direction=EquipmentFund.Direction.TO_COMMUNE)
    spent = sum((one.amount for one in paid if one.counts), ZERO)
    return f"{euros(spent)} {plural(spent, 'engagé')} sur une enveloppe de {euros(pact.fund_envelope)} par an."
