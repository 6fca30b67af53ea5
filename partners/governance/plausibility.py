"""What the law makes likely of the composition of a conseil, to warn and never to refuse.

The composition itself comes from an order of the prefect: it is stored as it is, and only compared with these figures.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction

from cooperation.french import counted

# CGCT, art. L. 5211-6-1 III: population municipale below → seats, for a communauté de communes or d'agglomération.
SEATS_BY_POPULATION = (
    (3_500, 16), (5_000, 18), (10_000, 22), (20_000, 26), (30_000, 30), (40_000, 34), (50_000, 38), (75_000, 40),
    (100_000, 42), (150_000, 48), (200_000, 56), (250_000, 64), (350_000, 72),
)  # fmt: skip
MOST_VICE_CHAIRS = 15
LOCAL_AGREEMENT = Fraction(125, 100)  # a local agreement adds a quarter of the seats at most
ADDED_WHEN_MANY_ARE_BY_RIGHT = Fraction(110, 100)


def seats_by_population(population: int) -> int | None:
    """The seats to share out; None above what the table read tells."""
    return next((seats for below, seats in SEATS_BY_POPULATION if population < below), None)


def shared_seats(populations: Sequence[int]) -> list[int] | None:
    """The seats of each commune: highest averages, then one by right to whoever has none (art. L. 5211-6-1)."""
    seats = seats_by_population(sum(populations))
    if seats is None or not populations:
        return None
    given = [0] * len(populations)
    averages = [(-Fraction(people), rank) for rank, people in enumerate(populations)]
    heapq.heapify(averages)
    for _ in range(seats):
        _, rank = heapq.heappop(averages)
        given[rank] += 1
        heapq.heappush(averages, (-Fraction(populations[rank], given[rank] + 1), rank))
    return [max(held, 1) for held in given]


def expected_seats(populations: Sequence[int]) -> int | None:
    """How many seats the table gives with those by right, a tenth more when these exceed 30 % of the table."""
    shared = shared_seats(populations)
    table = seats_by_population(sum(populations))
    if shared is None or table is None:
        return None
    by_right = sum(shared) - table
    total = sum(shared)
    return int(total * ADDED_WHEN_MANY_ARE_BY_RIGHT) if by_right > Fraction(30, 100) * table else total


def warning_of_seats(written: int | None, populations: Sequence[int]) -> str:
    """Why the number of seats of the conseil surprises; "" when it does not."""
    expected = expected_seats(populations)
    if not written or not expected or expected <= written <= int(expected * LOCAL_AGREEMENT):
        return ""
    return (
        f"{counted(written, 'siège est écrit', 'sièges sont écrits')} ; "
        f"pour cette population et ces communes, la loi en donne {expected}, et un "
        f"accord local {int(expected * LOCAL_AGREEMENT)} au plus (CGCT, art. L. 5211-6-1). Vérifiez l’arrêté du préfet."
    )


def most_vice_chairs(seats: int, *, two_thirds: bool = False) -> int:
    """A fifth of the seats rounded up, 30 % by a vote of two thirds, fifteen at most (art. L. 5211-10)."""
    share = int(seats * Fraction(30, 100)) if two_thirds else -(-seats // 5)
    return min(max(share, 4), MOST_VICE_CHAIRS)


def warning_of_vice_chairs(vice_chairs: int, seats: int | None) -> str:
    """Why the number of vice-presidents surprises; "" when it does not."""
    if not seats or vice_chairs <= most_vice_chairs(seats):
        return ""
    more = most_vice_chairs(seats, two_thirds=True)
    if vice_chairs <= more:
        return (
            f"{vice_chairs} vice-présidences : au-delà de {most_vice_chairs(seats)}, il faut un vote du conseil aux "
            "deux tiers (CGCT, art. L. 5211-10). Vérifiez qu’il a eu lieu."
        )
    return (
        f"{vice_chairs} vice-présidences pour {counted(seats, 'siège')} : "
        f"la loi en permet {most_vice_chairs(seats)}, et {more} "
        "par un vote aux deux tiers (CGCT, art. L. 5211-10)."
    )
