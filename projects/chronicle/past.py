"""Rows as they were at the end of a day, from the history that each kind of thing keeps.

What is read comes back as the models themselves, so that whatever tells the present can tell the past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from projects.proposals.actor_models import Interest

M = TypeVar("M", bound=models.Model)


def end_of(day: date) -> datetime:
    """The last instant of a day, here."""
    return timezone.make_aware(datetime.combine(day, time.max))


def latest(model: type[models.Model], moment: datetime, **about: Any) -> Any:
    """The last record of each row until a moment, less what was taken away."""
    history: Any = model.history  # type: ignore[attr-defined]
    known = history.filter(history_date__lte=moment)
    after = Q(history_date__gt=OuterRef("history_date"))
    after |= Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
    newer = known.filter(after, id=OuterRef("id"))
    return known.filter(~Exists(newer), **about).exclude(history_type="-").order_by("id")


def earliest(model: type[models.Model], moment: datetime, **about: Any) -> Any:
    """The first record of each row that was there before its history began, when that was after a moment."""
    history: Any = model.history  # type: ignore[attr-defined]
    before = Q(history_date__lt=OuterRef("history_date"))
    before |= Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
    older = history.filter(before, id=OuterRef("id"))
    later = history.filter(history_date__gt=moment, **about)
    return later.filter(~Exists(older)).exclude(history_type="+").order_by("id")


def records_at(model: type[models.Model], moment: datetime, **about: Any) -> list[Any]:
    """The records that tell how the rows of a kind were at a moment.

    What was there before its history began is told as its first record found it: nobody knows better.
    """
    return [*latest(model, moment, **about), *earliest(model, moment, **about)]


def as_they_were(model: type[M], moment: datetime, **about: Any) -> list[M]:
    """The rows of a kind as they were at a moment, in the order of their plain fields."""
    return in_order(model, [record.instance for record in records_at(model, moment, **about)])


def in_order(model: type[M], rows: Iterable[M]) -> list[M]:
    """Put rows in the order that their model says, as far as it bears on their own fields."""
    terms = [term for term in model._meta.ordering if isinstance(term, str) and "__" not in term]
    ordered = sorted(rows, key=lambda row: row.pk, reverse="-pk" in terms)
    for term in reversed([term for term in terms if term.lstrip("-") != "pk"]):
        name = model._meta.get_field(term.lstrip("-")).attname
        ordered.sort(key=lambda row: rank_of(getattr(row, name)), reverse=term.startswith("-"))
    return ordered


def rank_of(value: Any) -> tuple[bool, Any]:
    return value is None, value if value is not None else 0


def open_to_all(rows: Collection[Interest]) -> list[Interest]:
    """Of interests as they were, those that everyone could read then and may still read: nothing private comes back."""
    now = dict(Interest.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "visibility"))
    everyone = Interest.Visibility.EVERYONE
    return [row for row in rows if row.visibility == everyone and now.get(row.pk, everyone) == everyone]
