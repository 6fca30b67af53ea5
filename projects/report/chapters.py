"""The chapters around the sheets: who built the plan, money by year and by funder, dates, partners, levers, index.

Each chapter is plain values taken from rows already read, or from one query of its own; a chapter with nothing to say
is not printed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.db.models import prefetch_related_objects

from cooperation.french import euros
from cooperation.spelling import fold
from partners.models import Body, Seat
from projects.funding.programme_reading import Net, Place, ProjectNet, nets_of, programme_row, years_of_programme
from projects.funding.services import plan_in_force, version_in_force
from projects.funding.year_reading import grants_by_year, name_of, until_of, years_of
from projects.models import Actor, FundingPlan, Project
from projects.proposals.sharing import sharing_of
from projects.report.reading import Present
from projects.report.sheets import Sheet
from territories.consultations.models import Stage
from territories.models import Consultation, FinancialPact, PoolingScheme, SharedService

T = TypeVar("T")
EVERYWHERE, UNSAID = "Toutes les communes", "Communes non précisées"
NOTES = {
    EVERYWHERE: "Un projet de toutes les communes est nommé une seule fois, en tête de la liste.",
    UNSAID: "Un projet qui ne dit pas quelles communes il concerne est nommé sous « Communes non précisées ».",
}


@dataclass(frozen=True)
class Built:
    """How the document was built: bodies, consultations of the communes, and how many actors share the objectives."""

    bodies: Sequence[tuple[str, str, int]]  # name, what it does, seats
    consultations: Sequence[tuple[str, str]]  # object, where it stands
    endorsements: str


@dataclass(frozen=True)
class Programme:
    """Payment credits by year, in euros before tax, then aids and net; totals are the sum of what is shown."""

    years: Sequence[str]
    rows: Sequence[tuple[Sheet, Sequence[Decimal], ProjectNet]]
    totals: Sequence[Decimal]
    total: Decimal
    nets: Sequence[Net]  # all projects together, for each basis

    @property
    def columns(self) -> int:
        """Of amounts: the years, all of them together, aids and net."""
        return len(self.years) + 3


@dataclass(frozen=True)
class Funder:
    """Who pays, how much in all, in how many projects, and its share of what is planned."""

    name: str
    projects: int
    amount: Decimal
    percent: Decimal


@dataclass(frozen=True)
class FundersByYear:
    """What funders bring year by year, in euros; `unsaid` is what they bring without saying when."""

    years: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Decimal], Decimal]]  # of those who said a year: name, amounts, unsaid
    others: Decimal  # what is brought by those who said none
    totals: Sequence[Decimal]
    unsaid: Decimal


@dataclass(frozen=True)
class FundersOf:
    """Those who pay in the plans of one basis: what they bring without tax and with it is never added up."""

    basis: str  # HT or TTC
    rows: Sequence[Funder]
    by_year: FundersByYear | None

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.rows), Decimal(0))


@dataclass(frozen=True)
class PartnerRow:
    """An organisation and the projects it takes part in; the relay person is left out of what everybody reads."""

    name: str
    relay: str
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class IndexList:
    """An index: entries in their order, each with its projects."""

    title: str
    entries: Sequence[tuple[str, Sequence[Sheet]]]
    note: str = ""  # what a reader must know to find everything


def tell_how_built(reading: Present, projects: Sequence[Project], *, public: bool) -> Built | None:
    """Tell who prepared, who was asked, who shares; what is not asked of the communes yet is not for everybody."""
    epci, day = reading.intercommunality, reading.day
    bodies = [
        (body.name, body.get_power_display(), sum(is_held(seat, day) for seat in body.seats.all()))
        for body in Body.objects.filter(intercommunality=epci).prefetch_related("seats")
    ]
    asked = reading.rows(Consultation, intercommunality=epci)
    prefetch_related_objects(asked, "answers")
    asked.sort(key=lambda one: (one.council_on is None, one.council_on or day, one.pk))
    consultations = [
        (consultation.title, say_stage(consultation, day))
        for consultation in asked
        if not public or consultation.stage_on(day) != Stage.PREPARED
    ]
    told = [sharing_of(project.actors.all(), project.objective_version) for project in projects]
    sharing, voices = sum(one.sharing for one in told), sum(one.voices for one in told)
    endorsements = say_endorsements(sharing, voices, "à cette date" if reading.is_past else "aujourd’hui")
    has_something = bodies or consultations or sharing  # one sentence that says « aucun » makes no chapter
    return Built(bodies, consultations, endorsements) if has_something else None


def say_endorsements(sharing: int, actors: int, when: str) -> str:
    """Count who shares the objectives as they are worded; that nobody has said so yet is told too."""
    if not sharing:
        return "Aucun acteur n’a encore dit, ici, qu’il partage l’objectif d’un projet." if actors else ""
    return (
        f"{sharing} fois sur {actors}, un acteur d’un projet a dit qu’il en partageait l’objectif, "
        f"tel qu’il est écrit {when}."
    )


def is_held(seat: Seat, day: dt.date) -> bool:
    """Whether somebody sits there on the day, or the seat of a commune was given."""
    begun = seat.starts_on is None or seat.starts_on <= day
    return begun and (seat.ends_on is None or day <= seat.ends_on)


def say_stage(consultation: Consultation, day: dt.date) -> str:
    if consultation.accepted is None or (consultation.closed_on and consultation.closed_on > day):
        return consultation.stage_on(day).label
    return f"{'accord' if consultation.accepted else 'pas d’accord'} des communes, le {consultation.closed_on:%d/%m/%Y}"


def programme_by_year(projects: Sequence[Project], sheets: Mapping[int, Sheet]) -> Programme | None:
    """Lay the payment credits of these projects out by year (PPI), with their aids and what remains."""
    versions = {one.pk: plan for one in projects if (plan := version_in_force(one)) and plan.payment_credits.all()}
    programmed = sorted((one for one in projects if one.pk in versions), key=lambda one: sheets[one.pk].reference)
    if not programmed:
        return None
    spent: dict[Place, Decimal] = defaultdict(Decimal)
    grants: dict[Place, Decimal] = defaultdict(Decimal)
    lacking = 0
    for project in programmed:
        plan = versions[project.pk]
        for credit in plan.payment_credits.all():
            amount = credit.on_basis
            spent[plan.is_incl_tax, credit.year] += amount or Decimal(0)
            lacking += amount is None
        for year, amount in grants_by_year(plan).items():
            grants[plan.is_incl_tax, year] += amount
    credits_ = [credit for plan in versions.values() for credit in plan.payment_credits.all()]
    before = {credit.year for credit in credits_ if credit.is_until}
    years = years_of_programme(spent, grants)
    rows = [(sheets[one.pk], *programme_row(one, years)) for one in programmed]
    return Programme(
        years=[name_of(year, before) for year in years],
        rows=rows,
        totals=[sum((cells[n] for _, cells, _ in rows), Decimal(0)) for n in range(len(years))],
        total=sum((credit.amount for credit in credits_), Decimal(0)),
        nets=nets_of(years, spent, grants, lacking=lacking),
    )


def funders_of(projects: Sequence[Project]) -> list[FundersOf]:
    """Who pays, the largest first: in the plans without tax, then in those with it."""
    found = []
    for basis in FundingPlan.Basis:
        plans = {one.pk: plan for one in projects if (plan := plan_in_force(one)) and plan.basis == basis}
        if rows := sum_by_funder(plans):
            until = {year for plan in plans.values() for year in until_of(plan)}
            found.append(FundersOf(basis.label, rows, fund_by_year(plans.values(), rows, until)))
    return found


def sum_by_funder(plans: Mapping[int, FundingPlan]) -> list[Funder]:
    """Add up what each funder brings to these plans, by project."""
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    projects: dict[str, set[int]] = defaultdict(set)
    for project, plan in plans.items():
        for line in plan.lines.all():
            amounts[line.funder] += line.amount
            projects[line.funder].add(project)
    total = sum(amounts.values(), Decimal(0))
    return [
        Funder(name, len(projects[name]), amount, (100 * amount / total).quantize(Decimal("0.1")))
        for name, amount in sorted(amounts.items(), key=lambda item: (-item[1], item[0]))
        if amount
    ]


def fund_by_year(plans: Iterable[FundingPlan], funders: Sequence[Funder], until: Iterable[int]) -> FundersByYear | None:
    """Lay out by year what funders bring, in the order of the funders; nothing while none has said a year."""
    said: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in (line for plan in plans for line in plan.lines.all()):
        for year, amount in years_of(line).items():
            said[line.funder][year] += amount
    if not said:
        return None
    years = sorted({year for amounts in said.values() for year in amounts})
    rows = [
        (one.name, [said[one.name][year] for year in years], one.amount - sum(said[one.name].values(), Decimal(0)))
        for one in funders
        if one.name in said
    ]
    others = sum((one.amount for one in funders if one.name not in said), Decimal(0))
    return FundersByYear(
        years=[name_of(year, until) for year in years],
        rows=rows,
        others=others,
        totals=[sum((cells[n] for _, cells, _ in rows), Decimal(0)) for n in range(len(years))],
        unsaid=sum((unsaid for _, _, unsaid in rows), others),
    )


def list_partners(projects: Sequence[Project], sheets: Mapping[int, Sheet], *, public: bool) -> list[PartnerRow]:
    """List the organisations that take part, by their name in the directory: projects may call them otherwise."""
    rows: dict[str, tuple[list[Sheet], list[str]]] = {}
    for project in projects:
        for actor in project.actors.all():
            if (name := partner_of(actor)) is None:
                continue
            found, relays = rows.setdefault(name, ([], []))
            if sheets[project.pk] not in found:
                found.append(sheets[project.pk])
            if actor.relay and not public and str(actor.relay) not in relays:
                relays.append(str(actor.relay))
    return [PartnerRow(name, ", ".join(relays), found) for name, (found, relays) in in_order(rows)]


def list_levers(reading: Present, *, public: bool) -> list[tuple[str, str]]:
    """Tell the pact, the scheme and the shared services in one line each; what is but a draft is not for everybody."""
    lines = []
    epci = reading.intercommunality
    agreed: list[FinancialPact | PoolingScheme] = [
        *reading.rows(FinancialPact, intercommunality=epci),
        *reading.rows(PoolingScheme, intercommunality=epci),
    ]
    for lever in agreed:
        if lever.is_current and (not public or lever.status != lever.Status.DRAFT):
            lines.append((lever.title, f"{lever.starts_year}-{lever.ends_year}, {lever.get_status_display()}"))
    for service in reading.rows(SharedService, intercommunality=epci):
        if public and service.status == SharedService.Status.PLANNED:
            continue
        said = [service.get_legal_form_display(), service.get_status_display()]
        if service.announced_cost:
            said.append(f"{euros(service.announced_cost, 0)} par an")
        lines.append((service.name, ", ".join(said)))
    return lines


def make_indexes(projects: Sequence[Project], sheets: Mapping[int, Sheet]) -> list[IndexList]:
    """Name the projects of each commune, competence and partner.

    Those of the whole territory are named once, and so are those that do not say which communes they concern: a note
    tells the readers of a commune to look there too.
    """
    everywhere: list[Sheet] = []
    unsaid: list[Sheet] = []
    communes: dict[str, list[Sheet]] = defaultdict(list)
    competences: dict[str, list[Sheet]] = defaultdict(list)
    partners: dict[str, list[Sheet]] = defaultdict(list)
    for project in projects:
        sheet = sheets[project.pk]
        named = project.communes.all()
        if sheet.is_everywhere:
            everywhere.append(sheet)
        elif not named:
            unsaid.append(sheet)
        else:
            for commune in named:
                communes[commune.name].append(sheet)
        for competence in project.competences.all():
            competences[competence.label].append(sheet)
        for actor in project.actors.all():
            if (name := partner_of(actor)) is not None and sheet not in partners[name]:
                partners[name].append(sheet)
    shared = [(name, found) for name, found in ((EVERYWHERE, everywhere), (UNSAID, unsaid)) if found]
    note = " ".join(NOTES[name] for name, _ in shared) if communes or unsaid else ""
    lists = (
        ("Communes", shared + in_order(communes), note),
        ("Compétences", in_order(competences), ""),
        ("Partenaires", in_order(partners), ""),
    )
    return [IndexList(title, entries, note) for title, entries, note in lists if entries]


def in_order(entries: Mapping[str, T]) -> list[tuple[str, T]]:
    """Put names in the order of a dictionary: an accent moves nothing."""
    return sorted(entries.items(), key=lambda entry: (fold(entry[0]), entry[0]))


def partner_of(actor: Actor) -> str | None:
    """Its name in the directory: « les habitants » take part too, and cannot be looked up."""
    return actor.partner.name if actor.partner else None
