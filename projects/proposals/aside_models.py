"""The shape of what a person looked at while writing, and found to be another project."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from projects.proposals.models import Project
from territories.places.models import Intercommunality


class SetAside(models.Model):
    """A project that looks like the one being written, and is not the same: it is not shown again as new."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="set_aside")  # means nothing without
    other = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")  # same
    said_on = models.DateField("dit le")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # what was found stays, not the account
    )
    said_by_name = models.CharField("dit par", max_length=150)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "projet proche mis de côté"
        verbose_name_plural = "projets proches mis de côté"
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "other"],
                name="one_project_set_aside_once",
                violation_error_message="Ce projet est déjà mis de côté.",
            ),
            models.CheckConstraint(
                name="a_project_is_not_set_aside_of_itself",
                condition=~Q(project=F("other")),
                violation_error_message="Un projet ne se met pas de côté lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.other} n’est pas {self.project}"
