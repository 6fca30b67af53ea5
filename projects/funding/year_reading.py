"""What each funder pays year by year, as it is read: a table, its totals, and what is not said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cooperation.checks import Check
from cooperation.french import uncapitalized
from projects.funding.models import FundingLine, FundingPlan
from projects.funding.operating_models import OperatingLine
from projects.funding.rules import years_check
from projects.funding.vat_rules import YearCost

ZERO = Decimal(0)
UNSAID = 0  # the year of what is brought without saying when


@dataclass(frozen=True)
class FunderRow:
    """A line of the plan with an amount for each year; no cell when its years are not said."""

    number: int  # its place in the plan, as on the drawing
    funder: str
    cells: Sequence[Decimal]
    total: Decimal

    @property
    def is_said(self) -> bool:
        return bool(self.cells)


@dataclass(frozen=True)
class YearTable:
    """A plan by years; `unsaid` is the money whose year nobody said, `costs` what is spent, HT or TTC."""

    basis: str
    costs_basis: str  # that of the plan, as soon as each year says it
    years: Sequence[str]
    rows: Sequence[FunderRow]
    totals: Sequence[Decimal]
    unsaid: Decimal
    costs: Sequence[Decimal]
    checks: Sequence[Check]  # the lines whose years do not make their amount

    @property
    def said(self) -> list[FunderRow]:
        return [row for row in self.rows if row.is_said]

    @property
    def silent(self) -> str:
        """Who has not said their years, by name."""
        return ", ".join(row.funder for row in self.rows if not row.is_said)

    @property
    def by_line(self) -> list[tuple[str, list[Decimal], Decimal, Decimal]]:
        """Each year with what every funder pays in it, their sum, and what is spent: a few lines, whoever pays."""
        costs = self.costs or [ZERO] * len(self.years)
        cells = zip(*(row.cells for row in self.said), strict=True)
        return [
            (year, list(paid), sum(paid, ZERO), cost) for year, paid, cost in zip(self.years, cells, costs, strict=True)
        ]

    @property
    def only_year(self) -> str:
        """« jusqu’en 2025 », « en 2027 » when all the money is paid then; a table would say it line by line."""
        if len(self.years) > 1 or self.unsaid:
            return ""
        return f"en {self.years[0]}" if self.years[0].isdigit() else uncapitalized(self.years[0])

    @property
    def total(self) -> Decimal:
        return sum(self.totals, ZERO)

    @property
    def cost(self) -> Decimal:
        return sum(self.costs, ZERO)


def years_of(line: FundingLine | OperatingLine) -> dict[int, Decimal]:
    return {one.year: one.amount for one in line.years.all()}


def table_of(plan: FundingPlan) -> YearTable | None:
    """The plan by years, beside what is spent each year; nothing as long as no funder has said one."""
    said = {line: years_of(line) for line in plan.lines.all()}
    if not any(said.values()):
        return None
    costs_basis, spent = spent_by_year(plan)
    until = until_of(plan)
    years = sorted({year for amounts in said.values() for year in amounts} | set(spent))
    rows = [
        FunderRow(number, line.funder, [amounts.get(year, ZERO) for year in years] if amounts else [], line.amount)
        for number, (line, amounts) in enumerate(said.items(), 1)
    ]
    return YearTable(
        basis=plan.get_basis_display(),
        costs_basis=costs_basis,
        years=[name_of(year, until) for year in years],
        rows=rows,
        totals=[sum((row.cells[n] for row in rows if row.is_said), ZERO) for n in range(len(years))],
        unsaid=sum((row.total for row in rows if not row.is_said), ZERO),
        costs=[spent.get(year, ZERO) for year in years] if spent else [],
        checks=[check for check in year_checks(plan) if not check.holds],
    )


def until_of(plan: FundingPlan) -> set[int]:
    """The years that stand for those before them too."""
    return {credit.year for credit in plan.payment_credits.all() if credit.is_until}


def year_costs(plan: FundingPlan) -> list[YearCost]:
    """What is spent each year, as the rules on tax read it."""
    until = until_of(plan)
    return [
        YearCost(name_of(credit.year, until), credit.amount, credit.amount_incl_tax)
        for credit in plan.payment_credits.all()
    ]


def spent_by_year(plan: FundingPlan) -> tuple[str, dict[int, Decimal]]:
    """What is spent each year on the basis of the plan, or without the tax while some year does not say it."""
    credits_ = list(plan.payment_credits.all())
    on_basis = {credit.year: amount for credit in credits_ if (amount := credit.on_basis) is not None}
    if len(on_basis) == len(credits_):
        return plan.get_basis_display(), on_basis
    return FundingPlan.Basis.EXCL_TAX.label, {credit.year: credit.amount for credit in credits_}


def grants_by_year(plan: FundingPlan) -> dict[int, Decimal]:
    """What others than the owner bring each year; year 0 for what is brought without saying when."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for line in plan.lines.all():
        if line.nature == FundingLine.Nature.OWN:
            continue
        said = years_of(line)
        for year, amount in said.items():
            found[year] += amount
        if unsaid := line.amount - sum(said.values(), ZERO):
            found[UNSAID] += unsaid
    return dict(found)


def year_checks(plan: FundingPlan) -> list[Check]:
    """For each line that says its years, whether they make its amount."""
    said = [(line, years_of(line)) for line in plan.lines.all()]
    return [years_check(line.funder, line.amount, amounts.values()) for line, amounts in said if amounts]


def name_of(year: int, until: Iterable[int]) -> str:
    return f"Jusqu’en {year}" if year in until else str(year)
