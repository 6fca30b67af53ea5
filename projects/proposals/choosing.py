"""Choose one project among any number: its reference or words of it are typed, no list holds them all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from projects.proposals.models import Project

MOST = 30  # projects named when several answer to the words
LONGEST = 200


class ProjectChoice(forms.ModelChoiceField):
    """A reference (« P01 »), alone or before the title, or words that only one project answers.

    A bare number is never taken for a word: what names a project that may not be chosen must not choose another one.
    The queryset says which ones may be chosen: nothing of the others is told, not even that they exist.
    """

    widget = forms.TextInput(attrs={"maxlength": LONGEST, "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """A project as it is read; what was typed, as it was typed."""
        found = value if isinstance(value, Project) else self.numbered(value)
        return str(found) if found else value

    def to_python(self, value: Any) -> Project | None:
        if value in self.empty_values:
            return None
        words = str(value).strip()[:LONGEST]
        if found := self.numbered(words) or self.referenced(words):
            return found
        answering = [] if not words or words.isdigit() else list(self.queryset.matching(words)[: MOST + 1])
        if len(answering) == 1:
            return answering[0]
        raise ValidationError(several(words, answering) if answering else none(words), code="invalid_choice")

    def numbered(self, value: Any) -> Project | None:
        """The one that a link or a program means by its number."""
        words = str(value or "")
        is_number = words.isascii() and words.isdigit() and len(words) < 19
        return self.queryset.filter(pk=words).first() if is_number else None

    def referenced(self, words: str) -> Project | None:
        return self.queryset.filter(reference__in=[words.split()[0].upper(), words]).first() if words else None


def none(words: str) -> str:
    return f"Aucun projet ne répond à « {words} » : écrivez sa référence, par exemple P01, ou d’autres mots."


def several(words: str, answering: list[Project]) -> str:
    named, more = " ; ".join(map(str, answering[:MOST])), " ; et d’autres" if len(answering) > MOST else ""
    return f"Plusieurs projets répondent à « {words} » : écrivez la référence du vôtre. {named}{more}."
