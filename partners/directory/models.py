"""The shape of a partner and of its relay persons."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from territories.places.models import Commune, Intercommunality


class Partner(models.Model):
    """An organisation that is neither the EPCI nor one of its communes, and takes part in its projects."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="partners",  # the directory belongs to the EPCI
    )
    code = models.CharField("numéro", max_length=12, blank=True)
    name = models.CharField("nom", max_length=200)
    role = models.CharField("rôle habituel", max_length=200, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    rna = models.CharField("numéro RNA", max_length=10, blank=True)

    class Meta:
        verbose_name = "partenaire"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "name"],
                name="one_partner_per_name",
                violation_error_message="Un partenaire porte déjà ce nom dans l’annuaire.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Relay(models.Model):
    """A relay person: whom to call in a partner or in a town hall. Professional contact details only."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="relays",  # the directory belongs to the EPCI
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="relays",  # speaks for it, leaves with it
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="relays",  # same for a town hall
    )
    full_name = models.CharField("prénom et nom", max_length=150)
    function = models.CharField("fonction", max_length=150, blank=True)
    phone = models.CharField("téléphone professionnel", max_length=20, blank=True)
    email = models.EmailField("courriel professionnel", blank=True)
    history = HistoricalRecords(excluded_fields=["phone", "email"])  # contact details are erasable

    class Meta:
        verbose_name = "personne relais"
        ordering = ["full_name"]
        constraints = [
            models.CheckConstraint(
                name="relay_speaks_for_one_structure",
                condition=models.Q(partner__isnull=False, commune__isnull=True)
                | models.Q(partner__isnull=True, commune__isnull=False),
                violation_error_message=(
                    "Une personne relais parle pour un partenaire ou pour une commune, pas les deux."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.function}" if self.function else self.full_name
