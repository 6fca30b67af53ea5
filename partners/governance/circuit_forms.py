"""What the administrator writes of the circuit: why a version, its steps, from which day it applies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cooperation.forms import EurosField
from cooperation.shared import SharedForm
from cooperation.texts import AreaField
from partners.governance.circuits import CircuitStep
from partners.governance.models import Body
from partners.people.forms import DayField
from territories.competences.models import Competence


class DraftForm(forms.Form):
    reason = AreaField(
        label="Pourquoi une nouvelle version",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Par exemple : la conférence des maires demande à voir tout projet que des communes financent.",
    )


class StepForm(SharedForm, forms.ModelForm):
    """A step: who speaks, to advise or to decide, and on which projects."""

    amount_from = EurosField(
        label="Seulement à partir de (€ HT)", required=False, help_text="Vide : quel que soit le coût."
    )

    class Meta:
        model = CircuitStep
        fields = ("label", "bodies", "is_deciding", "amount_from", "competences", "birth", "only_if_communes_pay")
        widgets = {
            "bodies": forms.CheckboxSelectMultiple,
            "competences": forms.CheckboxSelectMultiple,
            "birth": forms.RadioSelect,
        }
        help_texts = {
            "bodies": "Plusieurs instances : l’une d’elles suffit (la commission du domaine, par exemple).",
            "competences": "Aucune case : toutes les compétences.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        epci = self.instance.circuit.intercommunality_id
        self.fields["bodies"].queryset = Body.objects.filter(intercommunality=epci)
        self.fields["competences"].queryset = Competence.objects.filter(intercommunality=epci)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        bodies = values.get("bodies")
        if values.get("is_deciding") and bodies is not None:
            advisory = [str(body) for body in bodies if not body.is_deciding]
            if advisory:
                self.add_error("is_deciding", f"Cette instance donne un avis et ne décide pas : {', '.join(advisory)}.")
            if len(bodies) > 1:
                self.add_error("bodies", "Une étape qui décide n’a qu’une instance.")
        return values


class AdoptForm(forms.Form):
    starts_on = DayField(label="Pour les projets déposés à partir du")
    reference = forms.CharField(
        label="Acte qui l’adopte", max_length=150, help_text="Par exemple : délibération n° 2026-12 du 5 novembre 2026."
    )

    def __init__(self, *args: Any, tomorrow: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = tomorrow
