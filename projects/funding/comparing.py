"""Two versions of a plan side by side: what is paid for and by whom, what changes in their years and their running.

Amounts HT and amounts TTC are shown beside each other and never subtracted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cooperation.checks import Check
from cooperation.french import plural
from projects.funding.models import FundingPlan
from projects.funding.operating_models import OperatingLine
from projects.funding.services import checks_for
from projects.funding.vat_rules import cannot_be_subtracted
from projects.funding.year_reading import name_of, until_of, years_of
from projects.proposals.models import Project

Key = tuple[str, int, str]  # who or what, a year to sort by, and the year as it is read
Amounts = Mapping[Key, Decimal]  # euros; homonyms are added up
COSTS = (
    ("Coût HT", "cost_excl_tax"),
    ("Coût TTC", "cost_incl_tax"),
    ("FCTVA attendu", "vat_refund"),
    ("Dépense subventionnable", "eligible_cost"),
)


@dataclass(frozen=True)
class Compared:
    """One amount in two versions of a plan, in euros; None where that version does not say it."""

    name: str
    when: str
    before: Decimal | None
    after: Decimal | None
    counts: bool = True  # what is not there brings nothing, and may be subtracted

    @property
    def change(self) -> Decimal | None:
        """The difference, where it means something: a cost that nobody wrote is not a cost of zero."""
        if not self.counts and None in (self.before, self.after):
            return None
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True)
class Section:
    """Rows of one kind; `absent` and `lost` say what a missing amount means."""

    name: str  # a word for addresses
    title: str
    rows: Sequence[Compared]
    silence: str = ""  # what to say without any row
    absent: str = "absent"  # from the former version
    lost: str = "retiré"  # from the latter
    who: str = "Qui apporte"
    shows_basis: bool = True  # its amounts are on the basis of each plan, and do not say it themselves

    @property
    def has_years(self) -> bool:
        return any(row.when for row in self.rows)


@dataclass(frozen=True)
class Comparison:
    """Two versions of the plan of a project; `unlike` says why nothing is subtracted, and is empty when all may be."""

    before: FundingPlan
    after: FundingPlan
    unlike: str
    sections: Sequence[Section]
    verdicts: Sequence[tuple[FundingPlan, Sequence[Check]]]


def compare_versions(
    project: Project, before: FundingPlan, after: FundingPlan, *, not_kept: Collection[int] = ()
) -> Comparison:
    """Everything that two versions say, on plans read with their lines, their years and their running.

    `not_kept` are those whose years and running are no longer known: see `versions_without_their_years`.
    """
    return Comparison(
        before=before,
        after=after,
        unlike=cannot_be_subtracted(
            f"la version {before.number}",
            before.get_basis_display(),
            f"la version {after.number}",
            after.get_basis_display(),
        ),
        sections=list(sections_of(before, after, [plan for plan in (before, after) if plan.pk in not_kept])),
        verdicts=[(plan, checks_for(project, plan)) for plan in (before, after) if plan.tells_investment],
    )


def sections_of(before: FundingPlan, after: FundingPlan, not_kept: Sequence[FundingPlan]) -> Iterator[Section]:
    """What is paid for, who pays it, the years, the running; of the years, those alone that change.

    What is no longer known of a version is not told as zero: it is said once, in the place of years and running.
    """
    unsaid = {"absent": "non dit", "lost": "non dit", "shows_basis": False}
    yield Section("couts", "ce qui est payé", compare(costs_in, before, after, counts=False), who="Quoi", **unsaid)
    yield Section("financeurs", "qui apporte", compare(funders_in, before, after), "Aucune ressource n’est écrite.")
    if not_kept:
        yield Section("annees", "", [], no_longer_known(not_kept))
    else:
        yield Section(
            "annees",
            "les années de dépense qui changent",
            changed(compare_years(credits_in, before, after)),
            "D’une version à l’autre, aucune année de dépense ne change.",
            who="Quoi",
            **unsaid,
        )
    yield Section(
        "annees-financeurs",
        "les années des financeurs qui changent",
        changed(compare_years(funder_years_in, before, after)),
        "D’une version à l’autre, aucune année d’un financeur ne change.",
        absent="non dit",
        lost="non dit",
    )
    if not_kept:
        return
    yield Section(
        "fonctionnement",
        "une année ordinaire de fonctionnement",
        compare(running_in, before, after),
        "Aucune des deux versions n’écrit de fonctionnement.",
        who="Dépense ou ressource",
    )
    yield Section(
        "annees-fonctionnement",
        "les années de fonctionnement qui changent",
        changed(compare_running_years(before, after)),
        "D’une version à l’autre, les années de fonctionnement dites à part ne changent pas.",
        who="Dépense ou ressource",
    )


def no_longer_known(plans: Sequence[FundingPlan]) -> str:
    """Why the years and the running of these versions are not shown, in one sentence."""
    numbers = " et ".join(str(plan.number) for plan in plans)
    replaced = f"La version {numbers} a été remplacée", f"Les versions {numbers} ont été remplacées"
    return (
        f"{plural(len(plans), *replaced)} avant que les années et le fonctionnement d’une version soient conservés "
        "avec elle : ils ne se comparent pas."
    )


def compare(
    read: Callable[[FundingPlan], Amounts], before: FundingPlan, after: FundingPlan, *, counts: bool = True
) -> list[Compared]:
    """Amounts of two versions, in the order of the second, what left it at the end, and the years of each in order."""
    was, now = read(before), read(after)
    rank = {name: n for n, name in enumerate(dict.fromkeys(name for name, *_ in (*now, *was)))}
    keys = sorted(now.keys() | was.keys(), key=lambda key: (rank[key[0]], key[1], key[2]))
    return [Compared(key[0], key[2], was.get(key), now.get(key), counts) for key in keys]


def compare_years(read: Callable[[FundingPlan], Amounts], before: FundingPlan, after: FundingPlan) -> list[Compared]:
    """Amounts by year: who says some of its years brings nothing in the others, who says none says nothing."""
    rows = compare(read, before, after, counts=False)
    said_before = {row.name for row in rows if row.before is not None}
    said_after = {row.name for row in rows if row.after is not None}
    return [
        replace(
            row,
            before=Decimal(0) if row.before is None and row.name in said_before else row.before,
            after=Decimal(0) if row.after is None and row.name in said_after else row.after,
        )
        for row in rows
    ]


def changed(rows: Iterable[Compared]) -> list[Compared]:
    return [row for row in rows if row.before != row.after]


def added_up(amounts: Iterable[tuple[Key, Decimal]]) -> Amounts:
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for key, amount in amounts:
        found[key] += amount
    return found


def costs_in(plan: FundingPlan) -> Amounts:
    """What is paid for, each amount under its own name: those that nobody wrote are left out."""
    said = ((label, getattr(plan, name)) for label, name in COSTS)
    return {(label, 0, ""): amount for label, amount in said if amount is not None}


def funders_in(plan: FundingPlan) -> Amounts:
    return added_up(((line.funder, 0, ""), line.amount) for line in plan.lines.all())


def credits_in(plan: FundingPlan) -> Amounts:
    """What is spent each year, HT, and TTC where it is said."""
    until = until_of(plan)
    found = {}
    for basis, amount_of in (("HT", "amount"), ("TTC", "amount_incl_tax")):
        for credit in plan.payment_credits.all():
            if (amount := getattr(credit, amount_of)) is not None:
                found[f"Dépense {basis}", credit.year, name_of(credit.year, until)] = amount
    return found


def funder_years_in(plan: FundingPlan) -> Amounts:
    return added_up(
        ((line.funder, year, str(year)), amount) for line in plan.lines.all() for year, amount in years_of(line).items()
    )


def running_name(line: OperatingLine) -> str:
    return line.label if line.side == OperatingLine.Side.RESOURCE else f"{line.label} (dépense)"


def running_in(plan: FundingPlan) -> Amounts:
    return added_up(((running_name(line), 0, ""), line.amount) for line in plan.operating_lines.all())


def compare_running_years(before: FundingPlan, after: FundingPlan) -> list[Compared]:
    """The years that one of two versions tells apart: where the other does not, that year is an ordinary one."""
    told = {
        (running_name(line), year)
        for plan in (before, after)
        for line in plan.operating_lines.all()
        for year in years_of(line)
    }

    def worth(plan: FundingPlan) -> Amounts:
        said = [(running_name(line), line.amount, years_of(line)) for line in plan.operating_lines.all()]
        return added_up(
            ((name, year, str(year)), years.get(year, ordinary))
            for name, ordinary, years in said
            for of, year in told
            if of == name
        )

    return compare(worth, before, after)
