"""What may be typed once a decision is proclaimed: that the chair asks for its publication, what must be put right."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.texts import PAGES, REASON, AreaField
from projects.deliberation.acts import Correction
from projects.deliberation.models import Decision
from projects.deliberation.sealing import COUNTS, totals_of


class PublishForm(forms.Form):
    """The chair publishes; whoever does it in its place says that the chair asked for it."""

    asked = forms.BooleanField(
        label="La présidence demande cette publication",
        error_messages={"required": "Les décisions ne sont publiées que lorsque la présidence le demande."},
    )

    def __init__(self, *args: Any, is_chair: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_chair:
            del self.fields["asked"]


def count_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=500, required=False)


class CorrectionForm(forms.Form):
    """What was inexact, why, and what must be read; everything starts as it stands."""

    reason = AreaField(
        label="Ce qui était inexact, et d’où vient l’erreur",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = AreaField(
        label="Texte de la décision", max_length=PAGES, widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    in_office = count_field("Membres en exercice")
    present = count_field("Présents")
    powers = count_field("Pouvoirs")
    not_taking_part = count_field("Ne prennent pas part au vote")
    votes_for = count_field("Pour")
    votes_against = count_field("Contre")
    abstentions = count_field("Abstentions")
    blank_votes = count_field("Bulletins blancs et nuls")

    def __init__(self, *args: Any, standing: Decision | Correction, **kwargs: Any) -> None:
        super().__init__(*args, initial=totals_of(standing) | {"text": standing.text}, **kwargs)

    def counts(self) -> dict[str, int | None]:
        """Nothing typed is zero where zero is meant, and stays unknown elsewhere."""
        counts = {name: self.cleaned_data[name] for name in COUNTS}
        for name in ("not_taking_part", "blank_votes"):
            counts[name] = counts[name] or 0
        return counts

    def numbers(self) -> list[forms.BoundField]:
        return [self[name] for name in COUNTS]
