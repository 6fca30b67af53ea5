"""What the administrator writes of the bodies: what they are, how they decide, who sits, what is delegated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from cooperation.alphabetical import Alphabetical
from cooperation.forms import EurosField
from cooperation.shared import SharedForm
from cooperation.texts import AreaField
from partners.governance import rules
from partners.governance.models import Body, BodyRule, Delegation, ElectedMember, Seat
from partners.people.choosing import PersonChoice
from partners.people.forms import DayField
from partners.people.models import User
from territories.places.models import Commune, Intercommunality


class BodyForm(SharedForm, forms.ModelForm):
    """A body: what it is, what it does, how often it meets."""

    remit = AreaField(label="Attributions", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Body
        fields = ("name", "kind", "power", "legal_seats", "rhythm", "remit", "rank")
        labels = {"rank": "Place dans la liste"}
        help_texts = {
            "rank": "1 pour la première ; laissez 100 pour la dernière.",
            "legal_seats": "Celui de l’arrêté, de la délibération ou du règlement intérieur. Vide si rien ne le fixe.",
            "power": "Le conseil décide ; le bureau et la présidence décident ce qui leur est délégué ; les autres "
            "donnent un avis.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "power"):
            self.fields[name].choices = [("", "Choisissez…"), *self.fields[name].choices[1:]]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        decides = {Body.Kind.COUNCIL, Body.Kind.BUREAU, Body.Kind.PRESIDENCY}
        if values.get("power") == Body.Power.DECIDING and values.get("kind") not in decides:
            self.add_error(
                "power",
                "Seuls le conseil, et le bureau ou la présidence par délégation, décident (CGCT, art. L. 5211-10) : "
                "cette instance donne un avis.",
            )
        if values.get("power") == Body.Power.ADVISORY and values.get("kind") in {
            Body.Kind.COUNCIL,
            Body.Kind.PRESIDENCY,
        }:
            self.add_error("power", "Le conseil et la présidence décident : choisissez « décide ».")
        return values


class RuleForm(forms.ModelForm):
    """How a body decides, from a day on."""

    starts_on = DayField(label="À partir du")

    class Meta:
        model = BodyRule
        fields = ("starts_on", "quorum", "quorum_number", "majority", "tie", "representation", "by_writing", "source")
        widgets = {
            "quorum": forms.RadioSelect,
            "majority": forms.RadioSelect,
            "tie": forms.RadioSelect,
            "representation": forms.RadioSelect,
        }


class SeatForm(SharedForm, forms.ModelForm):
    """What a seat is, whoever holds it."""

    class Meta:
        model = Seat
        fields = ("function", "substitute", "is_vice_chair")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = ElectedMember.objects.filter(intercommunality=self.instance.body.intercommunality_id)
        self.fields["substitute"].queryset = members.exclude(pk=self.instance.member_id)
        self.fields["substitute"].empty_label = "Personne"
        if self.instance.is_chair:
            del self.fields["is_vice_chair"]  # whoever chairs does not also vice-chair


class HolderForm(forms.Form):
    """Who takes a seat, and from which day."""

    member = forms.ModelChoiceField(
        ElectedMember.objects.none(), label="Titulaire", empty_label="Choisissez un·e élu·e"
    )
    substitute = forms.ModelChoiceField(
        ElectedMember.objects.none(), label="Suppléant·e", required=False, empty_label="Personne"
    )
    starts_on = DayField(label="À partir du")

    def __init__(self, *args: Any, epci: Intercommunality, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = ElectedMember.objects.filter(intercommunality=epci).select_related("commune")
        self.fields["member"].queryset = self.fields["substitute"].queryset = members
        self.fields["starts_on"].initial = today


class NewSeatForm(HolderForm):
    """A seat more."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune représentée", required=False, empty_label="Aucune"
    )
    function = forms.CharField(label="Fonction", max_length=150, required=False)
    is_vice_chair = forms.BooleanField(label="Vice-préside", required=False)

    def __init__(self, *args: Any, epci: Intercommunality, today: date, **kwargs: Any) -> None:
        super().__init__(*args, epci=epci, today=today, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=epci)


class DayForm(forms.Form):
    """A day: the last one of a seat or of a delegation, the first one of a chair.

    Its field is named as the verb names it, so that a refusal is told on it.
    """

    def __init__(self, *args: Any, name: str, label: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[name] = DayField(label=label, initial=today)


class MemberForm(SharedForm, forms.ModelForm):
    """An elected member, with the account through which they give opinions and vote."""

    class Meta:
        model = ElectedMember
        fields = ("full_name", "commune", "municipal_office", "user")
        field_classes = {"user": PersonChoice}
        help_texts = {
            "user": f"Le compte par lequel cette personne donne ses avis et vote. {PersonChoice.how} Vide : pas de "
            "compte. Ouvrez d’abord son rôle dans « Personnes ».",
            "municipal_office": "Par exemple : maire, adjointe, conseiller municipal.",
        }

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.intercommunality = epci
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=epci)
        self.fields["commune"].empty_label = "Choisissez une commune"
        free = Q(elected_member__isnull=True) | Q(elected_member=self.instance.pk)
        accounts = User.objects.filter(free, memberships__intercommunality=epci).distinct()
        self.fields["user"].queryset = accounts.order_by(Alphabetical("full_name"))


class DelegationForm(forms.Form):
    """What the conseil entrusts: what it must keep is offered too, to say why it may not leave."""

    holder = forms.ChoiceField(label="À qui", choices=Delegation.Holder.choices)
    matter = forms.ChoiceField(label="Matière")
    ceiling = EurosField(
        label="Plafond (€ HT)", required=False, help_text="Vide : la délégation ne fixe pas de plafond."
    )
    decision_reference = forms.CharField(
        label="Délibération", max_length=150, help_text="Numéro et date de la délibération qui délègue."
    )
    starts_on = DayField(label="À partir du")
    ends_on = DayField(
        label="Jusqu’au", required=False, help_text="Vide : jusqu’à ce que le conseil en décide autrement."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [(code, capfirst(label)) for code, label in rules.NEVER_DELEGATED.items()]
        offered = [(code, capfirst(label)) for code, label in rules.DELEGATED.items()]
        self.fields["matter"].choices = [
            ("", "Choisissez une matière"),
            ("Ce que le conseil peut déléguer", offered),
            ("Ce que le conseil garde (CGCT, art. L. 5211-10)", kept),
        ]
