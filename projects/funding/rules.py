"""Rules of law on the money of a project: pure functions on plain amounts in euros, each with its article."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cooperation.checks import Check
from cooperation.french import euros, number


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


def public_aid(sums: Sums) -> Decimal:
    """Money brought by public persons other than the owner, fonds de concours included."""
    return sums.public + sums.contributions


def owner_share_is_enough(sums: Sums, floor_percent: int = 20) -> bool:
    """The owner of an investment bears at least 20 % of the money of public persons (CGCT, art. L. 1111-10 III).

    Twenty per cent *of the public money*, not of the cost: CAF and sponsors count on neither side.
    """
    return 100 * sums.own >= floor_percent * (sums.own + public_aid(sums))


def contribution_ceiling(sums: Sums) -> Decimal:
    """The most that fonds de concours may reach: the owner's share without subsidies (CGCT, art. L. 5214-16 V)."""
    return (sums.cost - sums.public - sums.private) / 2


def contribution_is_within_ceiling(sums: Sums) -> bool:
    return 2 * sums.contributions <= sums.cost - sums.public - sums.private


def owner_share_percent(sums: Sums) -> Decimal | None:
    """The owner's share of the public money, in per cent with two decimals; None when there is none."""
    base = sums.own + public_aid(sums)
    return (100 * sums.own / base).quantize(Decimal("0.01")) if base else None


def largest_contribution(sums: Sums) -> Decimal:
    """« Combien peut-on encore demander ? »: the most fonds de concours that both rules allow, never below zero."""
    by_owner_share = Decimal("0.8") * (sums.cost - sums.private) - sums.public
    return max(Decimal(0), min(contribution_ceiling(sums), by_owner_share))


def checks_of(sums: Sums, *, owner_is_public: bool = True) -> list[Check]:
    """Every rule on an investment plan, in French, with the figure that would put it right."""
    found = [_balance(sums)]
    if owner_is_public and public_aid(sums):
        found.append(_owner_share(sums))
    if sums.contributions:
        found.append(_contribution(sums))
    return found


def _balance(sums: Sums) -> Check:
    gap = sums.cost - sums.total
    sentence = "Le plan est équilibré : les ressources couvrent exactement le coût."
    if gap:
        word = "Il manque" if gap > 0 else "Il y a en trop"
        sentence = f"{word} {euros(abs(gap))} pour que les ressources égalent le coût."
    return Check("balance", "", not gap, sentence, abs(gap))


def _owner_share(sums: Sums) -> Check:
    percent = owner_share_percent(sums)
    holds = owner_share_is_enough(sums)
    sentence = f"Le maître d’ouvrage apporte {number(percent, 2)} % de l’argent public ; il en faut au moins 20 %."
    lacking = max(Decimal(0), public_aid(sums) / 4 - sums.own)
    if not holds:
        sentence += f" Il lui manque {euros(lacking)}, à aides inchangées."
    return Check("owner_share", "CGCT, art. L. 1111-10 III", holds, sentence, lacking)


def _contribution(sums: Sums) -> Check:
    ceiling = contribution_ceiling(sums)
    sentence = (
        f"Les fonds de concours s’élèvent à {euros(sums.contributions)} ; "
        f"ils ne peuvent dépasser {euros(ceiling)}, la part du maître d’ouvrage hors subventions."
    )
    return Check("contribution", "CGCT, art. L. 5214-16 V", contribution_is_within_ceiling(sums), sentence, ceiling)
