"""Pages of a long list: by key, the hundredth costing what the first does, or by number, never counted whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

M = TypeVar("M", bound=Model)
YEARS = range(1900, 2200)  # what databases and zones can all compute with
AHEAD = 10  # pages told of after the one that is read


@dataclass(frozen=True)
class Slice(Generic[M]):
    """A page of rows, and the key of what follows; « » when it is the last."""

    rows: list[M]
    next_key: str


def first_of(rows: QuerySet[M], most: int) -> list[M]:
    """The first rows, chosen by their numbers, then read: what each is shown with is not read of those left out."""
    keys = list(rows.values_list("pk", flat=True)[:most])
    return list(rows.filter(pk__in=keys))


def page_numbered(rows: QuerySet[M], text: str, *, size: int) -> Page[M]:
    """Read one page by its number; rows are counted a few pages further only, as nobody reads how many there are."""
    asked = number_of(text)
    paginator = Paginator(rows, size)
    paginator.count = rows[: (asked + AHEAD) * size].count()
    return paginator.get_page(asked)


def number_of(text: str) -> int:
    """The page asked for; the first one when the address means nothing."""
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1


def page_after(rows: QuerySet[M], text: str, *, by: str, size: int) -> Slice[M]:
    """Read one page in the order of a column of days or of moments, after the key given."""
    if key := read_key(text, rows.model._meta.get_field(by)):
        value, pk = key
        rows = rows.filter(**{f"{by}__gte": value}).filter(Q(**{f"{by}__gt": value}) | Q(pk__gt=pk))
    found = list(rows.order_by(by, "pk")[: size + 1])
    return Slice(found[:size], key_of(found[size - 1], by) if len(found) > size else "")


def key_of(row: Model, by: str) -> str:
    return f"{getattr(row, by).isoformat()}~{row.pk}"


def read_key(text: str, field: Any) -> tuple[date | datetime, int] | None:
    """Understand a key; a damaged one leads back to the first page."""
    written, _, pk = text.partition("~")
    try:
        value = field.to_python(written)
    except ValidationError:
        return None
    if not value or value.year not in YEARS or (isinstance(value, datetime) and timezone.is_naive(value)):
        return None
    return (value, int(pk)) if pk.isdecimal() and len(pk) < 19 else None
