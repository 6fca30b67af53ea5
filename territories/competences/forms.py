"""What may be typed about competences, their community interest and the agreements on how they are carried out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cooperation.forms import as_options
from cooperation.french import NBSP, typo
from cooperation.shared import SharedForm
from territories.competences.models import (
    AgreementPosition,
    CommunityInterest,
    Competence,
    ImplementationAgreement,
    NationalCompetence,
    Nomenclature,
)
from territories.competences.services import Position
from territories.places.models import Commune


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SituationForm(forms.Form):
    """The day looked at, and words to find a competence; in the address, so that the page can be shared."""

    au = forms.DateField(label="Situation au", required=False, widget=day())
    q = forms.CharField(label="Rechercher", required=False, max_length=100)


class CompetenceForm(SharedForm, forms.ModelForm):
    codes = forms.CharField(
        label="Codes de la nomenclature nationale 2025",
        required=False,
        max_length=300,
        help_text="Quatre chiffres chacun, séparés par des virgules, par exemple « 3010, 3015 ».",
    )

    class Meta:
        model = Competence
        fields = (
            "label", "category", "since", "ends_on", "act", "subject_to_community_interest", "is_shared", "shared_with",
            "codes", "note", "communes",
        )  # fmt: skip
        widgets = {
            "since": day(),
            "ends_on": day(),
            "communes": forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
        }
        help_texts = {
            "category": "La catégorie que l’on disait « optionnelle » s’appelle supplémentaire depuis 2019.",
            "communes": "Pour une compétence à la carte seulement : celles qui l’ont transférée.",
            "since": "La date d’effet du transfert.",
            "ends_on": "Le dernier jour d’exercice, si elle a été restituée.",
            "act": "L’arrêté ou la délibération, par exemple « arrêté préfectoral du 12 décembre 2016 ».",
            "subject_to_community_interest": "La loi y partage ce qui revient à l’intercommunalité et aux communes.",
            "shared_with": "Par exemple « la région ».",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communes"].queryset = self.instance.intercommunality.communes.all()
        self.fields["communes"].required = False
        spoken = {Competence.Category.ADDITIONAL: typo("supplémentaire (on dit encore « optionnelle »)")}
        self.fields["category"].choices = [
            ("", "Choisissez…"),
            *as_options((value, spoken.get(value, label)) for value, label in Competence.Category.choices),
        ]
        self.initial["codes"] = ", ".join(self.instance.banatic_codes)

    def clean_codes(self) -> list[str]:
        codes = list(dict.fromkeys(re.findall(r"[^\s,;]+", self.cleaned_data["codes"])))
        if wrong := [code for code in codes if not re.fullmatch(r"\d{4}", code)]:
            raise ValidationError(f"« {wrong[0]} » n’est pas un code : il faut quatre chiffres.")
        known = NationalCompetence.objects.filter(nomenclature=Nomenclature.Y2025)
        unknown = sorted(set(codes) - set(known.filter(code__in=codes).values_list("code", flat=True)))
        if unknown and known.exists():
            raise ValidationError(f"Le code {unknown[0]} n’est pas dans la nomenclature 2025.")
        return codes

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.instance.banatic_codes = data.get("codes", self.instance.banatic_codes)
        return data


class InterestForm(SharedForm, forms.ModelForm):
    class Meta:
        model = CommunityInterest
        fields = ("text", "decided_on", "act")
        widgets = {"text": area(5), "decided_on": day()}
        help_texts = {
            "text": "Ce qui revient à l’intercommunalité ; le reste demeure aux communes.",
            "act": "Par exemple « délibération 2026-45 ».",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_on"].required = self.fields["act"].required = True


class AgreementForm(SharedForm, forms.ModelForm):
    class Meta:
        model = ImplementationAgreement
        fields = ("title", "text", "agreed_on", "act")
        widgets = {"text": area(6), "agreed_on": day()}
        help_texts = {
            "title": "Par exemple « Entretien des zones d’activité ».",
            "text": "Qui fait quoi, avec quels moyens, selon quel calendrier.",
            "agreed_on": "Laissez vide tant que l’accord se discute.",
        }


class PositionsForm(SharedForm, forms.Form):
    """Where each commune stands: three fields for each, filled with what is known."""

    def __init__(self, *args: Any, agreement: ImplementationAgreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {position.commune_id: position for position in agreement.positions.all()}
        self.communes = list(agreement.intercommunality.communes.all())
        for commune in self.communes:
            row = known.get(commune.pk) or AgreementPosition()
            self.fields[f"stance_{commune.pk}"] = forms.ChoiceField(
                label="Position",
                choices=as_options(AgreementPosition.Stance.choices),
                initial=row.stance,
                required=False,
            )
            self.fields[f"date_{commune.pk}"] = forms.DateField(
                label="Exprimée le", required=False, widget=day(), initial=row.stated_on
            )
            self.fields[f"act_{commune.pk}"] = forms.CharField(
                label="Acte", required=False, max_length=200, initial=row.act
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for commune in self.communes:
            stated = data.get(f"stance_{commune.pk}") not in {None, "", AgreementPosition.Stance.NONE}
            if stated and f"date_{commune.pk}" not in self.errors and not data.get(f"date_{commune.pk}"):
                self.add_error(f"date_{commune.pk}", f"{commune.name}{NBSP}: une position exprimée porte sa date.")
        return data

    def rows(self) -> Iterator[tuple[Commune, list[forms.BoundField]]]:
        for commune in self.communes:
            yield commune, [self[f"{part}_{commune.pk}"] for part in ("stance", "date", "act")]

    def positions(self) -> list[Position]:
        data, unstated = self.cleaned_data, AgreementPosition.Stance.NONE
        return [
            Position(
                commune=commune,
                stance=data[f"stance_{commune.pk}"] or unstated,
                stated_on=data[f"date_{commune.pk}"],
                act=data[f"act_{commune.pk}"],
            )
            for commune in self.communes
        ]
