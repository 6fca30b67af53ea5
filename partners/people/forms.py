"""What the administrator writes about people: a role to open, a day on which it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from cooperation.forms import DayInput
from partners.directory.choosing import PartnerChoice
from partners.directory.models import Partner
from partners.people.models import Membership, Role
from territories.places.models import Commune, Intercommunality


class DayField(forms.DateField):
    """A day, written in the browser's own calendar."""

    widget = DayInput()


class MembershipForm(forms.Form):
    """A role for a person, known by an e-mail address; the account is created when there is none."""

    email = forms.EmailField(
        label="Adresse électronique", help_text="L’adresse professionnelle, qui servira à se connecter.", max_length=254
    )
    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    role = forms.ChoiceField(label="Rôle", choices=[("", "Choisir…"), *Role.choices])
    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Commune",
        required=False,
        empty_label="Aucune",
        help_text="Pour une personne qui travaille ou siège dans une commune. Sinon, laissez « Aucune ».",
    )
    partner = PartnerChoice(
        Partner.objects.none(),
        label="Partenaire",
        required=False,
        help_text=f"Pour une personne relais. {PartnerChoice.how}",
    )
    function = forms.CharField(label="Fonction", required=False, max_length=150)
    starts_on = DayField(label="Depuis le")
    ends_on = DayField(label="Jusqu’au", required=False, help_text="Laissez vide si la fin n’est pas connue.")

    def __init__(self, *args: Any, intercommunality: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=intercommunality)
        self.fields["partner"].queryset = Partner.objects.listed().filter(intercommunality=intercommunality)
        self.fields["starts_on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "La date de fin précède la date de début.")
        if data.get("commune") and data.get("partner"):
            self.add_error("partner", "Choisissez une commune ou un partenaire, pas les deux.")
        if data.get("role") == Role.RELAY and not data.get("partner"):
            self.add_error("partner", "Une personne relais travaille pour un partenaire : choisissez lequel.")
        return data


class ClosingForm(forms.Form):
    """The last day of a role."""

    ends_on = DayField(
        label="Dernier jour", help_text="Aujourd’hui : les droits s’arrêtent aussitôt. Plus tard : à la fin de ce jour."
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.fields["ends_on"].initial = timezone.localdate

    def clean_ends_on(self) -> date:
        ends_on = self.cleaned_data["ends_on"]
        if ends_on < self.membership.starts_on:
            raise forms.ValidationError("La date de fin précède la date de début.")
        return ends_on
