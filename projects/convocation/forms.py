"""What may be typed about a convocation: why it is urgent, why a session is called off, what a member thinks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.french import typo
from cooperation.texts import AreaField
from partners.governance.models import ElectedMember, Seat
from projects.convocation.models import Mailing
from projects.convocation.opinion_models import MemberOpinion


class ConvocationForm(forms.Form):
    """The reason of an emergency, asked only when the legal delay is too short."""

    urgency = AreaField(
        label="Pourquoi la séance ne peut pas attendre",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ce motif figure dans la convocation. L’assemblée se prononce sur l’urgence à l’ouverture.",
    )

    def __init__(self, *args: Any, is_short: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_short:
            del self.fields["urgency"]


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi la séance est annulée",
        max_length=250,
        help_text="Ce motif figure dans le courriel aux membres et dans le parcours des projets.",
    )


class HandedForm(forms.Form):
    """The copies handed over on paper, and the day."""

    copies = forms.MultipleChoiceField(
        label="Convocations remises", widget=forms.CheckboxSelectMultiple, required=False
    )
    on = forms.DateField(label="Remises le", widget=DayInput())

    def __init__(self, *args: Any, mailing: Mailing, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}} | kwargs)
        waiting = [one for one in mailing.envelopes.all() if one.waits_for_hand]
        self.fields["copies"].choices = [(str(one.pk), typo(one.name)) for one in waiting]
        self.has_any = bool(waiting)


class MemberOpinionForm(forms.Form):
    """The opinion of a member: words are compulsory with a reservation or a refusal."""

    position = forms.ChoiceField(label="Votre avis", choices=MemberOpinion.Position, widget=forms.RadioSelect)
    words = AreaField(
        label="En quelques mots",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Obligatoire avec des réserves ou un avis défavorable.",
    )
    capacity = forms.ChoiceField(label="En qualité de", widget=forms.RadioSelect)

    def __init__(self, *args: Any, capacities: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].choices = [(one, one) for one in capacities]
        self.fields["capacity"].initial = capacities[0]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        needs_words = values.get("position") not in {None, MemberOpinion.Position.FAVOURABLE}
        if needs_words and not values.get("words", "").strip():
            self.add_error("words", "Écrivez vos réserves, ou ce qui vous fait dire non.")
        return values


def capacities_of(seat: Seat, member: ElectedMember) -> list[str]:
    """In which capacities a person may speak here: the seat first, then the office in the commune."""
    own = seat.member_id == member.pk
    here = seat.function if own and seat.function else f"membre : {seat.body}"
    if not own:
        here = f"suppléant·e de {seat.member or seat.commune}"
    office = member.municipal_office and f"{member.municipal_office}, {member.commune}"
    return [one for one in dict.fromkeys((here, office or f"élu·e, {member.commune}")) if one]
