"""Rules on costs with and without tax: pure functions on plain amounts in euros. HT and TTC are never added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cooperation.checks import Check
from cooperation.french import euros, listed, uncapitalized
from territories.levers.sharing import nearest_cent

RATES = (Decimal(20), Decimal(10), Decimal("5.5"), Decimal(0))  # one rate for each line
REFUND_RATE = Decimal("16.404")  # FCTVA, in per cent of what is paid with the tax; a refund, not a subsidy


@dataclass(frozen=True)
class YearCost:
    """What an investment costs in one year, in euros without the tax, and with it when it is said."""

    name: str  # « 2027 », « Jusqu’en 2025 »
    excl: Decimal
    incl: Decimal | None

    @property
    def rate(self) -> Decimal | None:
        return None if self.incl is None else rate_between(self.excl, self.incl)


def with_tax(excl: Decimal, rate: Decimal) -> Decimal:
    """An amount with its tax, to the nearest cent."""
    return nearest_cent(Fraction(excl) * (100 + Fraction(rate)) / 100)


def rate_between(excl: Decimal, incl: Decimal) -> Decimal | None:
    """The one rate that leads from an amount to the same with its tax; None for several, or for nothing to tax."""
    return next((rate for rate in RATES if with_tax(excl, rate) == incl), None) if excl else None


def refund_of(incl: Decimal) -> Decimal:
    """What the FCTVA gives back of an expenditure with its tax, to the nearest cent."""
    return nearest_cent(Fraction(incl) * Fraction(REFUND_RATE) / 100)


def total_excl(years: Iterable[YearCost]) -> Decimal:
    return sum((one.excl for one in years), Decimal(0))


def total_incl(years: Sequence[YearCost]) -> Decimal | None:
    """The sum with the tax, as soon as every year says it: half a sum would be read as the whole."""
    said = [one.incl for one in years if one.incl is not None]
    return sum(said, Decimal(0)) if len(said) == len(years) else None


def checks_of_years(years: Sequence[YearCost], excl: Decimal, incl: Decimal | None) -> list[Check]:
    """The years of an investment make its cost: without the tax, and with it where both are said."""
    if not years:
        return []
    found = [_sum_check("HT", total_excl(years), excl)]
    total = total_incl(years)
    if total is not None and incl is not None:
        found.append(_sum_check("TTC", total, incl))
    return found


def _sum_check(basis: str, said: Decimal, cost: Decimal) -> Check:
    gap = cost - said
    sentence = f"Les années font exactement le coût {basis}, {euros(cost)}."
    if gap:
        lacks = f"il manque {euros(gap)}" if gap > 0 else f"il y a {euros(-gap)} de trop"
        sentence = f"Les années n’égalent pas le coût {basis} : elles font {euros(said)} pour {euros(cost)} ; {lacks}."
    return Check(f"years_{basis}", "", not gap, sentence, abs(gap))


def what_tax_lacks(
    years: Sequence[YearCost],
    incl: Decimal | None,
    refund: Decimal | None,
    *,
    recovers_vat: bool,
    is_refunded: bool,
) -> list[str]:
    """What is missing of the tax, as sentences; `is_refunded`: FCTVA may be due to a public owner."""
    if recovers_vat:
        return []
    found = []
    if incl is None:
        found.append("Le coût TTC n’est pas encore écrit.")
    if silent := [uncapitalized(one.name) for one in years if one.incl is None]:
        found.append(f"Le montant TTC n’est pas encore écrit pour : {listed(silent, most=6)}.")
    if incl is not None and refund is None and is_refunded:
        due = f"s’il est dû, il est de 16,404 % du coût TTC, soit {euros(refund_of(incl))}"
        found.append(f"Le FCTVA attendu n’est pas écrit ; {due}.")
    return found


def cannot_be_subtracted(one: str, basis: str, other: str, other_basis: str) -> str:
    """Why the amounts of two plans are not subtracted, in one sentence; nothing when both are on the same basis."""
    if basis == other_basis:
        return ""
    return (
        f"{one[:1].upper()}{one[1:]} est établie en euros {basis} et {other} en euros {other_basis} : "
        "elles ne sont pas sur la même base, et leurs montants ne se soustraient pas."
    )
