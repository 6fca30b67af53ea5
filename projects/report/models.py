"""What is remembered of prints."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from territories.places.models import Intercommunality


class PrintChoices(models.Model):
    """What the coordination chose last for the print of an EPCI; one row each, written over."""

    intercommunality = models.OneToOneField(
        Intercommunality,
        on_delete=models.CASCADE,  # a setting goes with what it sets
        related_name="print_choices",
    )
    values = models.JSONField("choix", default=dict)
    changed_at = models.DateTimeField("changés le", auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the choices belong to the EPCI, not to the account
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "choix d’impression"

    def __str__(self) -> str:
        return f"Choix d’impression de {self.intercommunality}"


class PrintVersion(models.Model):
    """A print kept for good: the file that was handed over, and what it said, so that two can be compared."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="print_versions",  # public archive
    )
    number = models.PositiveSmallIntegerField("version")
    label = models.CharField("intitulé", max_length=120)
    adopted_on = models.DateField("adoptée le", null=True, blank=True)
    adopted_by = models.CharField("par la décision", max_length=200, blank=True)
    choices = models.JSONField("choix", default=dict)
    facts = models.JSONField("ce qu’elle dit", default=dict)
    file = models.FileField("document", upload_to="versions/%Y")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    kept_at = models.DateTimeField("gardée le", auto_now_add=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the version belongs to the EPCI, not to the account
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "version imprimée"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "number"],
                name="one_version_of_a_number",
                violation_error_message="Ce numéro de version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number} — {self.label}"
