"""What may be typed about a session: its date, its members, its agenda, the count of a vote."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from cooperation.forms import DayInput
from cooperation.french import date_fr
from cooperation.shared import SharedForm
from cooperation.texts import PAGES, REASON, AreaField
from partners.governance.models import Body, ElectedMember
from projects.deliberation import rules
from projects.deliberation.choosing import AgendaChoice
from projects.deliberation.majorities import Asked, bases_told
from projects.deliberation.models import Decision, Outcome, Session
from projects.deliberation.services import members_on
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class Notice(models.TextChoices):
    """How a session convened less than five clear days before it stands in law (CGCT, art. L. 2121-12)."""

    SENT = "sent", "La convocation est déjà partie, cinq jours francs au moins avant la séance"
    URGENT = "urgent", "Elle part en urgence, un jour franc au moins avant la séance"


WHEN = {"held_on": DayInput(), "held_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class SessionForm(forms.ModelForm):
    """A session to come; a date too near for the legal delay is questioned before anything is written."""

    notice = forms.ChoiceField(
        label="Le délai de convocation",
        choices=Notice.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="En urgence, la présidence en rend compte à l’ouverture et l’assemblée se prononce sur l’urgence.",
    )

    class Meta:
        model = Session
        fields = ("body", "held_on", "held_at", "place", "format", "is_second_convocation")
        widgets = WHEN

    def __init__(self, *args: Any, intercommunality: Intercommunality, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not self.is_bound:
            del self.fields["notice"]  # asked only when the date is too near
        self.fields["held_on"].help_text = (
            f"Convoquée aujourd’hui, une instance qui décide se réunit à partir du "
            f"{date_fr(rules.earliest_meeting(today))} : cinq jours francs séparent l’envoi de la séance (CGCT, "
            "art. L. 2121-12)."
        )
        self.instance.intercommunality = intercommunality
        self.fields["format"].required = False  # on site unless something else is said
        self.fields["body"].queryset = Body.objects.filter(intercommunality=intercommunality)
        self.fields["body"].label = "Instance"
        self.fields["body"].empty_label = "Choisissez une instance"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        body, held_on, notice = values.get("body"), values.get("held_on"), values.get("notice")
        # A second convocation follows a delay of its own, counted from the session that lacked its quorum.
        is_second = values.get("is_second_convocation")
        if not body or not held_on or not body.is_deciding or is_second or self._leaves_time(held_on):
            self.fields.pop("notice")
        elif not notice:
            self.add_error("notice", "Cette date laisse moins de cinq jours francs : dites ce qu’il en est.")
        elif notice == Notice.URGENT and not self._leaves_time(held_on, urgent=True):
            earliest = date_fr(rules.earliest_meeting(self.today, urgent=True))
            self.add_error("held_on", f"Même en urgence, il faut un jour franc : pas avant le {earliest}.")
        return values

    def notice_told(self) -> str:
        """The short delay in the words of its answer, for the history of the session."""
        notice = self.cleaned_data.get("notice") if "notice" in self.fields else ""
        return Notice(notice).label if notice else ""

    def _leaves_time(self, held_on: date, *, urgent: bool = False) -> bool:
        return held_on >= rules.earliest_meeting(self.today, urgent=urgent)


class SessionChangeForm(SharedForm, forms.ModelForm):
    """When, where and how a session already planned is held; the legal delay is asked when it is convened."""

    class Meta:
        model = Session
        fields = ("held_on", "held_at", "place", "format")
        widgets = WHEN


class ReporterForm(forms.Form):
    """Who reports an item and for how long: a member of the body, or a service in its own words."""

    rapporteur_member = forms.ModelChoiceField(
        ElectedMember.objects.none(),
        label="Rapporteur ou rapporteuse",
        empty_label="Personne de l’instance",
        required=False,
    )
    rapporteur = forms.CharField(
        label="Ou : un service, une personne invitée",
        max_length=150,
        required=False,
        help_text="Laissez vide si un membre de l’instance présente le point.",
    )
    minutes_planned = forms.IntegerField(label="Durée prévue, en minutes", min_value=1, max_value=600, required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rapporteur_member"].queryset = members_on(session.body, session.held_on)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        member, typed = values.get("rapporteur_member"), values.get("rapporteur", "").strip()
        if member and typed and typed != member.full_name:
            self.add_error("rapporteur", "Choisissez un membre ou écrivez un nom, pas les deux.")
        return values


class ItemForm(SharedForm, ReporterForm):
    """All that is written of an item before the session."""

    asked = AreaField(
        label="Ce qui est demandé à l’instance",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une phrase. Vide : délibérer sur ce projet, ou donner son avis.",
    )
    draft = AreaField(
        label="Projet de délibération ou d’avis",
        max_length=PAGES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Le texte soumis à l’instance. Il figure dans la note de synthèse.",
    )


class AgendaForm(ReporterForm):
    """A project to put on the agenda; what may not be put there says why when it is tried."""

    project = AgendaChoice()
    field_order = ("project",)

    def __init__(self, *args: Any, session: Session, user: User, **kwargs: Any) -> None:
        super().__init__(*args, session=session, **kwargs)
        self.fields["project"].ask(session, user)


class AheadField(forms.BooleanField):
    """Says that a session is opened before its day and that this is meant: nothing takes an opening back."""

    def ask(self, form: forms.Form, session: Session, today: date) -> None:
        """Put the question with the day of the session, or leave the form: on that day and after it, there is none."""
        fault = rules.fault_of_opening(session.held_on, today)
        if not fault:
            del form.fields["ahead"]
        self.label = f"Cette séance est prévue le {date_fr(session.held_on)} : je l’ouvre avant son jour"
        self.error_messages = self.error_messages | {"required": fault}


class PresenceForm(forms.Form):
    """The members counted when the session opens."""

    in_office = forms.IntegerField(label="Membres en exercice", min_value=1, max_value=500)
    present = forms.IntegerField(label="Membres présents", min_value=0, max_value=500)
    powers = forms.IntegerField(label="Pouvoirs", min_value=0, max_value=500, initial=0)
    ahead = AheadField()

    def __init__(self, *args: Any, session: Session, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ahead"].ask(self, session, today)


class ReasonForm(forms.Form):
    reason = AreaField(
        label="Pourquoi le projet est retiré", max_length=REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


CHAIR = (("", "Pas de partage des voix"), ("yes", "La présidence vote pour"), ("no", "La présidence vote contre"))

DECISION_GROUPS = (
    (
        "Présence et quorum",
        "À l’ouverture de ce point. Les pouvoirs comptent dans les voix, jamais dans le quorum "
        "(CGCT, art. L. 2121-17).",
        ("in_office", "present", "powers", "not_taking_part"),
        ("not_taking_part_reason",),
    ),
    (
        "Scrutin",
        "Pour, contre, abstentions, blancs et nuls font ensemble le nombre des votants. "
        "Seuls les pour et les contre sont des suffrages exprimés.",
        ("votes_for", "votes_against", "abstentions", "blank_votes"),
        ("ballot", "majority", "chair_votes_for"),
    ),
    ("Résultat et texte", "", (), ("outcome", "referred_to", "text")),
)


SUBMITTED = (
    "Le texte soumis est repris ici. Il est gardé si le projet est adopté, s’il reçoit un avis favorable ou s’il en "
    "est pris acte ; pour tout autre résultat, remplacez-le : laissé tel quel, il n’est pas joint à la décision."
)


class ReferralField(forms.ModelChoiceField):
    """The body to which a project is sent."""

    def __init__(self) -> None:
        label = "Instance à laquelle le projet est renvoyé"
        super().__init__(Body.objects.none(), label=label, required=False, empty_label="Aucune")


def others_than(body: Body) -> models.QuerySet[Body]:
    return Body.objects.filter(intercommunality=body.intercommunality_id).exclude(pk=body.pk)


class DecisionForm(forms.Form):
    """The count of a vote and the outcome proclaimed; names are never asked for, so a secret ballot stays secret."""

    ballot = forms.ChoiceField(
        label="Scrutin",
        choices=[(b.value, b.label.capitalize()) for b in (Decision.Ballot.ORDINARY, Decision.Ballot.SECRET)],
    )
    majority = forms.ChoiceField(label="Majorité requise", choices=rules.Majority, required=False)
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
    referred_to = ReferralField()
    text = AreaField(
        label="Texte de la décision", max_length=PAGES, widget=forms.Textarea(attrs={"rows": 6}), required=False
    )

    def __init__(
        self,
        *args: Any,
        body: Body,
        outcomes: tuple[Outcome, ...],
        asked: Asked,
        chair_settles: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields["text"].help_text = SUBMITTED if self.initial.get("text") else ""
        self.fields["majority"].initial = asked.majority
        self.fields["referred_to"].queryset = others_than(body)
        self.chair_settles = chair_settles  # by the rules of the body
        self.fields["outcome"].choices = [("", "Choisissez le résultat"), *((o.value, o.label) for o in outcomes)]

    def groups(self) -> list[dict[str, Any]]:
        """The fields as a clerk fills them in: who is there, how they vote, what is proclaimed."""
        return [
            {
                "title": title,
                "help": told,
                "asked": self.asked if "majority" in rest else None,
                "counts": [self[name] for name in counts],
                "fields": [self[name] for name in rest],
            }
            for title, told, counts, rest in DECISION_GROUPS
        ]

    def take(self, faults: dict[str, list[str]]) -> None:
        """Tell what the rules found, each beside its field."""
        for name, sentences in faults.items():
            self.add_error(name, sentences)

    def count(self) -> rules.Count | None:
        """What the count typed gives by the rules; None while a number is missing."""
        if not self.is_valid_count():
            return None
        values = self.values()
        names = ("present", "powers", "not_taking_part", "votes_for", "votes_against", "abstentions", "blank_votes")
        return rules.count_of(
            **{name: values[name] for name in names},
            secret=values["ballot"] == Decision.Ballot.SECRET,
            chair_votes_for=values["chair_votes_for"],
            majority=values["majority"],
            in_office=values["in_office"] or 0,
        )

    def bases(self) -> list[dict[str, str]]:
        """What the same count gives on both bases of the two thirds, where the law leaves them discussed."""
        if not self.asked.is_discussed or not self.is_valid_count():
            return []
        values = self.values()
        votes = {name: values[name] for name in ("votes_for", "votes_against")}
        return bases_told(**votes, in_office=values["in_office"] or 0)

    def is_valid_count(self) -> bool:
        """All the numbers of the count are there and readable, whatever else is wrong in the form."""
        typed = getattr(self, "cleaned_data", {})
        wanted = ("present", "powers", "votes_for", "votes_against", "abstentions")
        return all(typed.get(name) is not None for name in wanted)

    def values(self) -> dict[str, Any]:
        """What the verb receives: nothing typed is zero where zero is meant, and stays unknown elsewhere."""
        values = dict(self.cleaned_data)
        values["not_taking_part"] = values.get("not_taking_part") or 0
        values["blank_votes"] = values.get("blank_votes") or 0
        values["majority"] = values.get("majority") or self.asked.majority
        if values.get("votes_for") is None:  # nobody votes: no majority is asked
            del values["majority"]
        told = {"yes": True, "no": False}.get(values.get("chair_votes_for"))
        values["chair_votes_for"] = told if self.chair_settles else None
        return values


def starting_presence(session: Session, in_office: int) -> dict[str, int | None]:
    return {"in_office": session.in_office or in_office, "present": session.present, "powers": session.powers or 0}
