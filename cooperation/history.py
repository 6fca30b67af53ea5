"""What a change leaves in the history of a row: who made it, and why."""

from __future__ import annotations

from django.db.models import Model

LONGEST_REASON = 100  # what simple-history keeps


def sign(row: Model, *, by: Model | None = None, because: str = "") -> None:
    """Say who changes a row and why, before it is saved: simple-history reads both off the instance."""
    if by is not None:
        row._history_user = by  # type: ignore[attr-defined]
    if because:
        row._change_reason = because[:LONGEST_REASON]  # type: ignore[attr-defined]
