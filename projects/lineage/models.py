"""The shape of a link between two projects, readable from both sides."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cooperation.texts import REASON, Text
from projects.proposals.models import Project
from territories.places.models import Intercommunality


class ProjectLink(models.Model):
    """One project came from another: taken over by it, copied from it, or split off. Never erased, never changed."""

    class Kind(models.TextChoices):
        ABSORBED = "absorbed", "regroupé"
        COPIED = "copied", "copié"
        SPLIT = "split", "détaché"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("nature", max_length=8, choices=Kind)
    origin = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="descents")  # never erased
    result = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="ancestries")  # same
    reason = Text("motif", max_length=REASON, blank=True)
    made_at = models.DateTimeField("fait le")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the name stays below
    )
    made_by_name = models.CharField("fait par", max_length=150)

    class Meta:
        verbose_name = "lien entre projets"
        verbose_name_plural = "liens entre projets"
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="project_does_not_come_from_itself",
                condition=~Q(origin=F("result")),
                violation_error_message="Un projet ne vient pas de lui-même.",
            ),
            models.CheckConstraint(
                name="project_link_has_a_known_kind",
                condition=Q(kind__in=["absorbed", "copied", "split"]),
                violation_error_message="Cette nature de lien n’existe pas.",
            ),
            models.CheckConstraint(
                name="grave_link_has_its_reason",
                condition=Q(kind="copied") | ~Q(reason=""),
                violation_error_message="Dites pourquoi ces projets sont regroupés ou séparés.",
            ),
            models.UniqueConstraint(
                fields=["origin"],
                condition=Q(kind="absorbed"),
                name="absorbed_once",
                violation_error_message="Ce projet est déjà regroupé avec un autre.",
            ),
            models.UniqueConstraint(fields=["result"], name="one_origin_per_result", condition=~Q(kind="absorbed")),
        ]

    def __str__(self) -> str:
        return f"{self.origin} — {self.get_kind_display()} — {self.result}"
