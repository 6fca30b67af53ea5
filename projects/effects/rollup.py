"""Indicators counted by where they stand: units that differ are never averaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cooperation.french import counted
from projects.effects import rules
from projects.effects.models import Indicator
from projects.effects.rules import Standing
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import GIVEN_UP

WORDS = (
    (Standing.REACHED, "cible atteinte", "cibles atteintes"),
    (Standing.ON_THE_WAY, "en chemin", "en chemin"),
    (Standing.BACKWARD, "en recul", "en recul"),
    (Standing.UNMEASURED, "sans mesure", "sans mesure"),
)


@dataclass(frozen=True)
class Tally:
    """How many indicators stand where."""

    counts: Counter[Standing] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def words(self) -> str:
        """« 7 indicateurs : 2 cibles atteintes, 5 en chemin »."""
        if not self.total:
            return ""
        parts = [counted(self.counts[key], one, many) for key, one, many in WORDS
                 if self.counts[key]]  # fmt: skip
        return f"{counted(self.total, 'indicateur')} : {', '.join(parts)}"


def tally(standings: Iterable[Standing]) -> Tally:
    return Tally(Counter(standings))


def standings_in(projects: ProjectQuerySet) -> dict[int, list[Standing]]:
    """Where the indicators of projects stand, by project; what was given up no longer counts."""
    alive = projects.exclude(status__in=GIVEN_UP)
    rows = Indicator.objects.followed().with_last().filter(project__in=alive.order_by().values("pk"))
    found: dict[int, list[Standing]] = defaultdict(list)
    for project, *said in rows.values_list("project", "direction", "baseline", "target", "last_value", "last_meets"):
        direction, baseline, target, value, meets = said
        found[project].append(
            rules.standing(
                rises=direction == Indicator.Direction.UP,
                baseline=baseline,
                target=target,
                value=value,
                condition_met=meets is not False,
            )
        )
    return found
