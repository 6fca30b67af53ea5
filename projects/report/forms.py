"""The choices of a print, as a form; the same fields read what the address bar of the list of projects says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.printing.folding import SIGNATURE, THICKEST
from partners.models import Body
from projects.report.choices import FOR_EVERYONE, PRINTABLE, Audience, Chapter, Choices, Format
from projects.strategy.models import Orientation
from territories.models import Commune, Intercommunality

NONE_LEFT = (
    "Les états que vous avez cochés ne sont pas ceux d’un document pour tout le monde : "
    "choisissez « Adopté » ou un état qui le suit, ou un document interne."
)
NOT_PAST = "Choisissez un jour passé : pour l’état d’aujourd’hui, laissez cette date vide."


class ChoicesForm(forms.Form):
    """For whom, which chapters, which projects."""

    audience = forms.ChoiceField(
        label="Pour qui est ce document ?",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        help_text="Pour tout le monde, seuls les projets adoptés sont imprimés ; ni craintes, ni témoignages, ni noms "
        "d’agents ou de personnes relais n’y figurent.",
    )
    chapters = forms.MultipleChoiceField(
        label="Que doit-il contenir ?", choices=Chapter.choices, widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(
        label="Sur quel papier ?",
        choices=Format.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Le livret s’imprime recto verso, retourné sur le petit côté, puis se plie en deux. Au-delà de "
        f"{THICKEST} pages, il se fait en cahiers de {SIGNATURE} pages, à relier. "
        "Pour lire à l’écran, préférez A4 ou A5.",
    )
    states = forms.MultipleChoiceField(
        label="Dans quels états ?",
        choices=[(status.value, status.label) for status in PRINTABLE],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Sans coche, tous ceux qui peuvent être imprimés.",
    )
    orientation = forms.ModelChoiceField(
        Orientation.objects.none(), label="Orientation du mandat", required=False, empty_label="Toutes"
    )
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Toutes")
    body = forms.ModelChoiceField(
        Body.objects.none(), label="Examinés par l’instance", required=False, empty_label="Toutes"
    )
    as_of = forms.DateField(
        label="Le montrer tel qu’il était le",
        required=False,
        widget=DayInput,
        help_text="D’après l’historique, à la fin de ce jour. Sans date, le document dit l’état d’aujourd’hui.",
    )
    version = forms.CharField(
        label="Nom de la version",
        required=False,
        max_length=120,
        help_text="Par exemple « Projet de territoire adopté ». Une version reste, et se compare aux suivantes. "
        "Sans nom, le document n’est pas gardé.",
    )
    adopted_on = forms.DateField(label="Version adoptée le", required=False, widget=DayInput)
    adopted_by = forms.CharField(
        label="Par la décision", required=False, max_length=200, help_text="Par exemple « délibération 2026-45 »."
    )
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, intercommunality: Intercommunality, choices: Choices, today: dt.date, **options: Any
    ) -> None:
        super().__init__(*args, initial=choices.keep(), **options)
        self.today = today
        for name, model in (("orientation", Orientation), ("commune", Commune), ("body", Body)):
            self.fields[name].queryset = model.objects.filter(intercommunality=intercommunality)

    def clean_as_of(self) -> dt.date | None:
        day = self.cleaned_data["as_of"]
        if day and day >= self.today:
            raise forms.ValidationError(NOT_PAST)
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        states = set(values.get("states") or ())
        if values.get("audience") == Audience.PUBLIC and states and not states & set(FOR_EVERYONE):
            self.add_error("states", NONE_LEFT)
        return values

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The fields as the page shows them: what everybody chooses, then what opens on demand."""
        groups = (
            ("", ("audience", "chapters", "format")),
            ("Ne prendre que certains projets", ("states", "orientation", "commune", "body")),
            ("Revenir à une date passée", ("as_of",)),
            ("Garder ce document comme une version", ("version", "adopted_on", "adopted_by")),
        )
        return [
            (title, [self[name] for name in names], any(self[name].errors or self[name].value() for name in names))
            for title, names in groups
        ]

    @property
    def choices(self) -> Choices:
        values = self.cleaned_data
        keys = {name: values[name].pk if values[name] else None for name in ("orientation", "commune", "body")}
        days = {name: values[name].isoformat() if values[name] else "" for name in ("as_of", "adopted_on")}
        return Choices.read(values | keys | days | {"format": values["format"] or Format.A4.value})
