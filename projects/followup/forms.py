"""What is typed to say how a project is doing, to write what was decided, to close it, and to find it again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.texts import NOTE, AreaField
from partners.directory.choosing import PartnerChoice
from partners.directory.models import Partner
from partners.governance.models import Body
from partners.people.choosing import PersonChoice, offer_whom
from partners.people.models import User
from projects.followup.models import HealthNote
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality


class HealthForm(forms.Form):
    """A level, its reason, and what would help."""

    level = forms.ChoiceField(
        label="Comment va ce projet ?",
        choices=HealthNote.Level,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’une des trois réponses."},
    )
    reason = AreaField(
        label="Pourquoi",
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi."},
    )
    unblocking = AreaField(
        label="Ce qui débloquerait le projet",
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nécessaire s’il est à surveiller ou bloqué : quelle décision, de qui, quel accord manque.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("level") not in (None, HealthNote.Level.GOOD) and not (data.get("unblocking") or "").strip():
            self.add_error("unblocking", "Dites ce qui débloquerait le projet.")
        return data


class ActionForm(forms.Form):
    """What was decided to be done, by whom, by when, by which body."""

    text = forms.CharField(
        label="Ce qui est à faire", max_length=300, error_messages={"required": "Écrivez ce qui est à faire."}
    )
    who = forms.CharField(
        label="Qui s’en charge",
        max_length=200,
        required=False,
        help_text="Une fonction ou un service, par exemple « service finances ». Ou choisissez ci-dessous.",
    )
    person = PersonChoice(User.objects.none(), label="Une personne", required=False)
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Une commune", required=False, empty_label="Aucune")
    partner = PartnerChoice(Partner.objects.none(), label="Un partenaire", required=False)
    due_on = forms.DateField(label="Pour le", widget=DayInput, error_messages={"required": "Donnez une date."})
    body = forms.ModelChoiceField(
        Body.objects.none(), label="Décidé par", required=False, empty_label="La coordination, hors séance"
    )
    decided_on = forms.DateField(label="Décidé le", widget=DayInput)

    def __init__(self, *args: Any, project: Project, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        epci = project.intercommunality_id
        offer_whom(self, epci, today)
        self.fields["body"].queryset = Body.objects.filter(intercommunality=epci)
        self.fields["decided_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in ("who", "person", "commune", "partner")):
            self.add_error("who", "Dites qui s’en charge.")
        if data.get("due_on") and data.get("decided_on") and data["due_on"] < data["decided_on"]:
            self.add_error("due_on", "L’échéance précède la décision.")
        return data


class CloseForm(forms.Form):
    """Done, or given up and why."""

    outcome = forms.ChoiceField(
        label="Où en est-on ?",
        choices=[("done", "C’est fait"), ("dropped", "On y renonce")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’une des deux réponses."},
    )
    words = AreaField(
        label="En quelques mots",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qui a été fait ; si l’on y renonce, dites pourquoi.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == "dropped" and not (data.get("words") or "").strip():
            self.add_error("words", "Dites pourquoi on y renonce.")
        return data


class RemainingFilter(forms.Form):
    """Which part of what remains to be done."""

    instance = forms.ModelChoiceField(Body.objects.none(), label="Instance", required=False, empty_label="Toutes")
    quoi = forms.ChoiceField(
        label="Lesquelles",
        required=False,
        choices=[("", "Toutes"), ("retard", "En retard"), ("moi", "Celles dont je suis chargé·e")],
    )

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filtre_%s", **kwargs)
        self.fields["instance"].queryset = Body.objects.filter(intercommunality=epci)
        self.is_valid()
