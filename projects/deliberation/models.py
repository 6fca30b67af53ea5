"""The shape of a session, of an agenda item and of its decision, frozen when it is proclaimed."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cooperation.french import date_fr
from cooperation.texts import PAGES, Text
from partners.governance.models import Body, ElectedMember
from projects.deliberation.rules import Majority
from projects.proposals.models import Project
from territories.places.models import Intercommunality


class Session(models.Model):
    """A sitting of one body on one day."""

    class State(models.TextChoices):
        PLANNED = "planned", "En préparation"
        CONVENED = "convened", "Convoquée"
        OPEN = "open", "Ouverte"
        CLOSED = "closed", "Close"
        CANCELLED = "cancelled", "Annulée"

    class Format(models.TextChoices):
        ON_SITE = "on_site", "sur place"
        REMOTE = "remote", "en visioconférence"
        BOTH = "both", "sur place et en visioconférence"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="sessions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sessions")  # its decisions stay
    held_on = models.DateField("date de la séance")
    held_at = models.TimeField("heure", null=True, blank=True)
    place = models.CharField("lieu", max_length=200, blank=True)
    format = models.CharField("comment on y participe", max_length=7, choices=Format, default=Format.ON_SITE)
    state = models.CharField("état", max_length=10, choices=State, default=State.PLANNED)
    in_office = models.PositiveSmallIntegerField("membres en exercice", null=True, blank=True)
    present = models.PositiveSmallIntegerField("membres présents", null=True, blank=True)
    powers = models.PositiveSmallIntegerField("pouvoirs", null=True, blank=True)
    is_second_convocation = models.BooleanField(
        "seconde convocation, faute de quorum",
        default=False,
        help_text="L’instance délibère alors sans condition de quorum (CGCT, art. L. 2121-17).",
    )
    cancelled_because = models.CharField("pourquoi elle est annulée", max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "séance"
        ordering = ["-held_on", "body"]
        indexes = [models.Index(fields=["intercommunality", "-held_on"], name="session_list")]
        constraints = [
            models.CheckConstraint(
                name="no_more_present_than_in_office",
                condition=Q(present__isnull=True) | Q(in_office__isnull=True) | Q(present__lte=F("in_office")),
                violation_error_message="Il y a plus de présents que de membres en exercice.",
            ),
            models.CheckConstraint(
                name="one_power_per_present_member",
                condition=Q(powers__isnull=True) | Q(present__isnull=True) | Q(powers__lte=F("present")),
                # CGCT, art. L. 2121-20: one written power per holder
                violation_error_message="Il y a plus de pouvoirs que de présents : chaque membre en porte un au plus.",
            ),
            models.CheckConstraint(
                name="session_format_is_known",
                condition=Q(format__in=["on_site", "remote", "both"]),
                violation_error_message="Une séance se tient sur place, en visioconférence, ou les deux.",
            ),
            models.CheckConstraint(
                name="cancelled_session_says_why",
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""),
                violation_error_message="Une séance ne s’annule pas sans motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} du {date_fr(self.held_on)}"

    @property
    def is_remote(self) -> bool:
        """Some members at least take part from elsewhere (CGCT, art. L. 5211-11-1)."""
        return self.format != self.Format.ON_SITE

    @property
    def is_to_come(self) -> bool:
        """Neither held nor called off: it may still be convened, moved or cancelled."""
        return self.state in {self.State.PLANNED, self.State.CONVENED}


class Outcome(models.TextChoices):
    ADOPTED = "adopted", "Adopté"
    ADOPTED_MODIFIED = "adopted_modified", "Adopté avec modifications"
    REJECTED = "rejected", "Rejeté"
    DEFERRED = "deferred", "Ajourné"
    TAKEN_NOTE = "taken_note", "Prend acte"
    REFERRED = "referred", "Renvoyé à une autre instance"
    WITHDRAWN = "withdrawn", "Retiré de l’ordre du jour"
    NO_OBJECT = "no_object", "Sans objet"
    NO_ACTION = "no_action", "Sans suite"
    FAVOURABLE = "favourable", "Avis favorable"
    RESERVED = "reserved", "Avis favorable avec réserve"
    UNFAVOURABLE = "unfavourable", "Avis défavorable"


class AgendaItem(models.Model):
    """A project on the agenda of a session; a deferred project comes back as a new item."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")  # an agenda is an act
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="agenda_items")  # archive
    position = models.PositiveSmallIntegerField("ordre", default=0)
    rapporteur = models.CharField("rapporteur", max_length=150, blank=True)  # the name of the day, or a service
    rapporteur_member = models.ForeignKey(
        ElectedMember,
        on_delete=models.SET_NULL,  # the name stays in the agenda
        null=True,
        blank=True,
        related_name="+",
    )
    minutes_planned = models.PositiveSmallIntegerField(
        "durée prévue, en minutes",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Une minute au moins."), MaxValueValidator(600, "Dix heures au plus.")],
    )
    asked = models.CharField("ce qui est demandé à l’instance", max_length=300, blank=True)
    draft = Text("projet de délibération ou d’avis", max_length=PAGES, blank=True)
    project_version = models.PositiveIntegerField("version du texte examiné", default=1)

    class Meta:
        verbose_name = "point à l’ordre du jour"
        verbose_name_plural = "points à l’ordre du jour"
        ordering = ["session", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "project"],
                name="project_once_on_an_agenda",
                violation_error_message="Ce projet est déjà à l’ordre du jour de cette séance.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} — {self.session}"

    @property
    def asked_of_the_body(self) -> str:
        """What the body is asked, in the words of the clerk or, without any, in those of its power."""
        if self.asked:
            return self.asked
        usual = "délibérer sur ce projet" if self.session.body.is_deciding else "donner son avis sur ce projet"
        return f"Il est demandé de {usual}."


class DecisionQuerySet(models.QuerySet):
    """Decisions all at once: no more than one by one do they change or go."""

    def update(self, **kwargs: object) -> int:
        raise ValidationError("Une décision proclamée ne se modifie pas.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ValidationError("Une décision proclamée ne s’efface pas.")


def votes_add_up(name: str) -> models.CheckConstraint:
    """Whoever voted is present or has given a power: every vote is counted once, or the totals are not said."""
    return models.CheckConstraint(
        name=name,
        condition=Q(votes_for__isnull=True)
        | Q(votes_against__isnull=True)
        | Q(abstentions__isnull=True)
        | Q(present__isnull=True)
        | Q(powers__isnull=True)
        | Q(
            present=F("votes_for")
            + F("votes_against")
            + F("abstentions")
            + F("blank_votes")
            + F("not_taking_part")
            - F("powers")
        ),
        violation_error_message="Le total des voix n’est pas égal au nombre de votants.",
    )


class Decision(models.Model):
    """What a body decided on an item: outcome, totals, text. Frozen once proclaimed; corrected by a new record."""

    class Ballot(models.TextChoices):
        ORDINARY = "ordinary", "ordinaire"
        PUBLIC = "public", "public"
        SECRET = "secret", "secret"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="decisions")
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")  # proof
    ballot = models.CharField("scrutin", max_length=8, choices=Ballot, default=Ballot.ORDINARY)
    majority = models.CharField("majorité requise", max_length=20, choices=Majority, default=Majority.SIMPLE)
    in_office = models.PositiveSmallIntegerField("en exercice", null=True, blank=True)
    present = models.PositiveSmallIntegerField("présents", null=True, blank=True)
    powers = models.PositiveSmallIntegerField("pouvoirs", null=True, blank=True)
    not_taking_part = models.PositiveSmallIntegerField("ne prennent pas part", default=0)
    not_taking_part_reason = models.CharField("qui, et pourquoi", max_length=300, blank=True)
    votes_for = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    blank_votes = models.PositiveSmallIntegerField("blancs et nuls", default=0)
    chair_votes_for = models.BooleanField("la présidence vote pour", null=True, blank=True)
    outcome = models.CharField("résultat", max_length=20, choices=Outcome)
    text = Text("texte de la décision", max_length=PAGES, blank=True)
    proclaimed_at = models.DateTimeField("proclamé le")
    proclaimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the act stays
    )
    proclaimed_by_name = models.CharField(max_length=150, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = ["proclaimed_at", "pk"]
        constraints = [votes_add_up("votes_add_up_to_the_voters")]

    def save(self, *args: object, **kwargs: object) -> None:
        """A proclaimed decision is an act: it is written once."""
        if not self._state.adding:
            raise ValidationError("Une décision proclamée ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError("Une décision proclamée ne s’efface pas.")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} — {self.item}"

    @property
    def votes_cast(self) -> int | None:
        """Suffrages exprimés: abstentions, blank and null ballots are not votes cast."""
        if self.votes_for is None or self.votes_against is None:
            return None
        return self.votes_for + self.votes_against
