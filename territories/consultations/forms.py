"""What may be typed about a consultation: its object, its dates, the answer of a commune."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.shared import SharedForm
from cooperation.texts import AreaField
from territories.consultations.models import Answer, Consultation
from territories.consultations.procedures import SPOKEN
from territories.places.models import Commune, Intercommunality


class ConsultationForm(forms.ModelForm):
    """What is put to the communes."""

    communes = forms.ModelMultipleChoiceField(
        Commune.objects.none(),
        label="Communes concernées",
        help_text="Seulement quand la procédure ne demande pas l’avis de toutes les communes.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Consultation
        fields = (
            "procedure_code", "title", "question", "competence",
            "council_on", "council_reference", "votes_for", "votes_against", "abstentions",
            "window_opens_on", "window_closes_on",
        )  # fmt: skip
        widgets = {
            "question": forms.Textarea(attrs={"rows": 3}),
            **dict.fromkeys(("council_on", "window_opens_on", "window_closes_on"), DayInput),
        }
        help_texts = {
            "council_on": "Elle précède la notification aux communes.",
            "window_opens_on": "Seulement pour l’opposition au transfert du plan local d’urbanisme.",
            "votes_for": "Les trois nombres figurent dans l’extrait de la délibération.",
        }

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.intercommunality = epci
        self.fields["communes"].queryset = epci.communes.all()
        self.fields["competence"].queryset = epci.competences.all()
        self.fields["competence"].empty_label = "Aucune en particulier"
        self.fields["procedure_code"].choices = [
            ("", "Choisissez une procédure"),
            *self.fields["procedure_code"].choices[1:],
        ]


class NotifyForm(forms.Form):
    """The date on which communes received the question, and which communes."""

    notified_on = forms.DateField(label="Reçue le", widget=DayInput)
    answers = forms.ModelMultipleChoiceField(
        Answer.objects.none(), label="Communes notifiées ce jour-là", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = consultation.answers.filter(notified_on__isnull=True).select_related("commune")
        self.fields["answers"].queryset = waiting
        self.fields["answers"].label_from_instance = lambda answer: answer.commune.name
        self.fields["answers"].initial = [answer.pk for answer in waiting]


class AnswerForm(SharedForm, forms.Form):
    """What a municipal council has deliberated."""

    position = forms.ChoiceField(
        label="Position du conseil municipal", required=False, widget=forms.RadioSelect, choices=()
    )
    deliberated_on = forms.DateField(label="Date de la délibération", required=False, widget=DayInput)
    reference = forms.CharField(label="Numéro de la délibération", max_length=80, required=False)
    words = AreaField(
        label="Réserves ou motifs", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:
        procedure = answer.consultation.procedure
        names = {SPOKEN[0]: procedure.yes, SPOKEN[1]: procedure.no}
        initial = {name: getattr(answer, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["position"].choices = [
            ("", "Pas encore de délibération"),
            *((position.value, names.get(position, position.label).capitalize()) for position in SPOKEN),
        ]


class AbandonForm(forms.Form):
    because = AreaField(
        label="Pourquoi la consultation est abandonnée", max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class OrderForm(forms.Form):
    """The order of the prefect that follows."""

    order_on = forms.DateField(label="Arrêté préfectoral du", widget=DayInput)
    reference = forms.CharField(label="Numéro", max_length=80, required=False)
