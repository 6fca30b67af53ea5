"""Put rows in order: one reading for the up and down buttons and for dragging, one writing for both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

STALE = "Cette liste a changé entre-temps : rechargez la page, puis recommencez."


def asked_order(data: Any, current: Sequence[int]) -> list[int]:
    """The ids in the order asked for by a posted form: `order` (dragged) or `move_id` and `direction` (buttons)."""
    try:
        if "order" in data:
            return [int(value) for value in data.getlist("order")]
        place = list(current).index(int(data["move_id"]))
    except (KeyError, ValueError) as error:
        raise ValidationError(STALE) from error
    ids = list(current)
    other = place + {"up": -1, "down": 1}.get(data.get("direction"), 0)
    if 0 <= other < len(ids):
        ids[place], ids[other] = ids[other], ids[place]
    return ids


def put_in_order(rows: Iterable[Any], ids: Sequence[int], *, field: str = "position") -> None:
    """Number the rows as the ids say. Raises `ValidationError` when the ids are not exactly those of the rows."""
    by_id = {row.pk: row for row in rows}
    if sorted(ids) != sorted(by_id):
        raise ValidationError(STALE)
    for position, pk in enumerate(ids, start=1):
        if getattr(by_id[pk], field) != position:
            setattr(by_id[pk], field, position)
            by_id[pk].save()
