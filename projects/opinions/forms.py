"""What is typed to ask for an opinion, to give it, to report it, and to take it back."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.texts import NOTE, AreaField
from partners.directory.choosing import PartnerChoice
from partners.directory.models import Partner
from partners.governance.models import Body
from projects.opinions.models import SILENCE_TOLD, WORDS, Opinion, OpinionRequest
from projects.proposals.models import Project
from territories.places.models import Commune

WHO = ("commune", "partner", "body", "service")


class AskForm(forms.Form):
    """To whom, what, by when, and what silence will mean."""

    commune = forms.ModelChoiceField(Commune.objects.none(), label="Une commune", required=False, empty_label="Aucune")
    partner = PartnerChoice(Partner.objects.none(), label="Un partenaire", required=False)
    body = forms.ModelChoiceField(
        Body.objects.none(), label="Une instance qui donne un avis", required=False, empty_label="Aucune"
    )
    service = forms.CharField(
        label="Un service",
        max_length=150,
        required=False,
        help_text="En toutes lettres, par exemple « service urbanisme ». La coordination écrira son avis.",
    )
    question = AreaField(
        label="Question posée",
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une seule question, à laquelle on répond par oui, non, ou oui avec réserves.",
        error_messages={"required": "Écrivez la question."},
    )
    working_days = forms.IntegerField(
        label="Délai, en jours ouvrés",
        initial=15,
        min_value=1,
        max_value=250,
        help_text="Samedis, dimanches et jours fériés ne comptent pas ; la date est calculée.",
    )
    months = forms.IntegerField(
        label="Délai en mois, si un texte le fixe ainsi",
        required=False,
        min_value=1,
        max_value=12,
        help_text="Il remplace alors les jours ouvrés. Trois mois pour un projet dont les effets ne concernent qu’une "
        "commune (CGCT, art. L. 5211-57).",
    )
    silence = forms.ChoiceField(
        label="En l’absence de réponse",
        choices=list(SILENCE_TOLD.items()),
        initial=OpinionRequest.Silence.NONE,
        widget=forms.RadioSelect,
    )
    silence_reason = forms.CharField(
        label="D’où vient cette règle",
        max_length=200,
        required=False,
        help_text="Si le silence vaut réponse : l’article, la convention ou la délibération qui le dit.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        epci = project.intercommunality_id
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=epci)
        self.fields["partner"].queryset = Partner.objects.listed().filter(intercommunality=epci)
        self.fields["body"].queryset = Body.objects.filter(intercommunality=epci, power=Body.Power.ADVISORY)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if sum(bool(data.get(name)) for name in WHO) != 1:
            raise forms.ValidationError("Choisissez à qui l’avis est demandé, et un seul à la fois.")
        if data.get("silence") not in (None, OpinionRequest.Silence.NONE) and not data.get("silence_reason"):
            self.add_error("silence_reason", "Quand le silence vaut réponse, dites d’où vient cette règle.")
        return data

    @property
    def whom(self) -> list[forms.BoundField]:
        """The four ways to name whoever is asked: one of them is filled."""
        return [self[name] for name in WHO]

    @property
    def what(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in WHO]


class AnswerForm(forms.Form):
    """An opinion: three words, and why."""

    position = forms.ChoiceField(
        label="Votre avis",
        choices=Opinion.Position,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un avis."},
    )
    words = AreaField(
        label="En quelques mots",
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nécessaire pour des réserves ou un avis défavorable. Les élus le liront tel quel.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needing = (Opinion.Position.RESERVED, Opinion.Position.UNFAVOURABLE)
        if data.get("position") in needing and not (data.get("words") or "").strip():
            self.add_error("words", "Écrivez vos réserves, ou ce qui vous fait dire non.")
        return data


class ReportForm(AnswerForm):
    """The same, written by the coordination for whoever answered otherwise."""

    said_by = forms.CharField(
        label="Qui a rendu cet avis",
        max_length=150,
        help_text="Une fonction ou une personne, par exemple « la directrice du service urbanisme ».",
        error_messages={"required": "Dites qui a rendu cet avis."},
    )
    given_on = forms.DateField(label="Rendu le", widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].label = "L’avis rendu"


class ReasonForm(forms.Form):
    reason = AreaField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez le motif : il reste lisible."},
    )
