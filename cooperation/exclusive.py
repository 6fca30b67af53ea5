"""Of several relations of a row, one alone is written: the condition that its table holds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q


def only(one: str, among: Sequence[str], **said: Any) -> Q:
    """This relation is written and the others of `among` are not; the row says besides what is `said`."""
    return Q(**{f"{one}__isnull": False}, **empty(among, but=one), **said)


def exactly_one(among: Sequence[str]) -> Q:
    """One of these relations is written, whichever it is."""
    return reduce(or_, (only(one, among) for one in among))


def empty(among: Sequence[str], *, but: str = "") -> dict[str, None]:
    """None of these relations is written, as the words of a filter."""
    return {name: None for name in among if name != but}
