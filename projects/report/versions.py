"""What a version says, as plain values, and what changed between two of them, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cooperation.french import euros, uncapitalized
from projects.funding.vat_rules import cannot_be_subtracted
from projects.models import PrintVersion
from projects.report.choices import Choices
from projects.report.content import Report
from projects.report.effects import Effect
from projects.report.sheets import Funding, Sheet

NOTHING = "—"
CELL = 45  # letters on a line of a column of the supplement
OTHER_CHOICE = (
    "Ces deux versions n’ont pas été demandées avec le même choix de projets, ou pas pour les mêmes lecteurs : "
    "ce qui n’est que dans l’une peut n’avoir pas été imprimé dans l’autre."
)
# What is compared, with its name on the page; texts, so that a version is read as it was written.
DOCUMENT = {
    "title": "Titre",
    "foreword": "Avant-propos",
    "orientations": "Orientations du mandat",
    "tree": "Axes et objectifs",
    "years": "Dépenses par année (HT)",
    "levers": "Pacte et mutualisation",
}
FIELDS = {
    "title": "Intitulé",
    "status": "État",
    "objective": "Objectif partagé",
    "need": "Constat",
    "service": "Service rendu",
    "beneficiaries": "Bénéficiaires",
    "interests": "Intérêts",
    "actors": "Acteurs",
    "place": "Objectif du plan",
    "orientations": "Orientations",
    "competences": "Compétences",
    "lead": "Maître d’ouvrage",
    "communes": "Communes",
    "dates": "Calendrier",
    "basis": "Base du plan",
    "cost": "Coût",
    "tax": "Coût HT et TTC",
    "spending": "Dépenses, année par année",
    "funding": "Financement",
    "years": "Financement, année par année",
    "yearly": "Fonctionnement",
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
    unlike: str = ""  # why the amounts of its two plans are not subtracted

    @property
    def lines(self) -> int:
        """About how many lines it takes on a page: the taller of the two columns, row by row."""
        return 2 + sum(max(lines_in(change.before), lines_in(change.after)) for change in self.changes)


@dataclass(frozen=True)
class Comparison:
    """What changed in the plan and its projects, which of them came or left, and the figures of both."""

    document: Sequence[Change]
    added: Sequence[tuple[str, str]]
    removed: Sequence[tuple[str, str]]
    changed: Sequence[ChangedSheet]
    figures: Sequence[tuple[str, str, str]]
    caution: str = ""  # when the two do not hold the same choice of projects

    @property
    def is_empty(self) -> bool:
        return not (self.document or self.added or self.removed or self.changed)


def lines_in(text: str) -> int:
    return sum(1 + len(line) // CELL for line in text.split("\n"))


def facts_of(report: Report) -> dict[str, Any]:
    """Keep what the document says of the plan and, by reference, of each project; euros and cents, as text."""
    return {"document": tell_document(report), "sheets": {sheet.reference: tell(sheet) for sheet in report.sheets}}


def tell_document(report: Report) -> dict[str, str]:
    years = zip(report.programme.years, report.programme.totals, strict=True) if report.programme else ()
    tree = [label for axis in report.axes for label in (axis.label, *(row.label for row in axis.objectives))]
    return {
        "title": report.plan,
        "foreword": report.foreword,
        "orientations": "\n".join(f"{one.code} {one.title}" for one in report.orientations),
        "tree": "\n".join(tree),
        "years": "\n".join(f"{year} : {euros(amount, 0)}" for year, amount in years),
        "levers": "\n".join(f"{name} : {said}" for name, said in report.levers),
    }


def tell(sheet: Sheet) -> dict[str, str]:
    funding = sheet.funding
    lines, places = (funding.lines, funding.decimals) if funding else ((), 0)
    return {
        "title": sheet.title,
        "status": sheet.status,
        "objective": sheet.shared_objective,
        "need": sheet.need,
        "service": sheet.service,
        "beneficiaries": sheet.beneficiaries,
        "interests": "\n".join(f"{one.who} : {one.text} ({one.convergence})" for one in sheet.interests),
        "actors": "\n".join(f"{one.name} : {one.role}" for one in sheet.actors),
        "place": sheet.objective_of_plan,
        "orientations": "\n".join(sheet.orientations),
        "competences": "\n".join(sheet.competences),
        "lead": sheet.lead,
        "communes": sheet.communes,
        "dates": sheet.dates,
        "basis": funding.basis if funding else "",
        "cost": str(funding.cost) if funding else "",
        "invests": str(sheet.invests),
        "tax": funding.tax if funding else "",
        "spending": funding.spending if funding else "",
        "years": tell_years(funding) if funding else "",
        "funding": "\n".join(f"{line.funder} {euros(line.amount, places)}" for line in lines),
        "yearly": funding.yearly if funding else "",
        "decisions": "\n".join(f"{one.on:%d/%m/%Y} {one.body}, {one.outcome.lower()}" for one in sheet.decisions),
        "effects": "\n".join(say_effect(one) for one in sheet.effects),
    }


def tell_years(funding: Funding) -> str:
    """What each funder pays in each year that it said."""
    table = funding.by_year
    return "\n".join(
        f"{row.funder} {euros(amount, 0)}, {uncapitalized(year)}"
        for row in (table.said if table else ())
        for year, amount in zip(table.years if table else (), row.cells, strict=True)
        if amount
    )


def say_effect(effect: Effect) -> str:
    when = f", {effect.value_on}" if effect.value_on else ""
    return f"{effect.name} {effect.value}{when} (cible {effect.target})"


def compare_versions(before: PrintVersion, after: PrintVersion) -> Comparison:
    """Compare two versions, and say when they were not asked for the same projects or the same readers."""
    first, second = (Choices.read(version.choices).selection for version in (before, after))
    return replace(compare(before.facts, after.facts), caution=OTHER_CHOICE if first != second else "")


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare what two versions say; what one of them did not keep is not compared."""
    old, new = before.get("sheets", {}), after.get("sheets", {})
    changed = []
    for reference in sorted(old.keys() & new.keys()):
        if changes := list_changes(FIELDS, old[reference], new[reference]):
            unlike = tell_bases(old[reference].get("basis", ""), new[reference].get("basis", ""))
            changed.append(ChangedSheet(reference, new[reference]["title"], changes, unlike))
    return Comparison(
        document=list_changes(DOCUMENT, before.get("document", {}), after.get("document", {})),
        added=[(reference, new[reference]["title"]) for reference in sorted(new.keys() - old.keys())],
        removed=[(reference, old[reference]["title"]) for reference in sorted(old.keys() - new.keys())],
        changed=changed,
        figures=[
            ("Projets", str(len(old)), str(len(new))),
            ("Investissement (HT)", euros(total_of(old), 0), euros(total_of(new), 0)),
        ],
    )


def tell_bases(before: str, after: str) -> str:
    """The first versions did not keep on which basis a plan was established: nothing is told of them."""
    return (
        cannot_be_subtracted("l’ancienne version de ce plan", before, "la nouvelle", after) if before and after else ""
    )


def list_changes(names: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    return [
        Change(label, say(name, old), say(name, new))
        for name, label in names.items()
        if name in old and name in new and old[name] != new[name]
    ]


def say(name: str, facts: Mapping[str, str]) -> str:
    value = facts.get(name, "")
    return euros(Decimal(value), 2) if name == "cost" and value else value or NOTHING


def total_of(sheets: Mapping[str, Mapping[str, str]]) -> Decimal:
    """What adds up; the first versions kept the cost alone."""
    amounts = (facts.get("invests", facts.get("cost")) for facts in sheets.values())
    return sum((Decimal(amount) for amount in amounts if amount), Decimal(0))
