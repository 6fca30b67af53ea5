"""When what was said of a project is out of date, and where an action stands on a day. Pure functions."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from cooperation.workdays import working_days_between

STALE_AFTER = timedelta(weeks=8)  # two rounds of monthly committees
CALL_BEFORE = 5  # working days before the day that was agreed


class Standing(StrEnum):
    """Where an action stands."""

    TO_DO = "to_do"
    LATE = "late"
    DONE = "done"
    DROPPED = "dropped"


class Call(StrEnum):
    """What whoever is in charge of an action is told as its day comes, each once."""

    SOON = "soon"
    LATE = "late"


def call_on(today: date, *, due_on: date, department: str = "") -> Call | None:
    """What is to be said on a day of an action that remains: late, due within five working days, or nothing yet."""
    if today > due_on:
        return Call.LATE
    return Call.SOON if working_days_between(today, due_on, department) <= CALL_BEFORE else None


def is_stale(noted_on: date, today: date) -> bool:
    """Whether the health of a project was noted too long ago to be relied upon: more than eight weeks."""
    return today - noted_on > STALE_AFTER


def standing_on(today: date, *, due_on: date, done_on: date | None, dropped_on: date | None) -> Standing:
    """The day that was agreed is included: an action is late from the day after."""
    if dropped_on is not None:
        return Standing.DROPPED
    if done_on is not None:
        return Standing.DONE
    return Standing.LATE if today > due_on else Standing.TO_DO
