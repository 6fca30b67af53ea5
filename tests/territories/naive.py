"""A second, slower way of counting a consultation, written from the text of the law, to compare with the first."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations


def counted(positions, silence):
    """The communes counted favourable: `positions` maps a code to « F », « D » or « S »."""
    return {code for code, said in positions.items() if said == "F" or (said == "S" and silence == "F")}


def qualified(populations, favourable, *, veto):
    """L. 5211-5 II, with exact fractions of the councils and of the population."""
    total = sum(populations.values())
    councils = Fraction(len(favourable), len(populations))
    people = sum(populations[code] for code in favourable)
    first = councils >= Fraction(2, 3) and Fraction(people) > Fraction(total, 2)
    second = councils >= Fraction(1, 2) and Fraction(people) >= Fraction(2 * total, 3)
    if veto:
        largest = max(populations.values())
        heavy = {code for code, number in populations.items() if number == largest and number > Fraction(total, 4)}
        if heavy - favourable:
            return False
    return first or second


def blocked(populations, opposed):
    """Loi ALUR, art. 136 II."""
    total = sum(populations.values())
    people = sum(populations[code] for code in opposed)
    return Fraction(len(opposed), len(populations)) >= Fraction(1, 4) and people >= Fraction(total, 5)


def fewest(populations, wins):
    """The size of the smallest winning coalition, by trying them all."""
    codes = list(populations)
    for size in range(len(codes) + 1):
        if any(wins(set(chosen)) for chosen in combinations(codes, size)):
            return size
    return None


def every_subset(codes):
    codes = list(codes)
    for size in range(len(codes) + 1):
        yield from (set(chosen) for chosen in combinations(codes, size))
