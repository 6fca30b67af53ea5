"""The shape of a private mark: a star, and a few words for oneself."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from projects.proposals.models import Project
from territories.places.models import Intercommunality


class MarkQuerySet(models.QuerySet["Mark"]):
    def of(self, person: object) -> MarkQuerySet:
        """The marks of one person: there is no other way to read any."""
        return self.filter(person=person)


class Mark(models.Model):
    """A project that a person wants to find again; without history, for what is private leaves no trace."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="marks")  # theirs alone
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="marks")  # says nothing without it
    note = models.CharField("note pour vous", max_length=200, blank=True)
    marked_at = models.DateTimeField("marqué le", auto_now_add=True)
    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = "marque personnelle"
        verbose_name_plural = "marques personnelles"
        ordering = ["-marked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project"],
                name="one_mark_per_person_and_project",
                violation_error_message="Vous avez déjà marqué ce projet.",
            )
        ]

    def __str__(self) -> str:
        return self.note or "★"
