"""Share an amount between communes, exact to the cent: pure functions on plain values, never a float.

Nothing in the law fixes the key of a shared service: it is negotiated, written in the convention, and computed here
(service commun: CGCT, art. L. 5211-4-2; mise à disposition: L. 5211-4-1 and D. 5211-16).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Exact = int | Decimal | Fraction
Criteria = Sequence[tuple[int, Mapping[str, Exact]]]


class SharingError(ValueError):
    """What forbids the sharing, as the French sentence to show."""


@dataclass(frozen=True)
class Line:
    """What one commune pays: each component rounded to be read, the rounding, and the share that is due.

    The share is computed on the sum of the components and rounded once; `rounding` is what the reader must add to
    the components shown, so that every line and every column of the table adds up to the cent.
    """

    insee: str
    components: tuple[Decimal, ...]
    rounding: Decimal
    share: Decimal


def exact(value: Exact) -> Fraction:
    """The value as an exact fraction. Raises `TypeError` for a float, `SharingError` for what is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"Un montant s’écrit en décimal exact, jamais en {type(value).__name__}.")
    if isinstance(value, Decimal) and not value.is_finite():
        raise SharingError("Une valeur n’est pas un nombre.")
    return Fraction(value)


def cents_of(amount: Exact) -> int:
    """The amount in cents. Raises `SharingError` when it holds less than a cent."""
    cents = exact(amount) * 100
    if cents.denominator != 1:
        raise SharingError("Un montant à répartir s’arrête au centime.")
    return cents.numerator


def euros_of(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def nearest_cent(amount: Fraction) -> Decimal:
    """Rounded to the nearest cent, a half away from zero: 12 779,285 → 12 779,29 and −0,005 → −0,01."""
    cents = abs(amount) * 100 + Fraction(1, 2)
    whole = cents.numerator // cents.denominator
    return euros_of(-whole if amount < 0 else whole)


def share(total: Decimal, criteria: Criteria, names: Sequence[str] = ()) -> dict[str, Decimal]:
    """What each commune bears of a total in euros, by INSEE code; the sum is the total, exactly.

    Each criterion is a weight out of a hundred and the value of every commune. Amounts are computed on the sum of the
    components, rounded down to the cent, and the cents left go to the largest remainders, ties in INSEE order; a
    negative total is shared as its opposite. Raises `SharingError` in French, naming the criterion after `names`.
    """
    return {insee: euros_of(cents) for insee, cents in apportion(cents_of(total), quotas(criteria, names)).items()}


def quotas(criteria: Criteria, names: Sequence[str] = ()) -> dict[str, Fraction]:
    """The part of each commune in the whole, as exact fractions whose sum is one."""
    check(criteria, names)
    parts: dict[str, Fraction] = {}
    for weight, values in criteria:
        whole = sum((exact(value) for value in values.values()), Fraction(0))
        for insee, value in values.items():
            part = Fraction(weight, 100) * exact(value) / whole if weight else Fraction(0)
            parts[insee] = parts.get(insee, Fraction(0)) + part
    return parts


def apportion(cents: int, parts: Mapping[str, Fraction]) -> dict[str, int]:
    """Cut a number of cents along the parts: down, then one more to the largest remainders, ties in order of key."""
    sign, magnitude = (-1, -cents) if cents < 0 else (1, cents)
    wanted = {key: magnitude * part for key, part in parts.items()}
    given = {key: amount.numerator // amount.denominator for key, amount in wanted.items()}
    by_remainder = sorted(parts, key=lambda key: (given[key] - wanted[key], key))
    for key in by_remainder[: magnitude - sum(given.values())]:
        given[key] += 1
    return {key: sign * given[key] for key in parts}


def check(criteria: Criteria, names: Sequence[str] = ()) -> None:
    """Refuse a key that cannot be computed: weights that do not make a hundred, a criterion without any value…"""
    called = [*names, *(f"critère {number}" for number in range(len(names) + 1, len(criteria) + 1))]
    weights = [weight for weight, _ in criteria]
    if not all(isinstance(weight, int) and not isinstance(weight, bool) for weight in weights):
        raise TypeError("Un poids s’écrit en nombre entier, sur cent.")
    if any(weight < 0 for weight in weights):
        raise SharingError("Un poids ne peut pas être négatif.")
    if sum(weights) != 100:
        raise SharingError(f"Les poids des critères doivent faire 100 % : ils font {sum(weights)} %.")
    for name, (weight, values) in zip(called, criteria, strict=False):
        if set(values) != set(criteria[0][1]):
            raise SharingError(f"« {name} » : il faut une valeur pour chaque commune, zéro compris.")
        if any(exact(value) < 0 for value in values.values()):
            raise SharingError(f"« {name} » : une valeur ne peut pas être négative.")
        if weight and not sum(exact(value) for value in values.values()):
            raise SharingError(f"« {name} » : le total des valeurs est nul, ce critère ne peut rien répartir.")


def breakdown(total: Decimal, criteria: Criteria, names: Sequence[str] = ()) -> list[Line]:
    """The shares with their components, in INSEE order: components plus rounding make the share, on every line."""
    amount, shares = exact(total), share(total, criteria, names)
    wholes = [sum((exact(value) for value in values.values()), Fraction(0)) for _, values in criteria]
    lines = []
    for insee in sorted(shares):
        components = tuple(
            nearest_cent(amount * weight * exact(values[insee]) / (100 * whole)) if weight else Decimal("0.00")
            for (weight, values), whole in zip(criteria, wholes, strict=True)
        )
        lines.append(Line(insee, components, shares[insee] - sum(components), shares[insee]))
    return lines


def fixed_share(total: Decimal, percent: Decimal) -> Decimal:
    """The part that the EPCI bears before any key, in euros, rounded to the nearest cent; the rest is to be shared."""
    if not 0 <= exact(percent) <= 100:
        raise SharingError("La part de l’intercommunalité se tient entre 0 et 100 %.")
    return nearest_cent(Fraction(cents_of(total), 100) * exact(percent) / 100)


def unit_cost(*, staff: Decimal, supplies: Decimal, renewal: Decimal, contracts: Decimal, units: Exact) -> Decimal:
    """The running cost of one unit (hour, file, inhabitant…) in euros and cents (CGCT, art. D. 5211-16).

    It is known before the budget is voted, and written in the convention: it is rounded once, here.
    """
    if exact(units) <= 0:
        raise SharingError("Le nombre d’unités de l’année doit être supérieur à zéro.")
    return nearest_cent(
        sum((exact(part) for part in (staff, supplies, renewal, contracts)), Fraction(0)) / exact(units)
    )


def repayment(cost_of_a_unit: Decimal, units: Exact) -> Decimal:
    """What is repaid for the year: unit cost × number of units used (CGCT, art. D. 5211-16)."""
    if exact(units) < 0:
        raise SharingError("Un nombre d’unités utilisées ne peut pas être négatif.")
    return nearest_cent(exact(cost_of_a_unit) * exact(units))
