"""Rules of law on the money of a project: pure functions on plain amounts in euros, each with its article."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Sums:
    """The amounts of a plan by legal nature, in euros, on one basis (HT or TTC)."""

    cost: Decimal
    public: Decimal = Decimal(0)  # aids of public persons, fonds de concours excluded
    private: Decimal = Decimal(0)  # CAF, MSA, foundations, sponsors: private-law bodies
    contributions: Decimal = Decimal(0)  # fonds de concours
    own: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.public + self.private + self.contributions + self.own

    @property
    def is_balanced(self) -> bool:
        return self.total == self.cost


@dataclass(frozen=True)
class Check:
    """The answer of a rule: whether it holds, in one French sentence, with its article and its figure."""

    name: str
    article: str
    holds: bool | None  # None: the rule does not apply
    sentence: str
    figure: Decimal | None = None


def public_aid(sums: Sums) -> Decimal:
    """Money brought by public persons other than the owner, fonds de concours included."""
    return sums.public + sums.contributions


def owner_share_is_enough(sums: Sums, floor_percent: int = 20) -> bool:
    """The owner of an investment bears at least 20 % of the money of public persons (CGCT, art. L. 1111-10 III).

    Twenty per cent *of the public money*, not of the cost: CAF and sponsors count on neither side.
    """
    return 100 * sums.own >= floor_percent * (sums.own + public_aid(sums))


def contribution_ceiling(sums: Sums) -> Decimal:
    """The most that fonds de concours may reach: the owner's own share, subsidies excluded (CGCT, art. L. 5214-16 V)."""
    return (sums.cost - sums.public - sums.private) / 2


def contribution_is_within_ceiling(sums: Sums) -> bool:
    return 2 * sums.contributions <= sums.cost - sums.public - sums.private


def owner_share_percent(sums: Sums) -> Decimal | None:
    """The owner's share of the public money, in per cent with two decimals; None when there is none."""
    base = sums.own + public_aid(sums)
    return (100 * sums.own / base).quantize(Decimal("0.01")) if base else None
