"""How to work with an organisation, and what may tie two of them, as plain values; never about a person."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

MOST, HIGH_AFTER, SOME = 4, 2, 2  # influence and interest go from 0 to 4, are high above 2, and are something from 2
ASSOCIATE, SATISFY = "associer à chaque étape", "satisfaire"
MOBILISE, INFORM, FOLLOW = "informer et mobiliser", "informer", "suivre"
# Influence upward, interest across, as one reads; the last holds those to inform and those to mobilise as well.
QUARTERS = (SATISFY, ASSOCIATE, FOLLOW, f"{INFORM}, voire mobiliser")


class Bond(TextChoices):
    """What ties an organisation to another one; a tension is kept apart, for the steering team alone."""

    FINANCING = "financing", "financement"
    AGREEMENT = "agreement", "convention"
    HABIT = "habit", "habitude"
    TENSION = "tension", "tension"


OPEN_BONDS = [(bond.value, bond.label) for bond in Bond if bond != Bond.TENSION]


@dataclass(frozen=True)
class Placed:
    """An organisation on the grid, from 0 to 4 on each scale."""

    name: str
    influence: int
    concern: int

    @property
    def advice(self) -> str:
        return advice_for(self.influence, self.concern)


def advice_for(influence: int, concern: int) -> str:
    """How to work with an organisation, from the grid influence × interest; mobilising asks for some influence."""
    if influence > HIGH_AFTER:
        return ASSOCIATE if concern > HIGH_AFTER else SATISFY
    if concern > HIGH_AFTER:
        return MOBILISE if influence >= SOME else INFORM
    return FOLLOW
