"""The majorities by which communes decide together, in whole numbers: no percentage is ever compared.

A majority is data: one or several branches, any of which suffices, and the veto of the most populous commune or not.
Everything below follows from the two thresholds of each branch: so many councils, so many inhabitants.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

SEARCH_LIMIT = 20_000  # nodes; beyond, « may still change the outcome » is the cautious answer


@dataclass(frozen=True)
class Branch:
    """So many councils **and** so many inhabitants, as fractions; `strict` asks for more than this share of people."""

    councils: tuple[int, int]
    inhabitants: tuple[int, int]
    strict: bool = False

    def councils_needed(self, councils: int) -> int:
        """The least number of councils: n = 22 gives 15 for two thirds, 11 for a half."""
        numerator, denominator = self.councils
        return -(-numerator * councils // denominator)

    def inhabitants_needed(self, inhabitants: int) -> int:
        """The least number of inhabitants: « more than half » of 45,790 is 22,896."""
        numerator, denominator = self.inhabitants
        if self.strict:
            return numerator * inhabitants // denominator + 1
        return -(-numerator * inhabitants // denominator)


@dataclass(frozen=True)
class Majority:
    """Any one branch suffices; with `veto`, the most populous commune above a quarter must be among those who agree."""

    branches: tuple[Branch, ...]
    veto: bool = False


TWO_THIRDS_AND_HALF = Branch(councils=(2, 3), inhabitants=(1, 2), strict=True)
HALF_AND_TWO_THIRDS = Branch(councils=(1, 2), inhabitants=(2, 3))

# CGCT, art. L. 5211-5 II: two thirds at least of the councils and more than half of the population, or the reverse;
# for an EPCI à fiscalité propre, with the council of the most populous commune above a quarter of the population.
CREATION = Majority((TWO_THIRDS_AND_HALF, HALF_AND_TWO_THIRDS), veto=True)
# CGI, art. 1609 nonies C IV: the first paragraph of the same II only, hence without the veto.
FIRST_PARAGRAPH = Majority((TWO_THIRDS_AND_HALF, HALF_AND_TWO_THIRDS))
# Loi ALUR du 24 mars 2014, art. 136 II: a quarter at least of the communes and 20 % at least of the population.
BLOCKING_MINORITY = Majority((Branch(councils=(1, 4), inhabitants=(1, 5)),))
UNANIMITY = Majority((Branch(councils=(1, 1), inhabitants=(1, 1)),))


@dataclass(frozen=True)
class Electorate:
    """The communes asked and their inhabitants, with the thresholds that a majority sets for them."""

    inhabitants: Mapping[str, int]  # by INSEE code, of the population chosen (PTOT for qualified majorities)
    majority: Majority

    @cached_property
    def total(self) -> int:
        return sum(self.inhabitants.values())

    @cached_property
    def thresholds(self) -> tuple[tuple[int, int], ...]:
        """For each branch, the councils and the inhabitants it needs."""
        return tuple(
            (branch.councils_needed(len(self.inhabitants)), branch.inhabitants_needed(self.total))
            for branch in self.majority.branches
        )

    @cached_property
    def veto_holders(self) -> frozenset[str]:
        """The most populous commune above a quarter of the people; both of two equal ones, for the text is unclear."""
        largest = max(self.inhabitants.values(), default=0)
        if not self.majority.veto or 4 * largest <= self.total:
            return frozenset()
        return frozenset(code for code, number in self.inhabitants.items() if number == largest)

    def weight(self, codes: Collection[str]) -> int:
        return sum(self.inhabitants[code] for code in codes)

    def reaches(self, councils: int, inhabitants: int) -> bool:
        """Whether some branch is met, leaving the veto aside."""
        return any(councils >= needed and inhabitants >= people for needed, people in self.thresholds)

    def accepts(self, favourable: Collection[str]) -> bool:
        """Whether these communes, counted favourable, carry the decision."""
        return self.veto_holders <= set(favourable) and self.reaches(len(favourable), self.weight(favourable))

    def by_size(self, codes: Collection[str]) -> list[str]:
        """The largest first; equal ones by INSEE code, so that the same question has one answer."""
        return sorted(codes, key=lambda code: (-self.inhabitants[code], code))

    def fewest_to_win(self, favourable: Collection[str], available: Collection[str]) -> tuple[str, ...] | None:
        """The fewest communes of `available` that, joined to these, carry the decision; None when none can.

        The largest first is exact: at equal number, no other choice brings more inhabitants.
        """
        held = set(favourable)
        added = [code for code in self.by_size(self.veto_holders) if code not in held]
        if not set(added) <= set(available):
            return None
        rest = self.by_size(set(available) - set(added) - held)
        councils, inhabitants = len(held) + len(added), self.weight(held) + self.weight(added)
        while not self.reaches(councils, inhabitants):
            if not rest:
                return None
            added.append(code := rest.pop(0))
            councils, inhabitants = councils + 1, inhabitants + self.inhabitants[code]
        return tuple(added)

    def smallest_to_win(self, favourable: Collection[str], available: Collection[str]) -> tuple[str, ...] | None:
        """The communes that carry the decision when the smallest join first, after those who hold a veto."""
        held = set(favourable)
        added = [code for code in self.by_size(self.veto_holders) if code not in held]
        if not set(added) <= set(available):
            return None
        rest = self.by_size(set(available) - set(added) - held)
        councils, inhabitants = len(held) + len(added), self.weight(held) + self.weight(added)
        while not self.reaches(councils, inhabitants):
            if not rest:
                return None
            added.append(code := rest.pop())
            councils, inhabitants = councils + 1, inhabitants + self.inhabitants[code]
        return tuple(added)

    def fewest_to_block(self) -> tuple[str, ...]:
        """The fewest communes whose refusal suffices, all others agreeing."""
        if self.veto_holders:
            return (min(self.veto_holders),)
        order, refusing, weight = self.by_size(self.inhabitants), 0, 0
        while refusing < len(order) and self.reaches(len(order) - refusing, self.total - weight):
            weight += self.inhabitants[order[refusing]]
            refusing += 1
        return tuple(order[:refusing])

    def is_pivotal(self, code: str, favourable: Collection[str], pending: Collection[str]) -> bool:
        """Whether, for some choice of the other communes still awaited, the outcome depends on this one."""
        others = set(pending) - {code}
        if not self.veto_holders <= set(favourable) | set(pending):
            return False  # lost already
        if code in self.veto_holders:
            everybody = set(favourable) | set(pending)
            return self.accepts(everybody)
        forced = self.veto_holders & others  # without them, nothing can be won
        base = set(favourable) | forced
        free = sorted(self.inhabitants[other] for other in others - forced)
        weight, own = self.weight(base), self.inhabitants[code]
        for size in range(len(free) + 1):
            councils = len(base) + size
            wins = [people for needed, people in self.thresholds if needed <= councils + 1]
            holds = [people for needed, people in self.thresholds if needed <= councils]
            if not wins:
                continue
            low = min(wins) - own - weight
            high = (min(holds) if holds else self.total + 1) - 1 - weight
            if some_subset_between(free, size, low, high):
                return True
        return False


def some_subset_between(weights: Sequence[int], size: int, low: int, high: int) -> bool:
    """Whether `size` of these weights (smallest first) add up to something between the bounds, both included."""
    sums = [0, *accumulate(weights)]
    if low > high or sums[-1] - sums[len(weights) - size] < low or sums[size] > high:
        return False
    if any(low <= sums[start + size] - sums[start] <= high for start in range(len(weights) - size + 1)):
        return True
    left = SEARCH_LIMIT

    def search(end: int, wanted: int, low: int, high: int) -> bool:
        """Among the first `end` weights; the largest is taken or not, whatever cannot reach the bounds is left."""
        nonlocal left
        if sums[end] - sums[end - wanted] < low or sums[wanted] > high:
            return False
        if wanted == 0:
            return low <= 0 <= high
        left -= 1
        if left < 0:
            return True
        last = weights[end - 1]
        return search(end - 1, wanted - 1, low - last, high - last) or (
            end > wanted and search(end - 1, wanted, low, high)
        )

    return search(len(weights), size, low, high)


def two_thirds_of_cast(votes_for: int, votes_against: int) -> bool:
    """Two thirds of the votes cast in the council of the EPCI (solidarity grants and the like)."""
    return votes_for > 0 and 3 * votes_for >= 2 * (votes_for + votes_against)


def two_thirds_of_members(votes_for: int, members: int) -> bool:
    """Two thirds of the members of the council (CGCT, art. L. 5211-57; community interest read strictly)."""
    return votes_for > 0 and 3 * votes_for >= 2 * members
