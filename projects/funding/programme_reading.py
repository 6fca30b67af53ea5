"""The programme of investments (PPI) as it is read: what is spent each year, what others bring, what remains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cooperation.french import counted, euros, number
from projects.funding.models import FundingLine, FundingPlan
from projects.funding.services import version_in_force
from projects.funding.vat_rules import total_excl, total_incl
from projects.funding.year_reading import UNSAID, ZERO, year_costs
from projects.proposals.models import Project

Place = tuple[bool, int]  # whether the plan is established with the tax, and the year
Basis = FundingPlan.Basis


@dataclass(frozen=True)
class Net:
    """What projects spend each year, what others than their owners bring, and the difference; on one basis."""

    basis: str  # HT or TTC, never both
    spent: Sequence[Decimal]
    grants: Sequence[Decimal]
    unsaid: Decimal  # what is brought without saying when
    lacking: int = 0  # amounts with tax that nobody wrote yet: what is spent is then more than what is told

    @property
    def net(self) -> list[Decimal]:
        return [spent - grant for spent, grant in zip(self.spent, self.grants, strict=True)]

    @property
    def lines(self) -> list[tuple[str, Sequence[Decimal], Decimal]]:
        """Each line of the table with its total, which its cells make; what has no year has a cell after the years."""
        spent, grants, net = list(self.spent), list(self.grants), self.net
        if self.unsaid:
            spent, grants, net = [*spent, ZERO], [*grants, self.unsaid], [*net, -self.unsaid]
        return [
            ("Dépenses", spent, sum(spent, ZERO)),
            ("Aides", grants, sum(grants, ZERO)),
            ("Net, à la charge des maîtres d’ouvrage", net, sum(net, ZERO)),
        ]

    @property
    def remarks(self) -> list[str]:
        """What the table cannot say yet, as sentences."""
        found = []
        if self.unsaid:
            found.append(
                f"Dans les aides, {euros(self.unsaid, 0)} n’ont pas encore d’année : le total les compte, "
                "et le net d’une année ou d’une autre en sera plus petit."
            )
        if self.lacking:
            amounts = counted(self.lacking, "montant TTC n’est", "montants TTC ne sont")
            found.append(f"{amounts} pas encore dans ces dépenses : à écrire sur la page de financement des projets.")
        return found


@dataclass(frozen=True)
class ProjectNet:
    """A project in its programme: what it spends in all without tax, its aids, and what remains on its own basis."""

    spent: Decimal
    grants: Decimal
    net: Decimal | None  # nothing while its plan is with tax and some year does not say it
    basis: str

    @property
    def figure(self) -> str:
        """What remains, with its basis where it is not that of the table."""
        if self.net is None:
            return "TTC non dit"
        return number(self.net, 0) + (f" {self.basis}" if self.basis == Basis.INCL_TAX.label else "")


def net_of(plan: FundingPlan) -> ProjectNet:
    """From the years of a plan and its lines."""
    years = year_costs(plan)
    excl = total_excl(years)
    grants = sum((line.amount for line in plan.lines.all() if line.nature != FundingLine.Nature.OWN), ZERO)
    spent = total_incl(years) if plan.is_incl_tax else excl
    return ProjectNet(excl, grants, None if spent is None else spent - grants, plan.get_basis_display())


def programme_row(project: Project, years: Sequence[int]) -> tuple[list[Decimal], ProjectNet]:
    """What a project spends in each of these years, without tax, and what remains of it in all."""
    plan = version_in_force(project)
    if plan is None:
        return [ZERO] * len(years), ProjectNet(ZERO, ZERO, ZERO, Basis.EXCL_TAX.label)
    spent = {credit.year: credit.amount for credit in plan.payment_credits.all()}
    return [spent.get(year, ZERO) for year in years], net_of(plan)


def nets_of(
    years: Sequence[int], spent: Mapping[Place, Decimal], grants: Mapping[Place, Decimal], *, lacking: int = 0
) -> list[Net]:
    """Lay out by year what is spent and brought, apart for the plans without tax and for those with it."""
    return [
        Net(
            basis=(Basis.INCL_TAX if is_incl else Basis.EXCL_TAX).label,
            spent=[spent.get((is_incl, year), ZERO) for year in years],
            grants=[grants.get((is_incl, year), ZERO) for year in years],
            unsaid=grants.get((is_incl, UNSAID), ZERO),
            lacking=lacking if is_incl else 0,
        )
        for is_incl in sorted({is_incl for is_incl, _ in spent})
    ]


def years_of_programme(spent: Iterable[Place], grants: Iterable[Place]) -> list[int]:
    """Those in which something is spent or brought: the balance of an aid often comes the year after."""
    return sorted({year for _, year in (*spent, *grants)} - {UNSAID})
