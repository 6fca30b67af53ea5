"""What a change leaves in the history of a row: who made it, and why."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Model
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

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


def copy_links_by_their_keys() -> None:
    """What a row is tied to goes into its history without being read: simple-history loads both ends of each tie whole.

    A row that has just been created is tied to nothing yet.
    """
    HistoricalRecords.create_historical_record_m2ms = _copy_links  # type: ignore[method-assign]


def _copy_links(records: HistoricalRecords, history: Any, row: Model) -> None:
    if history.history_type == "+":
        return
    for field in history._history_m2m_fields:
        kept, ties = records.m2m_models[field], field.remote_field.through
        names = [column.attname for column in ties._meta.concrete_fields]
        found = ties._base_manager.filter(**{field.m2m_field_name(): row}).values(*names)
        kept.objects.bulk_create([kept(history=history, **keys) for keys in found])
