"""What the secretary of a session writes: who was there, what was said on each item."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.shared import SharedForm
from cooperation.texts import PAGES, AreaField
from projects.deliberation.models import AgendaItem, Session
from projects.minutes.models import ItemMinutes, Minutes

WORDS = ("discussion", "ballot_request")


class MinutesForm(SharedForm, forms.ModelForm):
    """The procès-verbal and, item by item, its discussion."""

    class Meta:
        model = Minutes
        fields = ("chair", "secretary", "ended_at", "attending", "represented", "absent", "remarks")
        widgets = {
            "ended_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("attending", "represented", "absent", "remarks")},
        }
        help_texts = {
            "attending": "Un nom par ligne, ou séparés par des virgules.",
            "represented": "Par exemple : Jeanne Morel, pouvoir à Luc Bastien.",
        }

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(session.items.select_related("project"))
        told = {one.item_id: one for one in ItemMinutes.objects.filter(item__session=session)}
        for item in self.items:
            one = told.get(item.pk, ItemMinutes())
            self.fields[f"discussion_{item.pk}"] = AreaField(
                label="Teneur des discussions",
                max_length=PAGES,
                required=False,
                initial=one.discussion,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
            self.fields[f"ballot_request_{item.pk}"] = forms.CharField(
                label="Demande de scrutin public ou secret, s’il y en a eu",
                required=False,
                max_length=300,
                initial=one.ballot_request,
            )

    def sitting(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields if name != "remarks"]

    def by_item(self) -> list[tuple[AgendaItem, list[forms.BoundField]]]:
        return [(item, [self[f"{word}_{item.pk}"] for word in WORDS]) for item in self.items]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def discussions(self) -> dict[int, dict[str, str]]:
        return {item.pk: {word: self.cleaned_data[f"{word}_{item.pk}"] for word in WORDS} for item in self.items}


class SettleForm(forms.Form):
    on = forms.DateField(
        label="Arrêté le",
        widget=DayInput(),
        help_text="Le jour de la séance suivante, qui arrête ce procès-verbal. Il ne changera plus et sera scellé.",
    )
