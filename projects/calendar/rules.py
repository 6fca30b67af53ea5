"""When two meetings stand in each other's way, as pure functions on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Slot:
    """A meeting as the rule sees it; without a commune its place is compared within the whole territory."""

    key: int
    label: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    commune: int | None = None
    project: int | None = None


@dataclass(frozen=True)
class Conflict:
    """Two slots at the same time, and what they share, in words."""

    first: Slot
    second: Slot
    shared: str


def conflicts_of(slots: Iterable[Slot]) -> list[Conflict]:
    """Each pair that overlaps and shares a place, a commune or a project; one ending as the other begins is fine."""
    ordered = sorted(slots, key=lambda one: (one.starts_at, one.key))
    found = []
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.starts_at >= first.ends_at:
                break
            if shared := shared_by(first, second):
                found.append(Conflict(first, second, shared))
    return found


def shared_by(first: Slot, second: Slot) -> str:
    """What two slots share, the narrowest first: the room, the project, the commune; « » when nothing."""
    here, there = first.place.strip().casefold(), second.place.strip().casefold()
    if here and here == there and (None in (first.commune, second.commune) or first.commune == second.commune):
        return "au même lieu"
    if first.project is not None and first.project == second.project:
        return "pour le même projet"
    if first.commune is not None and first.commune == second.commune:
        return "dans la même commune"
    return ""


def stage_words(
    today: date, *, planned_start: date, planned_end: date, actual_start: date | None, actual_end: date | None
) -> tuple[str, str]:
    """How a stage stands on a day: the code of its badge, and words. On the last planned day it is not late yet."""
    if actual_end:
        return "completed", "Terminée"
    if today > planned_end:
        return "alert", "En retard"
    if actual_start:
        return "in_progress", "En cours"
    if today > planned_start:
        return "watch", "Début attendu"
    return "unknown", "À venir"
