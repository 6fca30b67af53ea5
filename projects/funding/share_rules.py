"""Splitting the money of a project, exact to the cent: pure functions on plain values, never a float.

Largest remainder, as everywhere on the platform (`territories.levers.sharing`): no law fixes these keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cooperation.french import number
from territories.levers.sharing import nearest_cent, share

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Borne:
    """What one commune bears of a project: its part of a hundred, in euros, and for each of its inhabitants."""

    key: str
    percent: Decimal
    amount: Decimal
    inhabitants: int | None
    each: Decimal | None


def split(total: Decimal, weights: Mapping[str, Decimal | int]) -> dict[str, Decimal]:
    """Cut a total in euros along weights; the parts add up to the total, exactly. Raises `SharingError` in French."""
    return share(total, [(100, dict(weights))])


def even_split(total: Decimal, keys: Sequence[str]) -> dict[str, Decimal]:
    """The same with equal weights; nothing to share between no one."""
    return split(total, dict.fromkeys(keys, 1)) if keys else {}


def parts_of(total: Decimal, served: Sequence[str], percents: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The cost in euros by objective served: along the percentages, or whole on the first one when none is written.

    Percentages of objectives that the project serves no more do not count: if those left do not make a hundred,
    nothing is guessed and the whole goes to the first objective.
    """
    if not served:
        return {}
    kept = {key: percents.get(key, Decimal(0)) for key in served}
    if sum(kept.values()) != WHOLE:
        kept = {key: Decimal(100 if key == served[0] else 0) for key in served}
    return split(total, kept)


def percents_fault(percents: Sequence[Decimal]) -> str:
    """Why percentages cannot make a key, as a sentence; or nothing."""
    if any(one < 0 for one in percents):
        return "Une part ne peut pas être négative."
    total = sum(percents, Decimal(0))
    if total == WHOLE:
        return ""
    gap = number(abs(WHOLE - total), 2)
    return f"Les parts font {number(total, 2)} % : il {'manque' if total < WHOLE else 'y a en trop'} {gap} %."


def borne_by(total: Decimal, weights: Mapping[str, Decimal | int], inhabitants: Mapping[str, int]) -> list[Borne]:
    """What each commune bears of a charge in euros, and per inhabitant (PMUN), in the order of its code."""
    amounts = split(total, weights)
    whole = sum((Fraction(value) for value in weights.values()), Fraction(0))
    return [
        Borne(
            key=key,
            percent=nearest_cent(100 * Fraction(weights[key]) / whole),
            amount=amounts[key],
            inhabitants=inhabitants.get(key),
            each=nearest_cent(Fraction(amounts[key]) / inhabitants[key]) if inhabitants.get(key) else None,
        )
        for key in sorted(amounts)
    ]
