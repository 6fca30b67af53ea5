"""What a person types about money: the cost, and who brings how much. Amounts in euros HT."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import inlineformset_factory

from cooperation.forms import EurosField
from projects.funding.models import FundingLine, FundingPlan


class CostForm(forms.ModelForm):
    cost_excl_tax = EurosField(label="Coût de l’investissement, en euros hors taxes", required=False)

    class Meta:
        model = FundingPlan
        fields = ["cost_excl_tax"]

    def clean_cost_excl_tax(self) -> Any:
        return self.cleaned_data["cost_excl_tax"] or 0


class FundingLineForm(forms.ModelForm):
    amount = EurosField(label="Montant en euros")

    class Meta:
        model = FundingLine
        fields = ["funder", "amount", "nature", "state"]
        labels = {"funder": "Qui apporte l’argent", "state": "Où en est-on"}
        help_texts = {
            "nature": "La CAF et la MSA sont de droit privé.",
            "state": "Par exemple : envisagée, demandée, notifiée, votée.",
        }


FundingLines = inlineformset_factory(FundingPlan, FundingLine, form=FundingLineForm, extra=2, can_delete=True)
