"""One way to write an object of the demo: checked by its own model first, as any other input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.utils import timezone

from projects.demo.files import DemoDataError

M = TypeVar("M", bound=Model)

NOON = time(12)
WRITTEN_AT: ContextVar[datetime | None] = ContextVar("written_at", default=None)


def at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NOON))


@contextmanager
def written_on(day: date) -> Iterator[None]:
    """Have the history say that what is saved here was written on a day of the past, as the specification tells."""
    token = WRITTEN_AT.set(at_noon(day))
    yield
    WRITTEN_AT.reset(token)


def save(thing: M) -> M:
    """Check and save. A fault names the object, so that the file can be put right.

    Relations and constraints are left to the database: asking it twice a thousand times would triple the time.
    """
    if (moment := WRITTEN_AT.get()) is not None:
        thing._history_date = moment  # type: ignore[attr-defined]
    relations = [field.name for field in thing._meta.concrete_fields if field.is_relation]
    try:
        thing.clean_fields(exclude=relations)
        thing.clean()
        thing.save()
    except ValidationError as error:
        raise DemoDataError(f"{_said(thing)} : {' '.join(error.messages)}") from error
    except IntegrityError as error:
        raise DemoDataError(f"{_said(thing)} : la base de données le refuse ({error}).") from error
    return thing


def _said(thing: Model) -> str:
    return f"Jeu de démonstration, {thing._meta.verbose_name} « {thing} »"
