"""Partners that may be one: same number, or names that differ by an accent, a small word or one letter.

Nobody is compared with everybody: each name is put under the few keys it could share, so that the time follows the
number of partners and not its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from partners.directory.identifiers import essential

Pair = tuple[int, int]
SHORTEST = 8  # under eight letters, one letter apart means nothing


@dataclass(frozen=True)
class Known:
    """What is compared of a partner."""

    pk: int
    name: str
    siret: str = ""
    rna: str = ""


@dataclass(frozen=True)
class Candidate:
    """Two partners that may be one, and why."""

    first: int
    second: int
    reason: str


def candidates(partners: Iterable[Known], apart: Collection[Pair] = ()) -> list[Candidate]:
    """The pairs to look at, each told once with its strongest reason; of a group, each is paired with the first.

    `apart` are the pairs that somebody looked at and found to be two, the lower number first: they are told no more,
    and the second one is then compared with the rest of the group.
    """
    known = list(partners)
    names = {one.pk: essential(one.name) for one in known}
    found: dict[tuple[int, int], str] = {}
    for reason, keys in (
        ("même SIRET", [(one.siret, one.pk) for one in known if one.siret]),
        ("même numéro RNA", [(one.rna, one.pk) for one in known if one.rna]),
        ("même nom", [(names[one.pk], one.pk) for one in known]),
    ):
        for pair in _pairs(keys, apart):
            found.setdefault(pair, reason)
    close = ((key, one.pk) for one in known for key in _one_letter_less(names[one.pk]))
    for pair in _pairs(close, apart):
        if _digits(names[pair[0]]) == _digits(names[pair[1]]) and names[pair[0]] != names[pair[1]]:
            found.setdefault(pair, "noms proches")
    return [Candidate(first, second, reason) for (first, second), reason in found.items()]


def _pairs(keys: Iterable[tuple[str, int]], apart: Collection[Pair]) -> Iterator[Pair]:
    under: dict[str, list[int]] = defaultdict(list)
    for key, pk in keys:
        if pk not in under[key]:
            under[key].append(pk)
    for group in under.values():
        firsts: list[int] = []  # one, and those that were told apart from it
        for one in group:
            pairs = ((min(first, one), max(first, one)) for first in firsts)
            if pair := next((pair for pair in pairs if pair not in apart), None):
                yield pair
            else:
                firsts.append(one)


def _one_letter_less(name: str) -> set[str]:
    """The name and its forms with one letter removed: two names one letter apart share one of them."""
    plain = name.replace(" ", "")
    if len(plain) < SHORTEST:
        return set()
    return {plain, *(plain[:index] + plain[index + 1 :] for index in range(len(plain)))}


def _digits(name: str) -> str:
    return "".join(sign for sign in name if sign.isdigit())
