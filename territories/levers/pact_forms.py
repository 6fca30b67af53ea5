"""What may be typed about the pact: its text, the amounts of a year, a fonds de concours, the solidarity grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cooperation.forms import EurosField, FrenchDecimalField
from cooperation.french import typo
from cooperation.shared import SharedForm
from cooperation.texts import TEXT, AreaField
from territories.levers.commune_table import Column, CommuneTableForm
from territories.levers.models import (
    EquipmentFund,
    FinancialPact,
    GrantCriterion,
    PactAmount,
    PactYear,
    SolidarityGrant,
)
from territories.levers.pact_services import AmountLine
from territories.levers.pooling_forms import day, typed, whole
from territories.levers.versions import WrittenPart
from territories.places.models import Commune, Intercommunality

Kind = GrantCriterion.Kind
FREE_CRITERIA = 2
ZERO = Decimal("0.00")


class PactForm(SharedForm, forms.ModelForm):
    fund_percent_ceiling = FrenchDecimalField(
        label="Fonds de concours : plafond, en % du coût", required=False, min_value=0, max_value=100, max_digits=5
    )
    fund_amount_ceiling = EurosField(label="Fonds de concours : plafond par équipement, en euros", required=False)
    fund_envelope = EurosField(label="Fonds de concours : enveloppe par an, en euros", required=False)

    class Meta:
        model = FinancialPact
        fields = (
            "title", "starts_year", "ends_year", "status", "drafted_on", "adopted_on", "text", "fund_percent_ceiling",
            "fund_amount_ceiling", "fund_envelope", "fund_requests_per_year",
        )  # fmt: skip
        widgets = {"drafted_on": day(), "adopted_on": day(), "text": forms.Textarea(attrs={"rows": 8})}


class FundForm(SharedForm, forms.ModelForm):
    amount = EurosField(label="Montant du fonds de concours, en euros")
    cost = EurosField(
        label="Coût de l’équipement, en euros", help_text="Hors taxes si le maître d’ouvrage récupère la TVA."
    )
    subsidies = EurosField(label="Subventions, hors fonds de concours, en euros", required=False)

    class Meta:
        model = EquipmentFund
        fields = ("commune", "equipment", "direction", "stage", "amount", "cost", "subsidies")

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = epci.communes.all()
        self.fields["commune"].empty_label = "Choisissez…"

    def clean_subsidies(self) -> Decimal:
        return self.cleaned_data["subsidies"] or ZERO


class AmountsForm(SharedForm, CommuneTableForm):
    """The amounts of a year, commune by commune, positive when the commune receives."""

    mode = forms.ChoiceField(
        label="Répartition du FPIC", choices=[(one.value, typo(one.label)) for one in PactYear.EqualisationMode]
    )
    note = AreaField(label="Remarque", max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    COLUMNS = (
        Column("ac", "attribution de compensation", may_be_negative=True),
        Column("transferred", "charges transférées"),
        Column("returned", "charges rendues"),
        Column("fpic", "FPIC", may_be_negative=True),
        Column("common", "FPIC de droit commun", may_be_negative=True),
        Column("other", "autres flux", may_be_negative=True),
    )
    GRANT = Column("grant", "dotation de solidarité")  # typed only while its criteria are not written

    def __init__(self, *args: Any, pact_year: PactYear, communes: Sequence[Commune], **kwargs: Any) -> None:
        cells: dict[tuple[str, int], Decimal | None] = {}
        for one in pact_year.amounts.all():
            if one.kind == PactAmount.Kind.COMPENSATION:
                cells["ac", one.commune_id] = one.amount
                cells["transferred", one.commune_id] = one.charges_transferred or None
                cells["returned", one.commune_id] = one.charges_returned or None
            elif one.kind == PactAmount.Kind.EQUALISATION:
                cells["fpic", one.commune_id], cells["common", one.commune_id] = one.amount, one.common_rule
            else:
                code = "other" if one.kind == PactAmount.Kind.OTHER else "grant"
                cells[code, one.commune_id] = one.amount
        columns = self.COLUMNS if pact_year.grants.exists() else (*self.COLUMNS, self.GRANT)
        kwargs["initial"] = {"mode": pact_year.equalisation_mode, "note": pact_year.note}
        super().__init__(*args, communes=communes, columns=columns, cells=cells, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for commune in self.communes:
            if self.cell("common", commune) is not None and self.cell("fpic", commune) is None:
                self.add_error(self.name_of("fpic", commune), "Écrivez aussi le montant retenu pour cette commune.")
        return data

    def lines(self) -> list[AmountLine]:
        return [
            AmountLine(
                commune=commune,
                compensation=self.cell("ac", commune),
                charges_transferred=self.cell("transferred", commune) or ZERO,
                charges_returned=self.cell("returned", commune) or ZERO,
                equalisation=self.cell("fpic", commune),
                common_rule=self.cell("common", commune),
                other=self.cell("other", commune),
                grant=self.cell("grant", commune),
            )
            for commune in self.communes
        ]


class GrantForm(CommuneTableForm):
    """The dotation de solidarité: its total, the weight of each criterion, the value of each commune."""

    total = EurosField(label="Montant total, en euros")
    note = forms.CharField(label="Ce qui change", required=False, max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        communes: Sequence[Commune],
        stored: SolidarityGrant | None,
        people: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        """`people`, the total populations to propose, come before those that the stored version was computed on."""
        parts = list(stored.criteria.all()) if stored else []
        free = [part for part in parts if part.kind == Kind.OTHER]
        places: list[GrantCriterion | None] = [*free, *[None] * FREE_CRITERIA][:FREE_CRITERIA]
        by_code = {str(part.kind): part for part in parts if part.kind != Kind.OTHER}
        by_code |= {f"free{number}": part for number, part in enumerate(places, 1) if part}
        columns = [
            Column("population", "population totale", places=0),
            Column("income", "revenu par habitant"),
            Column("potential", "potentiel par habitant"),
            *(Column(f"free{number}", heading(args, number, part), 4) for number, part in enumerate(places, 1)),
        ]
        cells: dict[tuple[str, int], Any] = {
            (code, one.commune_id): one.value for code, part in by_code.items() for one in part.values.all()
        }
        cells |= {("population", pk): count for pk, count in people.items()}
        super().__init__(*args, communes=communes, columns=columns, cells=cells, **kwargs)
        for kind in (Kind.INCOME, Kind.POTENTIAL, Kind.POPULATION):
            initial = by_code[kind].weight if kind in by_code else None
            self.fields[f"weight_{kind}"] = whole(f"Poids : {kind.label}, en %", max_value=100, initial=initial)
        for number, place in enumerate(places, 1):
            self.add_free_criterion(number, place)
        self.put_cells_last()

    def add_free_criterion(self, number: int, part: GrantCriterion | None) -> None:
        where = f"critère libre {number}"
        self.fields[f"label_{number}"] = forms.CharField(
            label=f"Nom du {where}", max_length=80, required=False, initial=part.label if part else ""
        )
        self.fields[f"unit_{number}"] = forms.CharField(
            label=f"Unité du {where}", max_length=30, required=False, initial=part.unit if part else ""
        )
        self.fields[f"weight_{number}"] = whole(
            f"Poids du {where}, en %", max_value=100, initial=part.weight if part else None
        )

    def weight_fields(self) -> list[Any]:
        return [self[f"weight_{kind}"] for kind in (Kind.INCOME, Kind.POTENTIAL, Kind.POPULATION)]

    def free_fields(self) -> list[list[Any]]:
        names = ("label", "unit", "weight")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, FREE_CRITERIA + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(1, FREE_CRITERIA + 1):
            used = data.get(f"weight_{number}") or self.column_values(f"free{number}")
            if used and not data.get(f"label_{number}", "").strip():
                self.add_error(f"label_{number}", "Donnez un nom à ce critère, par exemple « longueur de voirie ».")
        names = [*(f"weight_{kind}" for kind in (Kind.INCOME, Kind.POTENTIAL, Kind.POPULATION)), "weight_1", "weight_2"]
        found = sum(data.get(name) or 0 for name in names)
        if not self.errors and found != 100:
            raise ValidationError(f"Les poids des critères doivent faire 100 % : ils font {found} %.")
        return data

    def parts(self) -> list[WrittenPart]:
        """Every criterion as written; population is always kept, since income and potential are weighted by it."""
        data = self.cleaned_data
        fixed = [
            WrittenPart(kind, label, data[f"weight_{kind}"] or 0, unit, self.column_values(kind))
            for kind, label, unit in (
                (Kind.INCOME, "revenu", "€ par habitant"),
                (Kind.POTENTIAL, "potentiel financier", "€ par habitant"),
                (Kind.POPULATION, "population totale", "habitants"),
            )
        ]
        free = [
            WrittenPart(
                Kind.OTHER,
                data[f"label_{number}"].strip(),
                data[f"weight_{number}"] or 0,
                data[f"unit_{number}"].strip(),
                self.column_values(f"free{number}"),
            )
            for number in range(1, FREE_CRITERIA + 1)
            if data[f"label_{number}"].strip()
        ]
        return fixed + free


def heading(args: tuple[Any, ...], number: int, part: GrantCriterion | None) -> str:
    return typed(args, f"label_{number}") or (part.label if part else f"critère libre {number}")


class SimulationForm(forms.Form):
    """Another total, other weights: what would each commune receive?"""

    total = EurosField(label="Montant total, en euros")

    def __init__(self, *args: Any, grant: SolidarityGrant, **kwargs: Any) -> None:
        kwargs["initial"] = {"total": grant.total}
        super().__init__(*args, **kwargs)
        self.criteria = list(grant.criteria.all())
        for part in self.criteria:
            self.fields[f"weight_{part.pk}"] = whole(f"Poids : {part.label}, en %", max_value=100, initial=part.weight)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and (found := sum(self.weights().values())) != 100:
            raise ValidationError(f"Les poids des critères doivent faire 100 % : ils font {found} %.")
        return data

    def weights(self) -> dict[int, int]:
        return {part.pk: self.cleaned_data.get(f"weight_{part.pk}") or 0 for part in self.criteria}


class AdoptionForm(forms.Form):
    """The vote that adopts a grant."""

    votes_for = forms.IntegerField(label="Pour", min_value=0)
    votes_against = forms.IntegerField(label="Contre", min_value=0)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0)
    decided_on = forms.DateField(label="Date de la délibération", widget=day())
