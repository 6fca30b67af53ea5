"""What may be typed about a session: its date, its members, its agenda, the count of a vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from partners.governance.models import Body
from projects.deliberation.models import Decision, Outcome, Session
from projects.proposals.models import Project
from projects.proposals.states import Status
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class SessionForm(forms.ModelForm):
    """A session to come."""

    class Meta:
        model = Session
        fields = ("body", "held_on", "held_at", "place", "is_second_convocation")
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "held_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, intercommunality: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.intercommunality = intercommunality
        self.fields["body"].queryset = Body.objects.filter(intercommunality=intercommunality)
        self.fields["body"].label = "Instance"
        self.fields["body"].empty_label = "Choisissez une instance"


class AgendaForm(forms.Form):
    """A project to put on the agenda; what may not be put there says why when it is tried."""

    project = forms.ModelChoiceField(Project.objects.none(), label="Projet", empty_label="Choisissez un projet")
    rapporteur = forms.CharField(label="Rapporteur ou rapporteuse", max_length=150, required=False)

    def __init__(self, *args: Any, session: Session, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = Project.objects.of(session.intercommunality).filter(status__in=[Status.UNDER_REVIEW, Status.DEFERRED])
        ready = ready.exclude(author=user)  # another person puts one's own proposal on an agenda
        self.fields["project"].queryset = ready.order_by("reference")


class PresenceForm(forms.Form):
    """The members counted when the session opens."""

    in_office = forms.IntegerField(label="Membres en exercice", min_value=1, max_value=500)
    present = forms.IntegerField(label="Membres présents", min_value=0, max_value=500)
    powers = forms.IntegerField(label="Pouvoirs", min_value=0, max_value=500, initial=0)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Pourquoi le projet est retiré", widget=forms.Textarea(attrs={"rows": 3}))


CHAIR = (("", "Pas de partage des voix"), ("yes", "La présidence vote pour"), ("no", "La présidence vote contre"))


class DecisionForm(forms.Form):
    """The count of a vote and the outcome proclaimed; names are never asked for, so a secret ballot stays secret."""

    ballot = forms.ChoiceField(
        label="Scrutin",
        choices=[(b.value, b.label.capitalize()) for b in (Decision.Ballot.ORDINARY, Decision.Ballot.SECRET)],
    )
    in_office = forms.IntegerField(label="Membres en exercice", min_value=0, max_value=500, required=False)
    present = forms.IntegerField(label="Présents à l’ouverture de ce point", min_value=0, max_value=500, required=False)
    powers = forms.IntegerField(label="Pouvoirs", min_value=0, max_value=500, required=False)
    not_taking_part = forms.IntegerField(
        label="Présents qui ne prennent pas part au vote", min_value=0, max_value=500, required=False
    )
    not_taking_part_reason = forms.CharField(label="Qui, et pourquoi", max_length=300, required=False)
    votes_for = forms.IntegerField(label="Pour", min_value=0, max_value=500, required=False)
    votes_against = forms.IntegerField(label="Contre", min_value=0, max_value=500, required=False)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0, max_value=500, required=False)
    blank_votes = forms.IntegerField(label="Bulletins blancs et nuls", min_value=0, max_value=500, required=False)
    chair_votes_for = forms.ChoiceField(label="En cas de partage des voix", choices=CHAIR, required=False)
    outcome = forms.ChoiceField(label="Résultat proclamé")
    text = forms.CharField(label="Texte de la décision", widget=forms.Textarea(attrs={"rows": 6}), required=False)

    def __init__(self, *args: Any, outcomes: tuple[Outcome, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [("", "Choisissez le résultat"), *((o.value, o.label) for o in outcomes)]

    def values(self) -> dict[str, Any]:
        """What the verb receives: nothing typed is zero where zero is meant, and stays unknown elsewhere."""
        values = dict(self.cleaned_data)
        values["not_taking_part"] = values["not_taking_part"] or 0
        values["blank_votes"] = values["blank_votes"] or 0
        values["chair_votes_for"] = {"yes": True, "no": False}.get(values["chair_votes_for"])
        return values


def starting_presence(session: Session, in_office: int) -> dict[str, int | None]:
    return {"in_office": session.in_office or in_office, "present": session.present, "powers": session.powers or 0}
