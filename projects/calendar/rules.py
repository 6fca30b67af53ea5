"""When meetings stand in each other's way, and how dates of stages add up, as pure functions on plain values."""

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


@dataclass(frozen=True)
class StageDays:
    """A stage as the rule sees it: its name, the days planned, the days as they came."""

    label: str
    planned: tuple[date, date]
    actual: tuple[date | None, date | None] = (None, None)


@dataclass(frozen=True)
class Dated:
    """A date that was added up, and where it comes from, in words."""

    on: date
    source: str


@dataclass(frozen=True)
class Span:
    """From when to when a project runs: as planned, and as it came."""

    planned_start: Dated | None = None
    planned_end: Dated | None = None
    actual_start: Dated | None = None
    actual_end: Dated | None = None


OWN_DATE = "date donnée par le projet"


def span_of(stages: Iterable[StageDays], *, starts_on: date | None = None, ends_on: date | None = None) -> Span:
    """Add up the dates of the stages; without any, the project's own dates. It has ended when every stage has."""
    told = list(stages)
    if not told:
        return Span(
            Dated(starts_on, OWN_DATE) if starts_on else None,
            Dated(ends_on, OWN_DATE) if ends_on else None,
        )

    def from_stage(on: date, label: str) -> Dated:
        return Dated(on, f"étape « {label} »")

    begun = [(one.actual[0], one.label) for one in told if one.actual[0]]
    ended = [(one.actual[1], one.label) for one in told if one.actual[1]]
    return Span(
        planned_start=from_stage(*min(((one.planned[0], one.label) for one in told), key=lambda pair: pair[0])),
        planned_end=from_stage(*max(((one.planned[1], one.label) for one in told), key=lambda pair: pair[0])),
        actual_start=from_stage(*min(begun, key=lambda pair: pair[0])) if begun else None,
        actual_end=from_stage(*max(ended, key=lambda pair: pair[0])) if len(ended) == len(told) else None,
    )
