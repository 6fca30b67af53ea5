"""What may be typed about the register: its filters, the filing of an act, the SIRET of an export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from stdnum.fr import siret as siret_number

from cooperation.forms import DayInput
from cooperation.shared import SharedForm
from partners.governance.models import Body
from projects.deliberation.models import Decision, Outcome
from projects.register.matters import MATTERS
from projects.register.models import ActFiling
from territories.places.models import Intercommunality


class RegisterFilters(forms.Form):
    """Body, outcome and dates; a value that means nothing is ignored by the list and told by its field."""

    instance = forms.ModelChoiceField(Body.objects.none(), label="Instance", required=False, empty_label="Toutes")
    resultat = forms.ChoiceField(label="Résultat", required=False, choices=[("", "Tous"), *Outcome.choices])
    du = forms.DateField(label="Du", required=False, widget=DayInput())
    au = forms.DateField(label="Au", required=False, widget=DayInput())

    def __init__(self, data: QueryDict, *, intercommunality: Intercommunality) -> None:
        super().__init__(data, auto_id="filtre_%s")
        self.fields["instance"].queryset = Body.objects.filter(intercommunality=intercommunality)
        self.is_valid()

    @property
    def in_force(self) -> dict[str, Any]:
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    def apply(self, decisions: QuerySet[Decision]) -> QuerySet[Decision]:
        lookups = {
            "instance": "item__session__body",
            "resultat": "outcome",
            "du": "item__session__held_on__gte",
            "au": "item__session__held_on__lte",
        }
        return decisions.filter(**{lookups[name]: value for name, value in self.in_force.items()})

    def query(self) -> str:
        """The filters in force, to be added to the address of another page of the list."""
        query = QueryDict(mutable=True)
        for name in self.in_force:
            query[name] = self.data[name]
        return f"&{query.urlencode()}" if query else ""


class FilingForm(SharedForm, forms.ModelForm):
    """The number, the matter and the reception of an act."""

    matter = forms.ChoiceField(
        label="Matière de l’acte",
        help_text="Dans le classement par lequel la préfecture reçoit les actes (nomenclature @CTES).",
        choices=[("", "Choisissez une matière"), *((code, f"{code} {name}") for code, name in MATTERS)],
    )

    class Meta:
        model = ActFiling
        fields = ("number", "matter", "budget_year", "budget_name", "prefecture", "received_on")
        widgets = {"received_on": DayInput()}

    def clean_received_on(self) -> Any:
        received = self.cleaned_data["received_on"]
        held = self.instance.decision.item.session.held_on
        if received and received < held:
            raise ValidationError("Le contrôle de légalité ne reçoit pas un acte avant la séance qui l’a adopté.")
        return received


class SiretForm(forms.Form):
    """The establishment in whose name the deliberations are published."""

    siret = forms.CharField(label="SIRET de l’intercommunalité", max_length=20, help_text="Quatorze chiffres.")

    def __init__(self, *args: Any, siren: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.siren = siren

    def clean_siret(self) -> str:
        value = siret_number.compact(self.cleaned_data["siret"])
        if not siret_number.is_valid(value):
            raise ValidationError("Ce n’est pas un numéro SIRET : il faut quatorze chiffres et une clé juste.")
        if not value.startswith(self.siren):
            raise ValidationError(f"Ce SIRET doit commencer par le SIREN de votre intercommunalité, {self.siren}.")
        return value
