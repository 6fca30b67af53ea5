"""Two people editing one row: the second is shown what the first wrote, and loses nothing of what they typed."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from cooperation.french import date_fr

STALE = "Une autre personne a enregistré cette page entre-temps. Relisez, puis enregistrez de nouveau."


def stamp_of(row: Model) -> str:
    """A short sign of all the columns of a row, and of what it is tied to: it changes with any of them."""
    told: list[tuple[str, object]] = [
        (field.attname, str(getattr(row, field.attname))) for field in row._meta.concrete_fields
    ]
    for field in row._meta.many_to_many:
        told.append((field.name, sorted(getattr(row, field.name).values_list("pk", flat=True))))
    return sha256(repr(told).encode()).hexdigest()[:24]


def require_unchanged(row: Model, stamp: str) -> None:
    """For a verb that has just locked the row: it is still the one that the person was shown."""
    if row.pk and stamp_of(row) != stamp:
        raise ValidationError(STALE)


def plain(value: Any) -> Any:
    """A value to compare: what a row is tied to is a set."""
    return set(value.all()) if hasattr(value, "all") else value


class StampedForm(forms.ModelForm):
    """A form that carries the sign of the row it was filled from, and tells field by field what another wrote since.

    The texts typed stay in the fields; saving again then replaces, knowingly, what the other person wrote.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stamp = stamp_of(self.instance) if self.instance.pk else ""
        self.fields["seen"].initial = self.stamp
        names = self._meta.fields or () if self.instance.pk else ()
        self.stored = {name: plain(getattr(self.instance, name)) for name in names}
        self.shown = {name: self.told(name) for name in names}

    def told(self, name: str) -> str:
        """What is stored, as the person reads it."""
        display = getattr(self.instance, f"get_{name}_display", None)
        value = display() if display else getattr(self.instance, name)
        if hasattr(value, "all"):
            return ", ".join(map(str, value.all())) or "rien"
        if isinstance(value, bool):
            return "oui" if value else "non"
        if isinstance(value, date):
            return date_fr(value)
        return "rien" if value in (None, "") else str(value)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.stamp and self.cleaned_data.get("seen") != self.stamp:
            self.add_error(None, STALE)
            for name, stored in self.stored.items():
                if name in values and plain(values[name]) != stored:
                    self.add_error(name, f"Une autre personne a écrit ici : {self.shown[name]}.")
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.stamp
        return values
