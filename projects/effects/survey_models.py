"""The shape of a survey of beneficiaries: whom, when, how many answers by score, and words that name nobody.

There is no row for an answer, and nothing about a person: a later public form adds one to a count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, Text
from partners.people.access import scope_of
from projects.effects.satisfaction import Result, is_masked, result_of
from projects.proposals.models import Project
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: User) -> SurveyQuerySet:
        """With the project it is about; without one, with the EPCI where the person has a place."""
        if user.is_superuser:
            return self
        seen = Q(project__isnull=False) & Project.objects.visibility(user, of="project__")
        return self.filter(seen | Q(project=None, intercommunality__in=scope_of(user).intercommunalities))


class Survey(models.Model):
    """What beneficiaries of a project or of a service were asked, and what they answered, all together."""

    class Channel(models.TextChoices):
        PAPER = "paper", "Sur papier"
        ONLINE = "online", "En ligne"
        PHONE = "phone", "Par téléphone"
        FACE = "face", "De vive voix"
        MIXED = "mixed", "De plusieurs façons"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="surveys",  # stands in its file
        verbose_name="projet",
    )
    title = models.CharField("enquête", max_length=200)
    service = models.CharField("service", max_length=200)
    audience = models.CharField("qui a été interrogé", max_length=200)
    channel = models.CharField("comment", max_length=6, choices=Channel, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    sent = models.PositiveIntegerField("personnes interrogées", null=True, blank=True)
    is_random = models.BooleanField("elles ont été tirées au sort", default=False)
    score_1 = models.PositiveIntegerField("réponses 1, pas du tout satisfait", default=0)
    score_2 = models.PositiveIntegerField("réponses 2", default=0)
    score_3 = models.PositiveIntegerField("réponses 3", default=0)
    score_4 = models.PositiveIntegerField("réponses 4", default=0)
    score_5 = models.PositiveIntegerField("réponses 5, très satisfait", default=0)
    silent = Text("qui n’a pas répondu", max_length=NOTE, blank=True)
    written_by_name = models.CharField("saisi par", max_length=150)

    objects = SurveyQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "enquête de satisfaction"
        verbose_name_plural = "enquêtes de satisfaction"
        ordering = ["-ends_on", "-pk"]
        indexes = [models.Index(fields=["intercommunality", "-ends_on", "-id"], name="surveys_by_day")]
        constraints = [
            models.CheckConstraint(
                name="survey_says_what_of_whom",
                condition=~Q(title="") & ~Q(service="") & ~Q(audience=""),
                violation_error_message="Une enquête a un titre, un service et des personnes interrogées.",
            ),
            models.CheckConstraint(
                name="survey_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de l’enquête précède son début.",
            ),
            models.CheckConstraint(
                name="no_more_answers_than_people_asked",
                condition=Q(sent=None)
                | Q(sent__gte=F("score_1") + F("score_2") + F("score_3") + F("score_4") + F("score_5")),
                violation_error_message="Il y a plus de réponses que de personnes interrogées.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:survey", args=[self.pk])

    @property
    def counts(self) -> tuple[int, ...]:
        return (self.score_1, self.score_2, self.score_3, self.score_4, self.score_5)

    @property
    def is_masked(self) -> bool:
        return is_masked(self.counts)

    @property
    def result(self) -> Result | None:
        """The only door to the figures: nothing below five answers."""
        return result_of(self.counts, sent=self.sent, is_random=self.is_random)


class VerbatimQuerySet(models.QuerySet["Verbatim"]):
    def moderated(self) -> VerbatimQuerySet:
        return self.filter(moderated_at__isnull=False)


class Verbatim(models.Model):
    """Words of somebody unknown, read over before anyone else reads them.

    No history, and removed for good: words in which somebody could be recognised must leave no trace.
    """

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="verbatims")  # a part of it
    text = models.CharField("parole", max_length=500)
    moderated_at = models.DateTimeField("relue le", null=True, blank=True)
    moderated_by_name = models.CharField("relue par", max_length=150, blank=True)

    objects = VerbatimQuerySet.as_manager()

    class Meta:
        verbose_name = "parole recueillie"
        verbose_name_plural = "paroles recueillies"
        ordering = ["survey", "pk"]
        constraints = [
            models.CheckConstraint(
                name="verbatim_says_something",
                condition=~Q(text=""),
                violation_error_message="Écrivez la parole recueillie.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
