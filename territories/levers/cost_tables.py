"""Read pooling as tables: what a service costs each commune in a year, all services side by side, the yearly report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cooperation.drawing.balances import Balances, Item, draw_balances
from territories.levers.models import ServiceYear, SharedService, SharingCriterion
from territories.levers.sharing import Criteria, Line, SharingError, breakdown, fixed_share, unit_cost
from territories.places.models import Commune, Intercommunality

ZERO = Decimal("0.00")
Kind = SharingCriterion.Kind
KEY_TO_WRITE = "Clé à renseigner."


@dataclass(frozen=True)
class Sharing:
    """A year of a service, shared: the part of the EPCI, the lines of the communes, or why there is none yet."""

    service_year: ServiceYear
    criteria: Sequence[SharingCriterion]
    communes: dict[str, Commune]  # by INSEE code
    own: Decimal
    to_share: Decimal
    lines: Sequence[Line] = field(default_factory=list)
    problem: str = ""

    @property
    def shares(self) -> dict[int, Decimal]:
        """What each commune bears, in euros, by primary key."""
        return {self.communes[line.insee].pk: line.share for line in self.lines}


def with_keys(years: Any) -> Any:
    """The years with all that sharing them reads, in a constant number of queries."""
    return years.select_related("service__intercommunality", "service__holder").prefetch_related(
        "criteria__values__commune"
    )


def sharing_of(service_year: ServiceYear) -> Sharing:
    """Share the cost of a year by its key; a key that is missing or cannot be computed is said, never guessed."""
    criteria = list(service_year.criteria.all())
    communes = {one.commune.insee_code: one.commune for part in criteria for one in part.values.all()}
    net = service_year.total_cost - service_year.other_revenue
    own = fixed_share(net, service_year.epci_share_percent)
    if not criteria:
        return Sharing(service_year, criteria, communes, own, net - own, problem=KEY_TO_WRITE)
    try:
        lines = breakdown(net - own, as_key(criteria), [part.label for part in criteria])
    except SharingError as error:
        return Sharing(service_year, criteria, communes, own, net - own, problem=str(error))
    return Sharing(service_year, criteria, communes, own, net - own, lines)


def as_key(criteria: Iterable[SharingCriterion]) -> Criteria:
    return [(part.weight, {one.commune.insee_code: one.value for one in part.values.all()}) for part in criteria]


def table_of(sharing: Sharing) -> dict[str, Any]:
    """The shares of a year as a table: values of each criterion, components, rounding, share, and their totals."""
    values = {part.pk: {one.commune_id: one.value for one in part.values.all()} for part in sharing.criteria}
    rows = [
        {
            "commune": (commune := sharing.communes[line.insee]),
            "parts": [
                {"value": values[part.pk].get(commune.pk), "amount": amount}
                for part, amount in zip(sharing.criteria, line.components, strict=True)
            ],
            "rounding": line.rounding,
            "share": line.share,
        }
        for line in sharing.lines
    ]
    totals = [
        {
            "value": sum(values[part.pk].values(), Decimal(0)),
            "amount": sum((line.components[number] for line in sharing.lines), ZERO),
        }
        for number, part in enumerate(sharing.criteria)
    ]
    return {
        "unit_costs": unit_costs_of(sharing, [total["value"] for total in totals]),
        "criteria": sharing.criteria,
        "rows": rows,
        "totals": totals,
        "rounding": sum((line.rounding for line in sharing.lines), ZERO),
        "share": sum((line.share for line in sharing.lines), ZERO),
        "has_rounding": any(line.rounding for line in sharing.lines),
    }


def unit_costs_of(sharing: Sharing, counts: Sequence[Decimal]) -> list[dict[str, Any]]:
    """What one unit of each use costs over the year, all charges included (the method of CGCT, art. D. 5211-16)."""
    parts = sharing.service_year.cost_parts
    detail = {
        "staff": parts.get("staff_cost", sharing.service_year.total_cost),  # without detail, the whole cost
        "supplies": parts.get("supplies_cost", ZERO),
        "renewal": parts.get("renewal_cost", ZERO),
        "contracts": parts.get("contracts_cost", ZERO),
    }
    return [
        {"label": part.unit or part.label, "cost": unit_cost(units=count, **detail)}
        for part, count in zip(sharing.criteria, counts, strict=True)
        if part.kind == Kind.USE and count
    ]


def sharings_of(epci: Intercommunality, year: int) -> dict[int, Sharing]:
    """Every service shared in a year, in its current version, by primary key of the service."""
    years = with_keys(ServiceYear.objects.filter(intercommunality=epci, year=year, is_current=True))
    return {one.service_id: sharing_of(one) for one in years}


def flows_of(sharings: Iterable[Sharing]) -> dict[int, Decimal]:
    """What the services of a year bring to each commune (positive) or cost it (negative), by primary key.

    The commune that holds a service keeps its own share and receives that of the others and of the EPCI.
    """
    flows: dict[int, Decimal] = {}
    for sharing in sharings:
        holder = sharing.service_year.service.holder_id
        for commune, amount in sharing.shares.items():
            if commune != holder:
                flows[commune] = flows.get(commune, ZERO) - amount
        if holder is not None and sharing.lines:
            others = sum((amount for commune, amount in sharing.shares.items() if commune != holder), ZERO)
            flows[holder] = flows.get(holder, ZERO) + others + sharing.own
    return flows


def lines_of(services: Iterable[SharedService], sharings: dict[int, Sharing]) -> list[dict[str, Any]]:
    """The services of the scheme, one line each: what is known of the year, or what the scheme announces."""
    lines = []
    for service in services:
        sharing = sharings.get(service.pk)
        names = [commune.name for commune in service.participants.all()]
        lines.append(
            {
                "service": service,
                "participants": names,
                "count": len(names) or service.participant_count,
                "sharing": sharing,
                "cost": sharing.service_year.total_cost if sharing else service.announced_cost,
                "is_announced": sharing is None and service.announced_cost is not None,
                "key": key_in_words(service, sharing),
                "is_shared": bool(sharing and sharing.lines),
            }
        )
    return lines


def key_in_words(service: SharedService, sharing: Sharing | None) -> str:
    """« heures 50 %, population totale 30 %, part égale 20 % », or the words of the scheme."""
    if sharing and sharing.criteria:
        return ", ".join(f"{part.label} {part.weight} %" for part in sharing.criteria if part.weight)
    return service.key_in_words


def totals_of(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What the lines add up to; what is unknown is counted as such, never as zero."""
    lines = list(lines)
    staff = [line["service"].staff for line in lines if line["service"].staff is not None]
    costs = [line["cost"] for line in lines if line["cost"] is not None]
    return {
        "staff": sum(staff, ZERO),
        "cost": sum(costs, ZERO),
        "without_staff": len(lines) - len(staff),
        "without_cost": len(lines) - len(costs),
    }


def matrix_of(epci: Intercommunality, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Communes × services with the amounts of the year: who takes part, at what price, and the totals."""
    shown = [line for line in lines if line["participants"] or line["is_shared"]]
    takes_part = [{commune.pk for commune in line["service"].participants.all()} for line in shown]
    shares = [line["sharing"].shares if line["is_shared"] else {} for line in shown]
    rows = []
    for commune in epci.communes.order_by("insee_code"):
        cells = [
            {"amount": amounts.get(commune.pk), "takes_part": commune.pk in among or commune.pk in amounts}
            for among, amounts in zip(takes_part, shares, strict=True)
        ]
        known = [cell["amount"] for cell in cells if cell["amount"] is not None]
        rows.append({"commune": commune, "cells": cells, "total": sum(known, ZERO) if known else None})
    feet: list[dict[str, Any]] = [
        {
            "communes": sum(amounts.values(), ZERO) if amounts else None,
            "own": line["sharing"].own if amounts else None,
            "other": line["sharing"].service_year.other_revenue if amounts else None,
            "cost": line["sharing"].service_year.total_cost if amounts else None,
        }
        for line, amounts in zip(shown, shares, strict=True)
    ]
    whole = {
        name: sum((foot[name] for foot in feet if foot[name] is not None), ZERO)
        for name in ("communes", "own", "other", "cost")
    }
    hidden = [line["service"] for line in lines if line not in shown]
    return {"services": shown, "rows": rows, "feet": feet, "whole": whole, "hidden": hidden}


def drawing_of(lines: Iterable[dict[str, Any]], title: str) -> Balances | None:
    """The services by cost, for those whose cost is known."""
    return draw_balances(
        [Item(line["service"].name, line["cost"]) for line in lines if line["cost"] is not None], title=title
    )


def report_of(epci: Intercommunality, year: int) -> list[dict[str, Any]]:
    """What is told to the council at the budget debate (CGCT, art. L. 5211-39-1): planned, actual, gap, words."""
    rows: dict[int, dict[str, Any]] = {}
    versions = ServiceYear.objects.filter(intercommunality=epci, year=year).select_related("service")
    for one in versions.order_by("service__position", "service__name", "version"):
        row = rows.setdefault(one.service_id, {"service": one.service, "forecast": None, "actual": None, "report": ""})
        row[one.stage] = one.total_cost
        row["report"] = one.report or row["report"]
    for row in rows.values():
        known = row["forecast"] is not None and row["actual"] is not None
        row["gap"] = row["actual"] - row["forecast"] if known else None
    return list(rows.values())
