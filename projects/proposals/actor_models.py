"""The shape of an actor of a project: what it shares, which is the objective, and what it wants, its interests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, Text
from partners.directory.models import Partner, Relay
from partners.people.access import scope_of
from projects.proposals.models import Project
from projects.proposals.places import Placed
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class Actor(Placed):
    """Someone who takes part in a project: a commune, the EPCI, a partner, or a group named in words.

    The actor *endorses* the shared objective, or not; the actor *states* interests of its own. These are two things.
    """

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="actors")  # a part of it
    name = models.CharField("nom", max_length=200)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor_in",  # took part under its name
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor_in",  # same
    )
    is_intercommunality = models.BooleanField("l’intercommunalité elle-même", default=False)
    relay = models.ForeignKey(
        Relay,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actor_in",  # leaving shows as lacking
    )
    relay_to_be_found = models.BooleanField("personne relais à trouver", default=False)
    # The grid of actors bears on organisations, never on persons.
    influence = models.PositiveSmallIntegerField("influence sur le projet, de 0 à 4", null=True, blank=True)
    concern = models.PositiveSmallIntegerField("intérêt pour le projet, de 0 à 4", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "acteur"
        ordering = ["project", "position", "pk"]
        indexes = [
            models.Index(fields=["partner", "project"], name="projects_of_a_partner"),
            models.Index(fields=["commune", "project"], name="projects_of_a_commune"),
        ]
        constraints = [
            models.CheckConstraint(
                name="actor_weighed_from_0_to_4",
                condition=(Q(influence__isnull=True) | Q(influence__lte=4))
                & (Q(concern__isnull=True) | Q(concern__lte=4)),
                violation_error_message="L’influence et l’intérêt se notent de 0 à 4.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(leads=True),
                name="one_lead_per_project",
                violation_error_message="Un seul acteur porte le projet.",
            ),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="one_actor_per_name",
                violation_error_message="Cet acteur est déjà dans le projet.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # The same in the two ways it is asked, of rows and of the database.
    WITH_VOICE = Q(commune__isnull=False) | Q(partner__isnull=False) | Q(is_intercommunality=True)

    @property
    def has_voice(self) -> bool:
        """Whether somebody may answer in its name; a group named in words has no account."""
        return bool(self.commune_id or self.partner_id or self.is_intercommunality)

    def has_spoken(self) -> bool:
        """Whether it has answered on the objective, or somebody else than the author has written in its name.

        From then on its name and its words are its own: the author of the project no longer changes them.
        """
        if not self.has_voice or self.pk is None:
            return False
        written = Interest.history.filter(actor_id=self.pk).exclude(history_user=None)
        return self.endorsements.exists() or written.exclude(history_user=self.project.author_id).exists()

    @property
    def has_relay(self) -> bool:
        """Whether somebody answers for it; for the EPCI itself, its coordination does."""
        return self.relay_id is not None or self.is_intercommunality

    @property
    def answered_by(self) -> str:
        """Who is called there, in words."""
        if self.relay:
            return self.relay.full_name
        return "la coordination" if self.is_intercommunality else "à trouver"


class InterestQuerySet(models.QuerySet["Interest"]):
    def shared(self) -> InterestQuerySet:
        """What the actors let everyone read: nothing else is printed."""
        return self.filter(visibility=Interest.Visibility.EVERYONE)

    def visible_to(self, user: User) -> InterestQuerySet:
        """What the actors let this person read: their own members, the other actors of the project, everyone."""
        # Each looks for the actors of its own project: the interests of one project are asked for, never all of them.
        there = Exists(Actor.objects.filter(spoken_by(user), project=OuterRef("actor__project")))
        among = Q(there, visibility=Interest.Visibility.ACTORS)
        return self.filter(Q(visibility=Interest.Visibility.EVERYONE) | spoken_by(user, of="actor__") | among)


def spoken_by(user: User, of: str = "") -> Q:
    """The actors in whose name the person speaks; `of` leads to them from another table (« actor__ »)."""
    scope = scope_of(user)
    epcis = scope.where("review_projects")
    return (
        Q(**{f"{of}partner__in": scope.partners})
        | Q(**{f"{of}commune__in": scope.communes})
        | Q(**{f"{of}is_intercommunality": True, f"{of}intercommunality__in": epcis})
    )


class Interest(models.Model):
    """What an actor wants for itself: never merged with the shared objective (belief B2)."""

    class Contribution(models.TextChoices):
        MONEY = "money", "de l’argent"
        PEOPLE = "people", "des personnes"
        PREMISES = "premises", "des locaux"
        KNOWLEDGE = "knowledge", "un savoir-faire"

    class Strength(models.IntegerChoices):
        LIGHT = 1, "secondaire"
        REAL = 2, "important"
        VITAL = 3, "décisif"

    class Visibility(models.TextChoices):
        OWN = "own", "ses propres membres"
        ACTORS = "actors", "les acteurs du projet"
        EVERYONE = "everyone", "toutes les personnes qui voient le projet"

    class Stance(models.TextChoices):
        CONVERGENT = "convergent", "convergent"
        COMPATIBLE = "compatible", "compatible"
        DIVERGENT = "divergent", "divergent"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="interests")  # its own words
    text = Text("intérêt", max_length=NOTE)
    gains = Text("ce qu’il y gagne", max_length=500, blank=True)
    gives = Text("ce qu’il apporte", max_length=NOTE, blank=True)
    contribution = models.CharField("nature de l’apport", max_length=10, choices=Contribution, blank=True)
    fears = Text("ce qu’il craint", max_length=NOTE, blank=True)
    stance = models.CharField("rapport à l’objectif", max_length=10, choices=Stance, blank=True)
    strength = models.PositiveSmallIntegerField("force", choices=Strength, null=True, blank=True)
    visibility = models.CharField("visible par", max_length=8, choices=Visibility, default=Visibility.EVERYONE)
    objects = InterestQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "intérêt"
        ordering = ["actor__position", "pk"]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def told_readers(cls) -> dict[str, str]:
        """Who may read it, told to somebody who does: what is kept among members is shown to one of them alone."""
        return dict(cls.Visibility.choices) | {cls.Visibility.OWN.value: "les membres de votre organisation"}

    @property
    def readers(self) -> str:
        return self.told_readers()[self.visibility]


class Endorsement(models.Model):
    """An actor endorses a version of the shared objective, or declines to, by name and date (belief B1)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="endorsements")  # its own act
    objective_version = models.PositiveSmallIntegerField("version de l’objectif")
    endorses = models.BooleanField("partage l’objectif")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the act stays, not the account
    )
    given_by_name = models.CharField("donné par", max_length=150)
    given_on = models.DateField("donné le")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "partage de l’objectif"
        ordering = ["-given_on"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "objective_version"], name="one_endorsement_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.actor} — version {self.objective_version}"
