"""What a person types about money: the cost, HT and TTC, who brings how much, and what a year of it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import inlineformset_factory

from cooperation.forms import DayInput, EurosField
from cooperation.french import percent, typo
from cooperation.shared import SharedForm, SharedRows
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine
from projects.funding.vat_rules import RATES, with_tax

BY_HAND = "plusieurs taux, ou pas encore connu"
HAVE_A_DEFAULT = ("basis", "owner_floor")


class CostField(EurosField):
    """A cost that is not written yet: the zero that stands for it is not shown as if somebody had typed it."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value or None)


class CostForm(SharedForm, forms.ModelForm):
    cost_excl_tax = CostField(label="Coût de l’investissement, en euros hors taxes", required=False)
    cost_incl_tax = EurosField(label="Coût toutes taxes comprises, s’il est connu", required=False)
    eligible_cost = EurosField(
        label="Dépense subventionnable par l’État, si elle est plus petite",
        help_text="Avec une dotation de l’État, les aides publiques ne dépassent pas 80 % de cette dépense.",
        required=False,
    )
    vat_refund = EurosField(
        label="FCTVA attendu",
        help_text=(
            "Le fonds de compensation pour la TVA rend 16,404 % du coût TTC, quand il est dû ; "
            "ce n’est pas une aide du plan."
        ),
        required=False,
    )

    class Meta:
        model = FundingPlan
        fields = [
            "cost_excl_tax",
            "cost_incl_tax",
            "basis",
            "recovers_vat",
            "vat_refund",
            "eligible_cost",
            "owner_floor",
            "owner_floor_reason",
        ]
        labels = {
            "basis": "Le plan est équilibré sur le coût",
            "recovers_vat": "Budget assujetti à la TVA (zone d’activité, eau…) : tout est hors taxes, sans FCTVA",
            "owner_floor": "Part minimale du maître d’ouvrage dans l’argent public",
            "owner_floor_reason": "Si ce n’est pas 20 %, pourquoi ?",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_floor"].choices = [(value, typo(label)) for value, label in FundingPlan.OwnerFloor.choices]
        for name in HAVE_A_DEFAULT:
            self.fields[name].required = False

    def clean_basis(self) -> Any:
        return self.as_said("basis")

    def clean_owner_floor(self) -> Any:
        return self.as_said("owner_floor")

    def as_said(self, name: str) -> Any:
        """What is typed, or what the plan says when nothing is."""
        typed = self.cleaned_data[name]
        return getattr(self.instance, name) if typed in self.fields[name].empty_values else typed

    def clean_cost_excl_tax(self) -> Any:
        return self.cleaned_data["cost_excl_tax"] or 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        before, after = data.get("cost_excl_tax"), data.get("cost_incl_tax")
        is_incl_tax = data.get("basis") == FundingPlan.Basis.INCL_TAX
        if is_incl_tax and before and after is None and "cost_incl_tax" not in self.errors:  # not of a running alone
            self.add_error("cost_incl_tax", "Écrivez le coût toutes taxes comprises : le plan est établi sur lui.")
        if before and after is not None and after < before:
            self.add_error("cost_incl_tax", "Le coût toutes taxes comprises est plus petit que le coût hors taxes.")
        return data


class AidFields:
    """How one types where an aid stands, for the investment and for the running alike."""

    fields = ["state", "requested_on", "awarded_on", "paid_on"]
    widgets = dict.fromkeys(("requested_on", "awarded_on", "paid_on"), DayInput)
    labels = {"state": "Où en est-on ?"}
    help_texts = {"state": "Par exemple : envisagée, demandée, notifiée, votée."}


class FundingLineForm(forms.ModelForm):
    amount = EurosField(label="Montant en euros")

    class Meta(AidFields):
        model = FundingLine
        fields = ["funder", "amount", "nature", "is_state_grant", *AidFields.fields]
        labels = AidFields.labels | {"funder": "Qui apporte l’argent ?"}
        help_texts = AidFields.help_texts | {"nature": "La CAF et la MSA sont de droit privé."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "Choisissez…"), *FundingLine.Nature.choices]


class CreditForm(forms.ModelForm):
    """A year of the investment; its amount with the tax is typed, or made from a rate."""

    amount = EurosField(label="Montant en euros hors taxes")
    rate = forms.ChoiceField(
        label="Taux de TVA",
        choices=[("", BY_HAND), *((str(rate), percent(rate)) for rate in RATES)],
        required=False,
        help_text="Donnez un taux, et le montant TTC se calcule.",
    )
    amount_incl_tax = EurosField(label="Montant toutes taxes comprises, s’il est connu", required=False)

    class Meta:
        model = PaymentCredit
        fields = ["year", "amount", "rate", "amount_incl_tax", "is_until"]
        labels = {"is_until": "Avec tout ce qui a été payé les années précédentes"}

    def __init__(self, *args: Any, recovers_vat: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if recovers_vat:  # all is without tax
            del self.fields["rate"], self.fields["amount_incl_tax"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        amount, rate = data.get("amount"), data.pop("rate", "")
        if rate and amount is not None and data.get("amount_incl_tax") is None:
            data["amount_incl_tax"] = with_tax(amount, Decimal(rate))
        return data


class OperatingForm(forms.ModelForm):
    amount = EurosField(label="Montant d’une année ordinaire, en euros")

    class Meta(AidFields):
        model = OperatingLine
        fields = ["label", "amount", "side", *AidFields.fields]
        labels = AidFields.labels | {
            "label": "Qui paie, ou ce que l’on paie",
            "side": "C’est",
            "state": "Si c’est une aide, où en est-on ?",
        }
        help_texts = AidFields.help_texts | {
            "side": "Les dépenses ne sont pas obligatoires : sans elles, l’année coûte ce que l’on apporte."
        }


class VersionForm(forms.Form):
    label = forms.CharField(label="Ce qui change dans cette version", max_length=120)


Credits = inlineformset_factory(
    FundingPlan, PaymentCredit, form=CreditForm, formset=SharedRows, extra=2, can_delete=True, can_delete_extra=False
)
OperatingLines = inlineformset_factory(
    FundingPlan, OperatingLine, form=OperatingForm, formset=SharedRows, extra=2, can_delete=True, can_delete_extra=False
)
FundingLines = inlineformset_factory(
    FundingPlan, FundingLine, form=FundingLineForm, formset=SharedRows, extra=2, can_delete=True, can_delete_extra=False
)
