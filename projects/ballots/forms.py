"""What may be typed while a session is held: who comes and goes, a power, a ballot, its totals, an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet

from cooperation.texts import PAGES, AreaField
from partners.governance.models import Seat
from projects.ballots.access import seats_of
from projects.ballots.models import Attendance, Position
from projects.ballots.room import name_of
from projects.ballots.rules import Totals
from projects.deliberation.choosing import AgendaChoice
from projects.deliberation.forms import SUBMITTED, AheadField, ReferralField, others_than
from projects.deliberation.models import Decision, Outcome, Session
from projects.deliberation.rules import Majority
from projects.deliberation.services import outcomes_of

if TYPE_CHECKING:
    from partners.people.models import User

CHAIR = [("", "Sans objet"), ("yes", "La présidence a voté pour"), ("no", "La présidence n’a pas voté pour")]

CHAIR_SAID = {"yes": True, "no": False}


class SeatField(forms.ModelChoiceField):
    """A member, by name; by commune while no holder is named."""

    def label_from_instance(self, obj: Seat) -> str:
        return name_of(obj)


class SeatsForm(forms.Form):
    """A form about the members of a session."""

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats: QuerySet[Seat] = seats_of(session).order_by("rank", "pk")
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = seats


class RollForm(SeatsForm):
    """Who is there when the session opens."""

    present = forms.ModelMultipleChoiceField(Seat.objects.none(), label="Membres présents", required=False)
    substitutes = forms.ModelMultipleChoiceField(Seat.objects.none(), label="Suppléances", required=False)
    ahead = AheadField()

    def __init__(self, *args: Any, session: Session, today: date, **kwargs: Any) -> None:
        super().__init__(*args, session=session, **kwargs)
        self.fields["ahead"].ask(self, session, today)


class MovementForm(SeatsForm):
    SUBSTITUTE = "substitute"  # the substitute comes in, in the place of the holder

    seat = SeatField(Seat.objects.none(), label="Membre", empty_label="Choisissez un membre")
    way = forms.ChoiceField(label="Mouvement", choices=[*Attendance.Way.choices, (SUBSTITUTE, "sa suppléance arrive")])


class ProxyForm(SeatsForm):
    giver = SeatField(Seat.objects.none(), label="Membre absent", empty_label="Choisissez qui donne pouvoir")
    holder = SeatField(Seat.objects.none(), label="Donne pouvoir à", empty_label="Choisissez qui le porte")


class WithdrawalForm(SeatsForm):
    seat = SeatField(Seat.objects.none(), label="Membre", empty_label="Choisissez un membre")
    reason = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Par exemple : préside l’association qui porte le projet.",
    )


class BallotForm(forms.Form):
    kind = forms.ChoiceField(label="Scrutin", choices=[(kind, kind.label.capitalize()) for kind in Decision.Ballot])
    majority = forms.ChoiceField(label="Majorité requise", choices=Majority)


class TotalsForm(forms.Form):
    """The count taken by hand; left empty, the votes received are counted.

    `warning` says what closing now would reveal: it is then done knowingly, by a tick.
    """

    votes_for = forms.IntegerField(label="Pour", min_value=0, max_value=500, required=False)
    votes_against = forms.IntegerField(label="Contre", min_value=0, max_value=500, required=False)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0, max_value=500, required=False)
    blank_votes = forms.IntegerField(label="Blancs et nuls", min_value=0, max_value=500, required=False)
    chair_votes_for = forms.ChoiceField(label="En cas de partage des voix", choices=CHAIR, required=False)

    knowingly = forms.BooleanField(label="Clore quand même", required=False)

    def __init__(self, *args: Any, warning: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warning = warning

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.warning and not values.get("knowingly"):
            self.add_error("knowingly", f"{self.warning} Attendez d’autres votes, ou cochez « Clore quand même ».")
        return values

    def counts(self) -> list[forms.BoundField]:
        """The fields of a count taken by hand."""
        return [field for field in self if field.name != "knowingly"]

    def typed(self) -> Totals | None:
        names = ("votes_for", "votes_against", "abstentions", "blank_votes")
        values = [self.cleaned_data.get(name) for name in names]
        return None if values == [None] * 4 else Totals(*(value or 0 for value in values))

    def chair(self) -> bool | None:
        return CHAIR_SAID.get(self.cleaned_data.get("chair_votes_for", ""))


class CancelForm(forms.Form):
    reason = forms.CharField(label="Pourquoi le scrutin est annulé", max_length=100)


class ProclamationForm(forms.Form):
    outcome = forms.ChoiceField(label="Résultat proclamé")
    referred_to = ReferralField()
    text = AreaField(
        label="Texte de la décision", max_length=PAGES, widget=forms.Textarea(attrs={"rows": 6}), required=False
    )

    def __init__(self, *args: Any, session: Session, outcomes: Iterable[Outcome] | None = None, **kwargs: Any) -> None:
        """`outcomes` are those that may be proclaimed now; the verb judges what is sent."""
        super().__init__(*args, **kwargs)
        offered = [(one.value, one.label) for one in outcomes or outcomes_of(session.body)]
        self.fields["outcome"].choices = [("", "Choisissez le résultat"), *offered]
        self.fields["text"].help_text = SUBMITTED if self.initial.get("text") else ""
        self.fields["referred_to"].queryset = others_than(session.body)


class VoteForm(forms.Form):
    """One vote: for whom, what, the key that makes it the same vote when it is sent twice, and whether it was read
    again: it is then given, and changes no more.
    """

    seat = forms.IntegerField()
    position = forms.ChoiceField(choices=Position)
    key = forms.UUIDField()
    confirmed = forms.BooleanField(required=False)


class UrgentForm(forms.Form):
    project = AgendaChoice()
    reason = forms.CharField(label="Pourquoi ce point ne peut pas attendre la prochaine séance", max_length=300)

    def __init__(self, *args: Any, session: Session, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].ask(session, user)


class UrgencyVoteForm(forms.Form):
    """The totals of the vote on the urgency, taken at the opening."""

    votes_for = forms.IntegerField(label="Pour l’urgence", min_value=0, max_value=500)
    votes_against = forms.IntegerField(label="Contre", min_value=0, max_value=500, initial=0)
    abstentions = forms.IntegerField(label="Abstentions", min_value=0, max_value=500, initial=0)
    chair_votes_for = forms.ChoiceField(label="En cas de partage des voix", choices=CHAIR, required=False)

    def totals(self) -> Totals:
        return Totals(*(self.cleaned_data[name] for name in ("votes_for", "votes_against", "abstentions")))

    def chair(self) -> bool | None:
        return CHAIR_SAID.get(self.cleaned_data.get("chair_votes_for", ""))


class ReturnForm(forms.Form):
    session = forms.ModelChoiceField(Session.objects.none(), label="Séance", empty_label="Choisissez une séance")

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = session.body.sessions.filter(held_on__gt=session.held_on).exclude(state=Session.State.CLOSED)
        self.fields["session"].queryset = later.order_by("held_on")
