"""The shape of the health of a project, noted with its reason, and of an action that was decided."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, Text
from partners.directory.models import Partner
from partners.governance.models import Body
from projects.followup import rules
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality


class HealthNote(models.Model):
    """How a project is doing on a day, why, and what would unblock it. Never changed: the next note follows."""

    class Level(models.TextChoices):
        GOOD = "good", "En bonne voie"
        WATCH = "watch", "À surveiller"
        BLOCKED = "alert", "Bloqué"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="health_notes")  # read by the élus
    level = models.CharField("santé du projet", max_length=5, choices=Level)
    reason = Text("pourquoi", max_length=NOTE)
    unblocking = Text("ce qui débloquerait", max_length=NOTE, blank=True)
    noted_on = models.DateField("noté le")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the note stays, not the account
    )
    noted_by_name = models.CharField("noté par", max_length=150)

    class Meta:
        verbose_name = "santé d’un projet"
        verbose_name_plural = "santé des projets"
        ordering = ["project", "-noted_on", "-pk"]
        indexes = [models.Index(fields=["project", "-noted_on", "-id"], name="latest_health")]
        constraints = [
            models.CheckConstraint(
                name="health_has_a_known_level",
                condition=Q(level__in=["good", "watch", "alert"]),
                violation_error_message="Cette santé n’existe pas.",
            ),
            models.CheckConstraint(
                name="health_says_why",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi.",
            ),
            models.CheckConstraint(
                name="what_is_not_well_says_what_would_help",
                condition=Q(level="good") | ~Q(unblocking=""),
                violation_error_message="Dites ce qui débloquerait le projet.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}, le {self.noted_on:%d/%m/%Y}"


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> ActionQuerySet:
        """What remains to be done."""
        return self.filter(done_on__isnull=True, dropped_on__isnull=True)

    def late(self, on: date) -> ActionQuerySet:
        return self.open().filter(due_on__lt=on)


class Action(models.Model):
    """Something that was decided to be done: by whom, by when, and what became of it."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="actions")  # follows a decision
    text = models.CharField("ce qui est à faire", max_length=300)
    who = models.CharField("qui s’en charge", max_length=200, help_text="Une fonction, un service ou une personne.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",  # the words above remain
        verbose_name="personne",
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",  # committed under its name
        verbose_name="commune",
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",  # same
        verbose_name="partenaire",
    )
    due_on = models.DateField("pour le")
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",  # decided there
        verbose_name="décidé par",
    )
    decided_on = models.DateField("décidé le")
    done_on = models.DateField("fait le", null=True, blank=True)
    dropped_on = models.DateField("abandonné le", null=True, blank=True)
    closing_words = models.CharField("ce qui a été fait, ou pourquoi on y renonce", max_length=300, blank=True)
    closed_by_name = models.CharField("clos par", max_length=150, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # what was decided stays, not the account
    )
    written_by_name = models.CharField("écrit par", max_length=150)

    objects = ActionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "action décidée"
        verbose_name_plural = "actions décidées"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["intercommunality", "due_on", "id"], name="actions_by_day")]
        constraints = [
            models.CheckConstraint(
                name="action_is_done_or_dropped_not_both",
                condition=Q(done_on=None) | Q(dropped_on=None),
                violation_error_message="Une action est faite ou abandonnée, pas les deux.",
            ),
            models.CheckConstraint(
                name="dropped_action_says_why",
                condition=Q(dropped_on=None) | ~Q(closing_words=""),
                violation_error_message="Dites pourquoi on y renonce.",
            ),
            models.CheckConstraint(
                name="action_due_after_it_is_decided",
                condition=Q(due_on__gte=F("decided_on")),
                violation_error_message="L’échéance précède la décision.",
            ),
            models.CheckConstraint(
                name="action_says_who",
                condition=~Q(who="") & ~Q(text=""),
                violation_error_message="Dites ce qui est à faire et qui s’en charge.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("projects:actions", args=[self.project_id])

    def clean(self) -> None:
        if any(
            one is not None and one.intercommunality_id != self.intercommunality_id for one in (self.partner, self.body)
        ):
            raise ValidationError("Cette organisation n’est pas de votre intercommunalité.")

    def standing_on(self, today: date) -> rules.Standing:
        return rules.standing_on(today, due_on=self.due_on, done_on=self.done_on, dropped_on=self.dropped_on)
