"""Rules of law on the money of a project: pure functions on plain amounts in euros, each with its article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cooperation.checks import Check
from cooperation.french import euros, number, percent
from territories.levers.pact_rules import FUND_ARTICLES


@dataclass(frozen=True)
class Sums:
    """The amounts of a plan by legal nature, in euros, on one basis (HT or TTC)."""

    cost: Decimal
    public: Decimal = Decimal(0)  # aids of public persons, fonds de concours excluded
    private: Decimal = Decimal(0)  # CAF, MSA, foundations, sponsors: private-law bodies
    contributions: Decimal = Decimal(0)  # fonds de concours
    own: Decimal = Decimal(0)
    floor_percent: int = 20  # the owner's least share of the public money: 20 %, or a derogation
    eligible: Decimal | None = None  # dépense subventionnable of the State grants asked for; None: none is asked for

    @property
    def total(self) -> Decimal:
        return self.public + self.private + self.contributions + self.own

    @property
    def gap(self) -> Decimal:
        """What is still to be found; below zero, what is one too many."""
        return self.cost - self.total

    @property
    def is_balanced(self) -> bool:
        return not self.gap


def public_aid(sums: Sums) -> Decimal:
    """Money brought by public persons other than the owner, fonds de concours included."""
    return sums.public + sums.contributions


def owner_share_is_enough(sums: Sums) -> bool:
    """The owner of an investment bears at least 20 % of the money of public persons (CGCT, art. L. 1111-10 III).

    Twenty per cent *of the public money*, not of the cost: CAF and sponsors count on neither side. The floor is
    another one where the law says so (chef de file, heritage, energy of schools…): it is given with the plan.
    """
    return 100 * sums.own >= sums.floor_percent * (sums.own + public_aid(sums))


def state_grant_ceiling(eligible: Decimal) -> Decimal:
    """The most that public aid may reach beside a State grant: 80 % of the eligible expenditure (DETR, DSIL…).

    The eligible expenditure may be smaller than the cost; this control comes on top of the owner's share.
    """
    return eligible * 80 / 100


def state_grants_are_within_ceiling(sums: Sums) -> bool:
    return sums.eligible is None or public_aid(sums) <= state_grant_ceiling(sums.eligible)


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
    by_owner_share = (100 - sums.floor_percent) * (sums.cost - sums.private) / 100 - sums.public
    limits = [contribution_ceiling(sums), by_owner_share]
    if sums.eligible is not None:
        limits.append(state_grant_ceiling(sums.eligible) - sums.public)
    return max(Decimal(0), min(limits))


def checks_of(sums: Sums, *, owner_is_public: bool = True, kind: str = "CC") -> list[Check]:
    """Every rule on an investment plan, in French, with the figure that would put it right."""
    found = [check_balance(sums)]
    if owner_is_public and public_aid(sums):
        found.append(_owner_share(sums))
    if sums.contributions:
        found.append(_contribution(sums, FUND_ARTICLES.get(kind, "")))
    if sums.eligible is not None:
        found.append(_state_grant(sums))
    return found


def years_check(funder: str, amount: Decimal, years: Iterable[Decimal]) -> Check:
    """What a funder pays year by year makes exactly what it brings."""
    gap = amount - (said := sum(years, Decimal(0)))
    sentence = f"{funder} : les années font exactement les {euros(amount)} apportés."
    if gap:
        lacks = f"il manque {euros(gap)}" if gap > 0 else f"il y a {euros(-gap)} de trop"
        sentence = f"{funder} : les années font {euros(said)} pour {euros(amount)} apportés ; {lacks}."
    return Check("years", "", not gap, sentence, abs(gap))


def check_balance(sums: Sums, decimals: int = 2) -> Check:
    """What resources lack to cover the cost, in euros; `decimals` are those of the amounts told beside it."""
    gap = sums.gap
    sentence = "Le plan est équilibré : les ressources couvrent exactement le coût."
    if gap:
        word = "Il manque" if gap > 0 else "Il y a en trop"
        sentence = f"{word} {euros(abs(gap), decimals)} pour que les ressources égalent le coût."
    return Check("balance", "", not gap, sentence, abs(gap))


@dataclass(frozen=True)
class OwnCharge:
    """What remains to the owner once every aid is counted, in euros, and how far it is known."""

    amount: Decimal
    bound: str = ""  # before the amount: nothing, « au moins » or « au plus »
    doubt: str = ""  # why it is not known yet, as a sentence


def own_charge(sums: Sums) -> OwnCharge:
    """What the owner bears: its line once the plan balances. What is missing is nobody's until somebody takes it."""
    if sums.gap > 0:
        whole = euros(sums.own + sums.gap)
        doubt = f"Il reste {euros(sums.gap)} à trouver : si le maître d’ouvrage les apporte, il portera {whole}."
        return OwnCharge(sums.own, "au moins", doubt)
    if sums.gap < 0:
        doubt = f"Les ressources dépassent le coût de {euros(-sums.gap)} : ce qui est en trop est encore à retirer."
        return OwnCharge(sums.own, "au plus", doubt)
    return OwnCharge(sums.own)


def share_of_cost(amount: Decimal, sums: Sums) -> Decimal:
    """What an amount is of the cost, in per cent with one decimal; of the resources while no cost is written."""
    base = sums.cost or sums.total
    return (100 * amount / base).quantize(Decimal("0.1")) if base else Decimal(0)


@dataclass(frozen=True)
class Foot:
    """A line under the resources of a plan, in euros, with its share of the cost as it is read."""

    title: str
    amount: Decimal
    share: str


def feet_of(sums: Sums) -> list[Foot]:
    """The total of the resources, then what is still to be found or is one too many: the shares make the cost."""
    share = share_of_cost(sums.total, sums)
    total = Foot("Total", sums.total, percent(share, 0 if sums.is_balanced or not sums.cost else 1))
    if sums.is_balanced or not sums.cost:
        return [total]
    title = "Reste à trouver" if sums.gap > 0 else "En trop"
    return [total, Foot(title, abs(sums.gap), percent(abs(100 - share), 1))]


def _owner_share(sums: Sums) -> Check:
    share = owner_share_percent(sums)
    holds = owner_share_is_enough(sums)
    sentence = (
        f"Le maître d’ouvrage apporte {number(share or 0, 2)} % de l’argent public ; "
        f"il en faut au moins {sums.floor_percent} %."
    )
    needed = sums.floor_percent * public_aid(sums) / (100 - sums.floor_percent)
    lacking = max(Decimal(0), needed - sums.own)
    if not holds:
        to_take = sums.floor_percent * (sums.own + public_aid(sums)) / Decimal(100) - sums.own
        sentence += (
            f" Il lui manque {euros(lacking)}, à aides inchangées ; ou, à coût inchangé, "
            f"{euros(to_take)} d’aides publiques sont à prendre à sa charge."
        )
    return Check("owner_share", "CGCT, art. L. 1111-10 III", holds, sentence, lacking)


def _state_grant(sums: Sums) -> Check:
    ceiling = state_grant_ceiling(sums.eligible or Decimal(0))
    holds = state_grants_are_within_ceiling(sums)
    sentence = (
        f"Avec une aide de l’État, les aides publiques ne dépassent pas 80 % de la dépense subventionnable, "
        f"soit {euros(ceiling)} ; elles s’élèvent à {euros(public_aid(sums))}."
    )
    if not holds:
        sentence += f" Il y a {euros(public_aid(sums) - ceiling)} de trop."
    return Check("state_grant", "CGCT, art. L. 2334-33 et suivants", holds, sentence, ceiling)


def _contribution(sums: Sums, article: str) -> Check:
    ceiling = contribution_ceiling(sums)
    sentence = (
        f"Les fonds de concours s’élèvent à {euros(sums.contributions)} ; "
        f"ils ne peuvent dépasser {euros(ceiling)}, la part du maître d’ouvrage hors subventions."
    )
    if (over := sums.contributions - ceiling) > 0:
        sentence += f" Il y a {euros(over)} de trop."
    elif (more := largest_contribution(sums) - sums.contributions) > 0:
        sentence += f" On peut encore en demander {euros(more)}."
    return Check("contribution", article, contribution_is_within_ceiling(sums), sentence, ceiling)
