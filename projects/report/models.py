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
