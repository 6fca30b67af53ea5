"""What a version says, as plain values, and what changed between two of them, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cooperation.french import euros, uncapitalized
from projects.report.content import Report
from projects.report.effects import Effect
from projects.report.sheets import Funding, Sheet

NOTHING = "—"
# What is compared, with its name on the page; texts, so that a version is read as it was written.
FIELDS = {
    "title": "Intitulé",
    "status": "État",
    "objective": "Objectif partagé",
    "place": "Objectif du plan",
    "lead": "Maître d’ouvrage",
    "communes": "Communes",
    "dates": "Calendrier",
    "cost": "Coût",
    "tax": "Coût HT et TTC",
    "spending": "Dépenses, année par année",
    "funding": "Financement",
    "years": "Financement, année par année",
    "running": "Fonctionnement",
    "decisions": "Décisions",
    "effects": "Indicateurs",
}


@dataclass(frozen=True)
class Change:
    """One thing that is no longer said in the same way."""

    label: str
    before: str
    after: str

    @property
    def was_said(self) -> bool:
        """Whether something is taken away: nothing is not struck out."""
        return self.before != NOTHING

    @property
    def is_said(self) -> bool:
        return self.after != NOTHING


@dataclass(frozen=True)
class ChangedSheet:
    """A project that both versions hold, and what changed in it."""

    reference: str
    title: str
    changes: Sequence[Change]


@dataclass(frozen=True)
class Comparison:
    """What came, what left, what changed, and the figures of both."""

    added: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]
    changed: Sequence[ChangedSheet]
    figures: Sequence[tuple[str, str, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed)


def facts_of(report: Report) -> dict[str, Any]:
    """Keep what the document says of each project, by reference; costs in euros and cents, as text."""
    return {"sheets": {sheet.reference: tell(sheet) for sheet in report.sheets}}


def tell(sheet: Sheet) -> dict[str, str]:
    funding = sheet.funding
    lines = funding.lines if funding else ()
    return {
        "title": sheet.title,
        "status": sheet.status,
        "objective": sheet.shared_objective,
        "place": sheet.objective_of_plan,
        "lead": sheet.lead,
        "communes": sheet.communes,
        "dates": sheet.dates,
        "cost": str(funding.cost) if funding else "",
        "invests": str(sheet.invests),
        "tax": funding.tax if funding else "",
        "spending": funding.spending if funding else "",
        "years": tell_years(funding) if funding else "",
        "running": funding.yearly if funding else "",
        "funding": " ; ".join(f"{line.funder} {euros(line.amount, 0)}" for line in lines),
        "decisions": " ; ".join(f"{one.on:%d/%m/%Y} {one.body}, {one.outcome.lower()}" for one in sheet.decisions),
        "effects": " ; ".join(say_effect(one) for one in sheet.effects),
    }


def tell_years(funding: Funding) -> str:
    """What each funder pays in each year that it said."""
    table = funding.by_year
    return " ; ".join(
        f"{row.funder} {euros(amount, 0)}, {uncapitalized(year)}"
        for row in (table.said if table else ())
        for year, amount in zip(table.years if table else (), row.cells, strict=True)
        if amount
    )


def say_effect(effect: Effect) -> str:
    when = f", {effect.value_on}" if effect.value_on else ""
    return f"{effect.name} {effect.value}{when} (cible {effect.target})"


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare what two versions say."""
    old, new = before.get("sheets", {}), after.get("sheets", {})
    changed = []
    for reference in sorted(old.keys() & new.keys()):
        changes = [
            Change(label, say(name, old[reference]), say(name, new[reference]))
            for name, label in FIELDS.items()
            if is_told_anew(name, old[reference], new[reference])
        ]
        if changes:
            changed.append(ChangedSheet(reference, new[reference]["title"], changes))
    return Comparison(
        added=[(reference, new[reference]["title"]) for reference in sorted(new.keys() - old.keys())],
        removed=[(reference, old[reference]["title"]) for reference in sorted(old.keys() - new.keys())],
        changed=changed,
        figures=[
            ("Projets", str(len(old)), str(len(new))),
            ("Coût de l’ensemble, HT", euros(total_of(old), 0), euros(total_of(new), 0)),
        ],
    )


def is_told_anew(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether two versions differ in what both kept: an older one does not know of what is told since."""
    return name in before and name in after and before[name] != after[name]


def say(name: str, facts: Mapping[str, str]) -> str:
    value = facts.get(name, "")
    return euros(Decimal(value), 2) if name == "cost" and value else value or NOTHING


def total_of(sheets: Mapping[str, Mapping[str, str]]) -> Decimal:
    """What the projects cost together, without tax; an old version kept the cost of each plan alone."""
    costs = (facts.get("invests", facts.get("cost", "")) for facts in sheets.values())
    return sum((Decimal(cost) for cost in costs if cost), Decimal(0))
