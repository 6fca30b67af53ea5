"""The shape of places: intercommunality, commune, population in force, outline."""

from __future__ import annotations

from django.db import models

from cooperation.alphabetical import Alphabetical
from cooperation.french import counted
from cooperation.texts import NOTE, Text
from territories.places.identifiers import validate_siren, validate_siret


class Intercommunality(models.Model):
    """An EPCI à fiscalité propre (or the Métropole de Lyon): the frame in which everything happens."""

    class Kind(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METRO = "METRO", "métropole"
        MET69 = "MET69", "métropole de Lyon"

    class TaxRegime(models.TextChoices):
        FPU = "FPU", "fiscalité professionnelle unique"
        FA = "FA", "fiscalité additionnelle"

    siren = models.CharField("SIREN", max_length=9, unique=True, validators=[validate_siren])
    siret = models.CharField("SIRET du siège", max_length=14, blank=True, validators=[validate_siret])
    name = models.CharField("nom", max_length=200)
    short_name = models.CharField("sigle", max_length=40, blank=True)
    kind = models.CharField("forme juridique", max_length=5, choices=Kind)
    tax_regime = models.CharField("régime fiscal", max_length=3, choices=TaxRegime, blank=True)
    department_code = models.CharField("département du siège", max_length=3, blank=True)
    address = Text("adresse du siège", max_length=NOTE, blank=True)
    email = models.EmailField("courriel", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    website = models.URLField("site", blank=True)
    council_seats = models.PositiveSmallIntegerField("sièges au conseil", null=True, blank=True)
    is_demo = models.BooleanField("territoire de démonstration", default=False)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["name"]
        # Rights on an EPCI: roles are granted here (few rows), sharing on the project.
        permissions = [
            ("view_projects", "Voir tous les projets de l’intercommunalité"),
            ("submit_projects", "Proposer des projets"),
            ("open_political_projects", "Ouvrir un projet issu du débat politique"),
            ("review_projects", "Instruire les projets"),
            ("plan_sessions", "Préparer et tenir les séances"),
            ("manage_strategy", "Tenir l’arbre stratégique"),
            ("print_report", "Imprimer le projet de territoire"),
            ("view_sessions", "Lire les convocations, ordres du jour et décisions"),
            ("manage_people", "Gérer les personnes et leurs rôles"),
            ("manage_bodies", "Tenir les instances, leurs sièges, les délégations et le circuit des projets"),
            ("view_directory", "Consulter l’annuaire des partenaires"),
            ("manage_directory", "Tenir l’annuaire des partenaires et inviter leurs relais"),
            ("manage_competences", "Tenir les compétences et les accords de mise en œuvre"),
            ("view_consultations", "Suivre les consultations des communes"),
            ("manage_consultations", "Préparer et tenir les consultations des communes"),
            ("view_levers", "Lire le schéma de mutualisation et le pacte financier"),
            ("manage_levers", "Tenir le schéma de mutualisation et le pacte financier"),
        ]

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune of the official geographic code; delegated and associated communes are not communes here."""

    insee_code = models.CharField("code INSEE", max_length=5, unique=True)  # text: 01001, 2A004
    name = models.CharField("nom", max_length=200)
    tncc = models.CharField("article (TNCC)", max_length=1, default="0")
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    siret = models.CharField("SIRET de la mairie", max_length=14, blank=True)
    department_code = models.CharField("département", max_length=3)
    region_code = models.CharField("région", max_length=2, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    description = models.CharField("caractère", max_length=200, blank=True)
    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,  # an EPCI with members is never removed from under them
        null=True,  # four island communes belong to none
        blank=True,
        related_name="communes",
        verbose_name="intercommunalité",
    )
    council_seats = models.PositiveSmallIntegerField("sièges au conseil communautaire", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = [Alphabetical("name"), "insee_code"]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """The legal populations in force in a given year: municipal (PMUN), counted apart (PCAP), total (PTOT)."""

    commune = models.ForeignKey(
        Commune,
        on_delete=models.CASCADE,
        related_name="populations",  # a figure means nothing without its commune
    )
    year_in_force = models.PositiveSmallIntegerField("en vigueur au 1er janvier")
    municipal = models.PositiveIntegerField("population municipale")
    counted_apart = models.PositiveIntegerField("population comptée à part", default=0)

    class Meta:
        verbose_name = "population"
        constraints = [
            models.UniqueConstraint(fields=["commune", "year_in_force"], name="one_population_per_commune_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.commune} {self.year_in_force} : {counted(self.total, 'habitant')}"

    @property
    def total(self) -> int:
        """PTOT, the population of qualified majorities (CGCT, art. R. 2151-2)."""
        return self.municipal + self.counted_apart


class Outline(models.Model):
    """The outline of a commune, of the year of its source: it may be older than a merger."""

    commune = models.OneToOneField(Commune, on_delete=models.CASCADE, related_name="outline")  # drawn with it or not
    geometry = models.JSONField("contour (GeoJSON, WGS 84)")
    vintage = models.PositiveSmallIntegerField("millésime", null=True, blank=True)

    class Meta:
        verbose_name = "contour"

    def __str__(self) -> str:
        return f"Contour de {self.commune}"


__all__ = ["Commune", "Intercommunality", "Outline", "Population", "validate_siren"]
