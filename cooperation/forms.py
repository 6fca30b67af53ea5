"""Forms in French, for every house: a number as people write it, a refusal told where it happened."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst

from cooperation.french import MINUS, number

# What is asked for when a field is left empty, by its kind; forms whose question deserves better say it themselves.
MISSING: dict[type[forms.Field], str] = {
    forms.CharField: "Remplissez cette case.",
    forms.EmailField: "Donnez une adresse électronique.",
    forms.IntegerField: "Donnez un nombre.",
    forms.DateField: "Donnez une date.",
    forms.TimeField: "Donnez une heure.",
    forms.FileField: "Choisissez un fichier.",
    forms.BooleanField: "Cochez cette case.",
    forms.ChoiceField: "Choisissez une réponse.",
    forms.MultipleChoiceField: "Cochez au moins une réponse.",
    forms.ModelChoiceField: "Choisissez une réponse.",
    forms.ModelMultipleChoiceField: "Cochez au moins une réponse.",
}


def say_what_is_missing() -> None:
    """Teach the fields of Django to say what they wait for, rather than that they are compulsory."""
    for kind, words in MISSING.items():
        kind.default_error_messages = {**kind.__dict__.get("default_error_messages", {}), "required": words}


class DayInput(forms.DateInput):
    """A day, as browsers ask for it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FrenchDecimalField(forms.DecimalField):
    """A number as people write it: « 12 350,50 € », « −3 900 », « 20 % »; shown again with its spaces."""

    def __init__(self, *, example: str = "12 350,50", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        messages = {
            "invalid": f"Écrivez un nombre en chiffres, par exemple {example}.",
            "min_value": "Un nombre négatif n’a pas de sens ici.",
            "max_decimal_places": "Arrêtez-vous à %(max)s chiffres après la virgule.",
        }
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.replace("€", "").replace("%", "").split()).replace(",", ".").replace(MINUS, "-")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return number(value) if isinstance(value, Decimal | int) else value


class EurosField(FrenchDecimalField):
    """An amount in euros and cents that cannot be negative."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        messages = {
            "invalid": "Écrivez un montant en chiffres, par exemple 12 350,50.",
            "min_value": "Un montant ne peut pas être négatif.",
        }
        super().__init__(**{**kwargs, "error_messages": messages | kwargs.get("error_messages", {})})


def as_options(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """The labels of a model, which stand within sentences, as options: each begins a line of its own."""
    return [(value, capfirst(str(label))) for value, label in choices]


def show_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Tell in the form what a verb refused, on its field when it has one there."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
