"""The shape of a self-assessment: a group, a month, a score from 0 to 4 for each dimension with a sentence of proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.french import MONTHS, NBSP
from partners.people.access import scope_of
from projects.diagnosis.dimensions import MOST, Dimension
from projects.proposals.models import Project
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> AssessmentQuerySet:
        """All those of an EPCI whose projects the person reads; otherwise, those about a project that they see."""
        scope = scope_of(user)
        epcis = scope.where("view_projects") | scope.where("review_projects")
        seen = Project.objects.visibility(user, of="project__", each=True)
        about = Exists(Assessment.projects.through.objects.filter(seen, assessment=OuterRef("pk")))
        return self.filter(Q(intercommunality__in=epcis) | about)


class Assessment(models.Model):
    """What a group says of its own cooperation, all together; never one person about another."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    group = models.CharField("groupe", max_length=120)
    assessed_on = models.DateField("faite le")
    projects = models.ManyToManyField(Project, related_name="assessments", blank=True, verbose_name="projets")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the words of the group stay, not the account that wrote them down
        null=True,
        blank=True,
        related_name="+",
    )
    objects = AssessmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "auto-évaluation de la coopération"
        verbose_name_plural = "auto-évaluations de la coopération"
        ordering = ["group", "-assessed_on"]
        indexes = [models.Index(fields=["intercommunality", "group", "-assessed_on"], name="assessments_of_a_group")]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "group", "assessed_on"],
                name="one_assessment_per_group_and_day",
                violation_error_message="Ce groupe s’est déjà évalué ce jour-là : corrigez cette évaluation.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}, {self.month}"

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:diagnosis')}#evaluation-{self.pk}"

    @property
    def month(self) -> str:
        """« octobre 2026 »: a group takes more than one evening."""
        return f"{MONTHS[self.assessed_on.month - 1]}{NBSP}{self.assessed_on.year}"


class Score(models.Model):
    """What a group gives itself on one dimension, and the sentence that proves it."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")  # a part of it
    dimension = models.CharField("dimension", max_length=9, choices=Dimension)
    value = models.PositiveSmallIntegerField("note, de 0 à 4")
    evidence = models.CharField("ce qui le montre", max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "note d’une dimension"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "dimension"],
                name="one_score_per_dimension",
                violation_error_message="Cette dimension est déjà notée.",
            ),
            models.CheckConstraint(
                name="score_from_0_to_4",
                condition=Q(value__lte=MOST),
                violation_error_message="Une dimension se note de 0 à 4.",
            ),
            models.CheckConstraint(
                name="score_of_a_known_dimension",
                condition=Q(dimension__in=Dimension.values),
                violation_error_message="Cette dimension n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()} : {self.value}"
