"""Choose one row among any number: what names it, or words of it, are typed; no list holds them all."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string

M = TypeVar("M", bound=Model)
MOST = 30  # rows named when several answer to the words, and suggested before anything is typed
LONGEST = 200


class Typed(forms.TextInput):
    """A line to type in. Browsers suggest the first rows as one types; without them the line works all the same."""

    choices: Any = None  # given by the field, with its rows

    def __init__(self) -> None:
        super().__init__({"maxlength": LONGEST, "autocomplete": "off"})

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> Any:
        attrs = attrs or {}
        key = f"{attrs.get('id', name)}_suggestions"
        line = super().render(name, value, {**attrs, "list": key}, renderer)
        label = self.choices.field.label_from_instance
        told = [label(row) for row in self.choices.queryset[:MOST]]
        return render_to_string("components/_typed.html", {"line": line, "key": key, "suggestions": told})


class TypedChoice(forms.ModelChoiceField, Generic[M]):
    """One of the rows that may be chosen: nothing is told of the others, not even that they are there.

    A bare number is never taken for a word: what names a row that may not be chosen must not choose another one.
    """

    widget = Typed
    how: str  # what may be typed
    nothing: str  # what to say when no row answers to { words }
    several: str  # when several do, with those that are { named }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "help_text": kwargs.get("help_text") or self.how})

    def offered(self) -> QuerySet[M]:
        """The rows that may be chosen."""
        if self.queryset is None:
            raise TypeError("A typed choice says which rows may be chosen.")
        return self.queryset

    def called(self, words: str) -> M | None:
        """The row that bears this very name."""
        raise NotImplementedError

    def answering(self, words: str) -> QuerySet[M]:
        """The rows that hold these words."""
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        """A row as it is read; what was typed, as it was typed."""
        found = value if isinstance(value, Model) else self.numbered(value)
        return self.label_from_instance(found) if found else value

    def to_python(self, value: Any) -> M | None:
        if value in self.empty_values:
            return None
        words = str(value).strip()[:LONGEST]
        if found := self.numbered(words) or (self.called(words) if words else None):
            return found
        rows = [] if not words or words.isdigit() else list(self.answering(words)[: MOST + 1])
        if len(rows) == 1:
            return rows[0]
        raise ValidationError(self.refusal(words, rows), code="invalid_choice")

    def finds(self, words: str) -> bool:
        """Whether these words choose a row."""
        try:
            return self.to_python(words) is not None
        except ValidationError:
            return False

    def numbered(self, value: Any) -> M | None:
        """The one that a link or a program means by its number."""
        words = str(value or "")
        is_number = words.isascii() and words.isdigit() and len(words) < 19
        return self.offered().filter(pk=words).first() if is_number else None

    def refusal(self, words: str, rows: list[M]) -> str:
        if not rows:
            return self.nothing.format(words=words)
        named = " ; ".join(self.label_from_instance(row) for row in rows[:MOST])
        return self.several.format(words=words, named=named + " ; et d’autres" * (len(rows) > MOST))
