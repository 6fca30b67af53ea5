"""What a change leaves in the history of a row: who made it, and why."""

from __future__ import annotations

from functools import cache

from django.db.models import Model
from simple_history.manager import HistoryManager

LONGEST_REASON = 100  # what simple-history keeps


def sign(row: Model, *, by: Model | None = None, because: str = "") -> None:
    """Say who changes a row and why, before it is saved: simple-history reads both off the instance."""
    if by is not None:
        row._history_user = by  # type: ignore[attr-defined]
    if because:
        row._change_reason = because[:LONGEST_REASON]  # type: ignore[attr-defined]


def keep_managers() -> None:
    """The class of manager that simple-history makes anew at each tracked write, always the same, is made once."""
    make = cache(HistoryManager.from_queryset.__func__)  # type: ignore[attr-defined]
    HistoryManager.from_queryset = classmethod(make)  # type: ignore[assignment, arg-type, method-assign]
