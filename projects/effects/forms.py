"""What is typed to write an indicator, to measure it, to stop following it; to enter a survey, and its words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from cooperation.forms import DayInput, FrenchDecimalField
from cooperation.french import counted, typo
from cooperation.shared import SharedForm
from cooperation.texts import NOTE, AreaField
from projects.effects.models import Indicator
from projects.effects.survey_models import Survey
from projects.proposals.choosing import ProjectChoice
from projects.proposals.models import Project
from projects.proposals.states import GIVEN_UP
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class IndicatorForm(SharedForm, forms.Form):
    """What is measured, in what unit, from where to where."""

    name = forms.CharField(
        label="Ce que l’on mesure",
        max_length=200,
        help_text="Par exemple « Haltes actives » ou « Délai de rendez-vous ».",
        error_messages={"required": "Dites ce que l’on mesure."},
    )
    definition = AreaField(
        label="Ce que l’on compte exactement",
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Pour qu’une autre personne trouve le même chiffre.",
    )
    kind = forms.ChoiceField(
        label="De quoi parle ce chiffre ?",
        choices=[
            (Indicator.Kind.MEANS, typo("Des moyens : ce que l’on y met")),
            (Indicator.Kind.OUTPUT, typo("D’une réalisation : ce qui a été fait")),
            (Indicator.Kind.RESULT, typo("D’un résultat : ce qui change pour les bénéficiaires")),
            (Indicator.Kind.IMPACT, typo("D’un impact : ce qui change pour le territoire")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’une des quatre réponses."},
    )
    unit = forms.CharField(
        label="Unité",
        max_length=30,
        required=False,
        help_text="« % », « € », « jours »… Rien si l’on compte des unités.",
    )
    direction = forms.ChoiceField(
        label="Dans quel sens est-ce mieux ?",
        choices=Indicator.Direction,
        initial=Indicator.Direction.UP,
        widget=forms.RadioSelect,
    )
    baseline = FrenchDecimalField(
        label="Valeur de départ", required=False, help_text="Laissez vide si personne ne la connaît."
    )
    baseline_on = forms.DateField(label="Départ mesuré le", widget=DayInput, required=False)
    target = FrenchDecimalField(label="Cible", error_messages={"required": "Donnez la valeur à atteindre."})
    target_on = forms.DateField(label="Cible à atteindre pour le", widget=DayInput, required=False)
    condition = forms.CharField(
        label="Condition de la cible",
        max_length=200,
        required=False,
        help_text="Ce sans quoi le chiffre seul ne suffit pas, par exemple « dont la commune-centre ».",
    )
    source = forms.CharField(label="D’où vient le chiffre", max_length=200, required=False)
    frequency = forms.ChoiceField(label="On le mesure", choices=Indicator.Frequency, initial=Indicator.Frequency.YEAR)
    responsible = forms.CharField(
        label="Qui mesure",
        max_length=200,
        required=False,
        help_text="Une fonction ou un service, jamais un nom : il changera moins vite.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("baseline_on") and data.get("baseline") is None and "baseline" not in self.errors:
            self.add_error("baseline", "Donnez la valeur de départ, ou retirez sa date.")
        return data


class MeasureForm(forms.Form):
    """A value, on a day."""

    value = FrenchDecimalField(label="Valeur", error_messages={"required": "Donnez la valeur mesurée."})
    measured_on = forms.DateField(label="Mesurée le", widget=DayInput)
    note = forms.CharField(label="Précision", max_length=200, required=False)

    def __init__(self, *args: Any, indicator: Indicator, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measured_on"].initial = today
        if indicator.unit:
            self.fields["value"].label = f"Valeur ({indicator.unit})"
        if indicator.condition:
            self.fields["meets_condition"] = forms.BooleanField(
                label=f"La condition est remplie : {indicator.condition}", required=False
            )


class DropForm(forms.Form):
    """Why an indicator is no longer followed."""

    reason = forms.CharField(
        label="Pourquoi on ne le suit plus", max_length=300, error_messages={"required": "Dites pourquoi."}
    )


class SurveyForm(SharedForm, forms.ModelForm):
    """The totals of a survey; the model says what a total may be."""

    class Meta:
        model = Survey
        fields = ("project", "title", "service", "audience", "channel", "starts_on", "ends_on", "sent", "is_random",
                  "score_1", "score_2", "score_3", "score_4", "score_5", "silent")  # fmt: skip
        field_classes = {"project": ProjectChoice}
        labels = {
            "channel": "Comment on les a interrogés",
            "score_1": "Nombre de notes 1, pas du tout satisfait",
            "score_2": "Nombre de notes 2",
            "score_3": "Nombre de notes 3",
            "score_4": "Nombre de notes 4",
            "score_5": "Nombre de notes 5, très satisfait",
        }
        widgets = {
            "starts_on": DayInput,
            "ends_on": DayInput,
            "silent": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "project": f"{ProjectChoice.how} Laissez vide si l’enquête porte sur un service qui n’est pas un projet.",
            "title": "Par exemple « Familles de la micro-crèche ».",
            "audience": "Un groupe, jamais des noms.",
            "sent": "À combien de personnes la question a été posée. Laissez vide si on ne le sait pas.",
            "is_random": "Seul un tirage au sort permet de dire une marge d’erreur.",
            "silent": "Les jeunes, une commune, ceux qui ne viennent plus… Leur silence compte aussi.",
        }

    def __init__(self, *args: Any, epci: Intercommunality, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [("", "Non précisé"), *Survey.Channel.choices]
        projects = Project.objects.visible_to(user).of(epci).admissible().exclude(status__in=GIVEN_UP)
        self.fields["project"].queryset = projects.order_by("reference", "pk")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        counts = [data.get(f"score_{score}") for score in range(1, 6)]
        sent = data.get("sent")
        if sent is not None and None not in counts and sum(counts) > sent:
            self.add_error(
                "sent",
                f"{counted(sum(counts), 'réponse')} pour {counted(sent, 'personne interrogée')} : il y en a trop.",
            )
        return data


class VerbatimForm(forms.Form):
    """Words, and the promise that nobody can be recognised in them."""

    text = AreaField(
        label="Ce qui a été dit",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce qui a été dit."},
    )
    read_over = forms.BooleanField(
        label="Je l’ai relu : ni nom, ni détail auquel une personne serait reconnue",
        error_messages={"required": "Relisez cette parole avant de l’ajouter, puis cochez la case."},
    )
