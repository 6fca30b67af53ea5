"""One way to write an object of the demo: checked by its own model first, as any other input."""

from __future__ import annotations

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model

from projects.demo.files import DemoDataError

M = TypeVar("M", bound=Model)


def save(thing: M) -> M:
    """Check and save. A fault names the object, so that the file can be put right.

    Relations and constraints are left to the database: asking it twice a thousand times would triple the time.
    """
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
