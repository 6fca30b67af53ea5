"""What a project costs to run and who pays, as it is read: an ordinary year, the years told apart, their balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cooperation.checks import Check
from cooperation.french import euros
from projects.funding.models import AidProgress, FundingPlan
from projects.funding.operating_models import OperatingLine
from projects.funding.year_reading import years_of

ZERO = Decimal(0)
SHOWN, IN_WORDS = 5, "cinq"  # years of running that a body looks at when it decides


@dataclass(frozen=True)
class RunningRow:
    """A cost or a resource: an ordinary year, then each year of the table."""

    label: str
    ordinary: Decimal
    cells: Sequence[Decimal]
    progress: AidProgress  # where it stands, when it is an aid


@dataclass(frozen=True)
class Running:
    """What a project costs to run, HT or TTC as its plan is; `years` are empty while all of them are ordinary."""

    basis: str
    costs: Sequence[RunningRow]
    resources: Sequence[RunningRow]
    years: Sequence[int]

    @property
    def sides(self) -> list[tuple[str, str, Sequence[RunningRow], Decimal, list[Decimal]]]:
        """What is spent, when it is told, then who pays: title, name of the total, rows, total, totals by year."""
        told = [("Dépenses", "Coût de l’année", self.costs)] if self.costs else []
        told.append(("Ressources", "Ressources de l’année" if self.costs else "Coût de l’année", self.resources))
        return [(*one, ordinary_of(one[2]), self.by_year(one[2])) for one in told]

    @property
    def aids(self) -> list[RunningRow]:
        """The resources of which it is said where they stand."""
        return [row for row in self.resources if row.progress.is_said]

    @property
    def ordinary_cost(self) -> Decimal:
        return ordinary_of(self.costs or self.resources)

    @property
    def yearly_costs(self) -> list[tuple[int, Decimal]]:
        return list(zip(self.years, self.by_year(self.costs or self.resources), strict=True))

    @property
    def shown(self) -> str:
        return IN_WORDS

    @property
    def shown_cost(self) -> Decimal:
        """What the first years cost together, each an ordinary one unless it is told apart."""
        return sum((cost for _, cost in self.yearly_costs[:SHOWN]), ZERO) if self.years else SHOWN * self.ordinary_cost

    @property
    def checks(self) -> list[Check]:
        """Whether resources pay the costs, in an ordinary year and in each year told apart."""
        if not self.costs:
            return []
        pairs = [("Année ordinaire", ordinary_of(self.costs), ordinary_of(self.resources))]
        pairs += zip(map(str, self.years), self.by_year(self.costs), self.by_year(self.resources), strict=True)
        wrong = [balance_check(*pair) for pair in pairs if pair[1] != pair[2]]
        return wrong or [Check("running", "", True, "Chaque année, les ressources couvrent exactement les dépenses.")]

    def by_year(self, rows: Sequence[RunningRow]) -> list[Decimal]:
        return [sum((row.cells[n] for row in rows), ZERO) for n in range(len(self.years))]


def ordinary_of(rows: Iterable[RunningRow]) -> Decimal:
    return sum((row.ordinary for row in rows), ZERO)


def balance_check(year: str, cost: Decimal, resources: Decimal) -> Check:
    gap = cost - resources
    word = "il manque" if gap > 0 else "il y a en trop"
    sentence = f"{year} : {word} {euros(abs(gap))} pour que les ressources égalent les dépenses."
    return Check("running", "", False, sentence, abs(gap))


def running_of(plan: FundingPlan | None) -> Running | None:
    """The running that a version says, from its lines with their years; nothing while no line is written."""
    told = list(plan.operating_lines.all()) if plan is not None else []
    if plan is None or not told:
        return None
    said = {line: years_of(line) for line in told}
    years = years_shown(year for amounts in said.values() for year in amounts)

    def rows(side: str) -> list[RunningRow]:
        return [
            RunningRow(line.label, line.amount, [said[line].get(year, line.amount) for year in years], line)
            for line in told
            if line.side == side
        ]

    costs, resources = rows(OperatingLine.Side.COST), rows(OperatingLine.Side.RESOURCE)
    return Running(plan.get_basis_display(), costs, resources, years)


def years_shown(said: Iterable[int]) -> list[int]:
    """From the first year told apart to the last, five at least; none when every year is an ordinary one."""
    known = sorted(said)
    return list(range(known[0], max(known[-1] + 1, known[0] + SHOWN))) if known else []
