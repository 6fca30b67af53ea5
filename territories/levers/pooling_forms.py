"""What may be typed about pooling: the scheme, a service, and the key of a year with its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cooperation.forms import EurosField, FrenchDecimalField, as_options
from cooperation.french import euros
from cooperation.shared import SharedForm
from cooperation.texts import TEXT, AreaField
from territories.levers.commune_table import Column, CommuneTableForm
from territories.levers.legal_forms import LegalForm
from territories.levers.models import PoolingScheme, ServiceYear, SharedService, SharingCriterion
from territories.levers.models.pooling import COST_PARTS, ZERO
from territories.levers.versions import WrittenPart
from territories.places.models import Commune, Intercommunality

Kind = SharingCriterion.Kind
MEASURES = 3
FIRST_YEAR, LAST_YEAR = 2000, 2100
# fmt: off
PLAIN_PARTS = (
    # field                kind                        label in the key
    ("weight_ptot",        Kind.TOTAL_POPULATION,      "population totale"),
    ("weight_pmun",        Kind.MUNICIPAL_POPULATION,  "population municipale"),
    ("weight_equal",       Kind.EQUAL,                 "part égale"),
)
# fmt: on


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def whole(label: str, **options: Any) -> forms.IntegerField:
    """A small whole number, typed on the numeric keyboard of a phone."""
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return forms.IntegerField(label=label, required=False, min_value=0, widget=forms.TextInput(attrs=attrs), **options)


class YearForm(forms.Form):
    """Which year to look at, or to open."""

    annee = forms.IntegerField(label="Année", min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False)


class SchemeForm(SharedForm, forms.ModelForm):
    class Meta:
        model = PoolingScheme
        fields = (
            "title", "starts_year", "ends_year", "status", "sent_on", "approval_planned_on", "approved_on", "text",
        )  # fmt: skip
        widgets = {
            "sent_on": day(),
            "approval_planned_on": day(),
            "approved_on": day(),
            "text": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "sent_on": "Les communes ont trois mois pour donner leur avis ; leur silence vaut avis favorable."
        }


class ServiceForm(SharedForm, forms.ModelForm):
    staff = FrenchDecimalField(
        label="Effectif, en équivalents temps plein", required=False, min_value=0, max_digits=6, help_text="Ex. : 2,4"
    )
    announced_cost = EurosField(
        label="Coût annuel annoncé, en euros",
        required=False,
        help_text="Il est affiché tant que l’année n’a pas ses propres chiffres.",
    )

    class Meta:
        model = SharedService
        fields = (
            "name", "purpose", "legal_form", "status", "holder", "participants", "participant_count", "staff",
            "announced_cost", "key_in_words", "starts_on", "note",
        )  # fmt: skip
        widgets = {
            "participants": forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
            "starts_on": day(),
            "note": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("holder", "participants"):
            self.fields[name].queryset = epci.communes.all()
        self.fields["holder"].empty_label = "L’intercommunalité"
        self.fields["legal_form"].choices = [("", "Choisissez…"), *LegalForm.choices]
        self.fields["status"].choices = as_options(SharedService.Status.choices)


class KeyForm(CommuneTableForm):
    """The cost of a year and its key: weights out of a hundred, and the figures that the communes have to give."""

    stage = forms.ChoiceField(label="Ce coût est", choices=ServiceYear.Stage, initial=ServiceYear.Stage.FORECAST)
    total_cost = EurosField(
        label="Coût total de l’année, en euros", required=False, help_text="Vide : la somme du détail ci-dessous."
    )
    other_revenue = EurosField(
        label="Autres recettes, en euros",
        required=False,
        help_text="CAF, État… : elles sont retirées avant le partage.",
    )
    epci_share_percent = FrenchDecimalField(
        label="Part de l’intercommunalité, en %", required=False, min_value=0, max_value=100, max_digits=5
    )
    report = AreaField(
        label="Bilan de l’année", max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, communes: Sequence[Commune], stored: ServiceYear | None, **kwargs: Any) -> None:
        measures = measures_of(stored)
        columns = [
            Column(f"m{number}", self.heading(args, number, measure), places=4)
            for number, measure in enumerate(measures, 1)
        ]
        cells = {
            (f"m{number}", value.commune_id): value.value
            for number, measure in enumerate(measures, 1)
            if measure
            for value in measure.values.all()
        }
        super().__init__(*args, communes=communes, columns=columns, cells=cells, **kwargs)
        weights = {part.kind: part.weight for part in stored.criteria.all()} if stored else {}
        for name, label in COST_PARTS.items():
            self.fields[name] = EurosField(label=f"{label.capitalize()}, en euros", required=False)
        for name, kind, label in PLAIN_PARTS:
            self.fields[name] = whole(f"Poids de la {label}, en %", max_value=100, initial=weights.get(kind))
        for number, measure in enumerate(measures, 1):
            self.add_measure(number, measure)
        self.put_cells_last()

    @staticmethod
    def heading(args: tuple[Any, ...], number: int, measure: SharingCriterion | None) -> str:
        return typed(args, f"label_{number}") or (measure.label if measure else f"mesure {number}")

    def add_measure(self, number: int, measure: SharingCriterion | None) -> None:
        where = f"mesure {number}"
        self.fields[f"label_{number}"] = forms.CharField(
            label=f"Nom de la {where}", max_length=80, required=False, initial=measure.label if measure else ""
        )
        self.fields[f"unit_{number}"] = forms.CharField(
            label=f"Unité de la {where}", max_length=30, required=False, initial=measure.unit if measure else ""
        )
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=f"Nature de la {where}",
            choices=[(kind, kind.label) for kind in (Kind.USE, Kind.FIXED)],
            required=False,
            initial=measure.kind if measure else Kind.USE,
        )
        self.fields[f"weight_{number}"] = whole(
            f"Poids de la {where}, en %", max_value=100, initial=measure.weight if measure else None
        )

    def money_fields(self) -> list[Any]:
        return [self[name] for name in ("stage", "total_cost", "other_revenue", "epci_share_percent")]

    def detail_fields(self) -> list[Any]:
        return [self[name] for name in COST_PARTS]

    def plain_weights(self) -> list[Any]:
        return [self[name] for name, *_ in PLAIN_PARTS]

    def measure_fields(self) -> list[list[Any]]:
        names = ("label", "kind", "unit", "weight")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, MEASURES + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.check_cost(data)
        for number in range(1, MEASURES + 1):
            weight, label = data.get(f"weight_{number}"), data.get(f"label_{number}", "").strip()
            if weight and not label:
                self.add_error(f"label_{number}", "Donnez un nom à ce que vous mesurez, par exemple « heures ».")
            elif not weight and f"weight_{number}" not in self.errors and (label or self.column_values(f"m{number}")):
                self.add_error(f"weight_{number}", "Donnez un poids à cette mesure, ou videz son nom et sa colonne.")
        weights = [data.get(name) or 0 for name, *_ in PLAIN_PARTS]
        weights += [data.get(f"weight_{number}") or 0 for number in range(1, MEASURES + 1)]
        if not self.errors and sum(weights) not in {0, 100}:
            raise ValidationError(f"Les poids des critères doivent faire 100 % : ils font {sum(weights)} %.")
        return data

    def check_cost(self, data: dict[str, Any]) -> None:
        """The detail, when there is one, makes the total; one of the two is enough."""
        if any(name in self.errors for name in ("total_cost", *COST_PARTS)):
            return
        written = [data[name] for name in COST_PARTS if data[name] is not None]
        if data["total_cost"] is None and not written:
            self.add_error("total_cost", "Écrivez le coût total, ou son détail.")
        elif data["total_cost"] is None:
            data["total_cost"] = sum(written, ZERO)
        elif written and sum(written) != data["total_cost"]:
            found = euros(sum(written, ZERO))
            self.add_error("total_cost", f"Le détail fait {found} : corrigez-le, ou laissez ce total vide.")

    def parts(self) -> list[WrittenPart]:
        """The key as written: measures first, then populations and the equal part; nothing when no weight is given."""
        data = self.cleaned_data
        measured = [
            WrittenPart(
                kind=data[f"kind_{number}"] or Kind.USE,
                label=data[f"label_{number}"].strip(),
                weight=data[f"weight_{number}"],
                unit=data[f"unit_{number}"].strip(),
                values=self.column_values(f"m{number}"),
            )
            for number in range(1, MEASURES + 1)
            if data[f"weight_{number}"]
        ]
        return measured + [WrittenPart(kind, label, data[name]) for name, kind, label in PLAIN_PARTS if data[name]]

    def figures(self) -> dict[str, Any]:
        data = self.cleaned_data
        detailed = any(data[name] is not None for name in COST_PARTS)
        return {
            **{name: (data[name] or ZERO) if detailed else None for name in COST_PARTS},
            "stage": data["stage"],
            "total_cost": data["total_cost"],
            "other_revenue": data["other_revenue"] or ZERO,
            "epci_share_percent": data["epci_share_percent"] or ZERO,
            "report": data["report"],
        }


def typed(args: tuple[Any, ...], name: str) -> str:
    """What was just typed in a field, so that a column is called by its new name when the form comes back."""
    return args[0].get(name, "").strip() if args and args[0] else ""


def measures_of(stored: ServiceYear | None) -> list[SharingCriterion | None]:
    """The uses and fixed parts of a stored key, completed with empty places."""
    found: list[SharingCriterion | None] = []
    if stored:
        found = [part for part in stored.criteria.all() if part.kind in {Kind.USE, Kind.FIXED}]
    return [*found, *[None] * MEASURES][:MEASURES]
