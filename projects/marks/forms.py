"""What a person writes for themselves on a project."""

from __future__ import annotations

from django import forms


class MarkForm(forms.Form):
    note = forms.CharField(
        label="Une note pour vous",
        required=False,
        max_length=200,
        help_text="Facultative. Vous seul·e la lisez ; elle disparaît avec votre compte.",
    )
