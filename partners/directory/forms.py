"""What may be typed in the directory: a search, a partner, a relay person."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.shared import SharedForm
from partners.directory.identifiers import compact
from partners.directory.models import Partner, Relay
from territories.competences.models import Competence
from territories.places.models import Commune, Intercommunality

LACKING = [
    ("", "Tout"),
    ("relay", "sans personne relais"),
    ("consent", "sans accord de la personne relais"),
    ("commune", "sans commune desservie"),
]


class NumberField(forms.CharField):
    """A SIRET or an RNA number, accepted with the spaces that people put in it."""

    def to_python(self, value: Any) -> str:
        return compact(super().to_python(value))


class SearchForm(forms.Form):
    """What the directory is searched by; an unreadable value is left aside rather than refused."""

    q = forms.CharField(label="Mots ou numéro", required=False, max_length=100)
    nature = forms.ChoiceField(label="Nature", required=False, choices=[("", "Toutes"), *Partner.Kind.choices])
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Toutes")
    competence = forms.ModelChoiceField(
        Competence.objects.none(), label="Compétence", required=False, empty_label="Toutes"
    )
    manque = forms.ChoiceField(label="Ce qui manque", required=False, choices=LACKING)

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.epci = epci
        self.fields["commune"].queryset = epci.communes.all()
        self.fields["competence"].queryset = epci.competences.all()

    def found(self) -> Any:
        """The partners asked for."""
        self.is_valid()
        said = self.cleaned_data
        partners = Partner.objects.listed().filter(intercommunality=self.epci)
        if words := said.get("q"):
            partners = partners.search(words)
        if kind := said.get("nature"):
            partners = partners.filter(kind=kind)
        if commune := said.get("commune"):
            partners = partners.filter(communes=commune)
        if competence := said.get("competence"):
            partners = partners.filter(competences=competence)
        return partners.lacking(said.get("manque", ""))


class PartnerForm(SharedForm, forms.ModelForm):
    """A partner: who it is, where to reach it, what it serves."""

    siret = NumberField(
        label="SIRET",
        max_length=40,
        required=False,
        help_text="14 chiffres ; les espaces sont acceptés.",
    )
    rna = NumberField(
        label="Numéro RNA",
        max_length=40,
        required=False,
        help_text="Pour une association : la lettre W et 9 chiffres, sur le récépissé.",
    )
    website = forms.URLField(label="Site internet", required=False, max_length=200, assume_scheme="https")
    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(), label="Communes desservies", required=False, widget=forms.CheckboxSelectMultiple
    )
    competences = forms.ModelMultipleChoiceField(
        Competence.objects.none(), label="Compétences concernées", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Partner
        fields = (
            "name", "kind", "role", "siret", "rna", "address", "website", "phone", "email", "description",
            "communes", "competences",
        )  # fmt: skip
        labels = {"email": "Adresse électronique de l’accueil"}
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "role": "Ce que ce partenaire fait d’ordinaire dans les projets : financeur, opérateur, bénévoles…",
            "phone": "Le numéro de l’organisme, pas celui d’une personne.",
            "email": "L’adresse de l’organisme, pas celle d’une personne.",
        }

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.intercommunality = epci
        if self.instance.pk is None:  # nobody is of another nature for want of an answer
            self.fields["kind"].choices = [("", "Choisissez"), *Partner.Kind.choices]
            self.initial["kind"] = ""
        self.fields["communes"].queryset = epci.communes.all()
        self.fields["competences"].queryset = epci.competences.all()

    def _get_validation_exclusions(self) -> set[str]:
        """The EPCI is known: the name is checked against its directory."""
        return super()._get_validation_exclusions() - {"intercommunality"}


class RelayForm(SharedForm, forms.ModelForm):
    """A relay person: professional details, the consent of the person, how long they are kept."""

    class Meta:
        model = Relay
        fields = ("full_name", "function", "phone", "email", "consented_on", "consent_means", "retained_until")
        labels = {
            "email": "Adresse électronique professionnelle",
            "consent_means": "Comment l’accord a été donné",
        }
        widgets = {"consented_on": DayInput, "retained_until": DayInput}
        help_texts = {
            "consented_on": "Le jour où la personne a accepté de figurer dans l’annuaire.",
            "retained_until": "Un an après la fin de la fonction. Passé ce jour, ses données sont à effacer.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["consent_means"].choices = [("", "Pas encore donné"), *Relay.Consent.choices]
        if self.instance.is_vacant:
            self.instance.erased_on = None  # somebody takes the role again
