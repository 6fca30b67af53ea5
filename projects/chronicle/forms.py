"""Two days between which a project is compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cooperation.french import date_fr


class DaysForm(forms.Form):
    since = forms.DateField(label="Du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label="Au", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest

    def clean_since(self) -> date:
        since = self.cleaned_data["since"]
        if since < self.earliest:
            first = date_fr(self.earliest)
            raise forms.ValidationError(f"Ce projet se lit à partir du {first} : choisissez ce jour ou après.")
        return since

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        since, until = told.get("since"), told.get("until")
        if since and until and until < since:
            self.add_error("until", "La seconde date vient avant la première : échangez-les.")
        return told
