"""The shape of pooling: the scheme, the shared services, what each costs in a year and by which key it is shared.

Amounts are euros, decimals, never floats.
"""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import PAGES, TEXT, Text
from territories.levers.legal_forms import LegalForm, article_of
from territories.places.models import Commune, Intercommunality

ZERO = Decimal("0.00")
COST_PARTS = {  # CGCT, art. D. 5211-16
    "staff_cost": "charges de personnel",
    "supplies_cost": "fournitures",
    "renewal_cost": "renouvellement des biens",
    "contracts_cost": "contrats de services rattachés",
}
OPINION_MONTHS = 3  # CGCT, art. L. 5211-39-1: three months, silence is favourable


class PoolingScheme(models.Model):
    """The schéma de mutualisation of a mandate (CGCT, art. L. 5211-39-1); an approved version no longer changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en préparation"
        SENT = "sent", "transmis aux communes"
        APPROVED = "approved", "approuvé"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="pooling_schemes",  # public archive
    )
    title = models.CharField("titre", max_length=200, default="Schéma de mutualisation")
    starts_year = models.PositiveSmallIntegerField("première année")
    ends_year = models.PositiveSmallIntegerField("dernière année")
    version = models.PositiveSmallIntegerField("version", default=1)
    is_current = models.BooleanField("version courante", default=True)
    status = models.CharField("état", max_length=8, choices=Status, default=Status.DRAFT)
    sent_on = models.DateField("transmis aux communes le", null=True, blank=True)
    approval_planned_on = models.DateField("approbation prévue le", null=True, blank=True)
    approved_on = models.DateField("approuvé le", null=True, blank=True)
    text = Text("ce que dit le schéma", max_length=PAGES, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "schéma de mutualisation"
        ordering = ["-is_current", "-starts_year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "starts_year", "version"],
                name="one_scheme_per_version",
                violation_error_message="Cette version du schéma existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["intercommunality"],
                condition=Q(is_current=True),
                name="one_current_scheme",
                violation_error_message="Un schéma de mutualisation est déjà courant pour cette intercommunalité.",
            ),
            models.CheckConstraint(
                name="scheme_ends_after_it_starts",
                condition=Q(ends_year__gte=F("starts_year")),
                violation_error_message="La dernière année du schéma précède la première.",
            ),
            models.CheckConstraint(
                name="sent_scheme_has_its_date",
                condition=Q(status="draft") | Q(sent_on__isnull=False),
                violation_error_message="Un schéma transmis aux communes porte sa date d’envoi.",
            ),
            models.CheckConstraint(
                name="approved_scheme_has_its_date",
                condition=~Q(status="approved") | Q(approved_on__isnull=False),
                violation_error_message="Un schéma approuvé porte sa date d’approbation.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_year}-{self.ends_year}"

    @property
    def opinions_due_on(self) -> date | None:
        """The day after which a commune that said nothing is favourable (CGCT, art. L. 5211-39-1)."""
        if self.sent_on is None:
            return None
        months = self.sent_on.month - 1 + OPINION_MONTHS
        year, month = self.sent_on.year + months // 12, months % 12 + 1
        return date(year, month, min(self.sent_on.day, calendar.monthrange(year, month)[1]))


class SharedService(models.Model):
    """A service, a purchase or a piece of equipment that the EPCI and communes share, under a legal form."""

    class Status(models.TextChoices):
        PLANNED = "planned", "en projet"
        RUNNING = "running", "en service"
        ENDED = "ended", "terminé"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="shared_services")
    name = models.CharField("nom", max_length=200)
    purpose = models.CharField("objet", max_length=300, blank=True)
    legal_form = models.CharField("forme juridique", max_length=16, choices=LegalForm)
    status = models.CharField("état", max_length=8, choices=Status, default=Status.RUNNING)
    holder = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,  # none: the EPCI itself
        related_name="held_services",  # it employs the staff
        verbose_name="commune qui porte le service",
    )
    participants = models.ManyToManyField(
        Commune, blank=True, related_name="shared_services", verbose_name="communes participantes"
    )
    participant_count = models.PositiveSmallIntegerField(
        "nombre de communes annoncé", null=True, blank=True, help_text="Quand leurs noms ne sont pas encore connus."
    )
    staff = models.DecimalField(
        "effectif, en équivalents temps plein",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )
    announced_cost = models.DecimalField(
        "coût annuel annoncé, en euros",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )
    key_in_words = models.CharField("clé de répartition, en une phrase", max_length=200, blank=True)
    starts_on = models.DateField("en service depuis le", null=True, blank=True)
    note = Text("remarque", max_length=TEXT, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords(m2m_fields=[participants])

    class Meta:
        verbose_name = "service mutualisé"
        verbose_name_plural = "services mutualisés"
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "name"],
                name="one_service_per_name",
                violation_error_message="Un service mutualisé porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("territories:service", args=[self.pk])

    @property
    def article(self) -> str:
        return article_of(self.legal_form, self.intercommunality.kind)


class ServiceYear(models.Model):
    """What a service costs in a year and how it is shared; a change is a new version, the old one stays."""

    class Stage(models.TextChoices):
        FORECAST = "forecast", "prévu"
        ACTUAL = "actual", "réalisé"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(SharedService, on_delete=models.PROTECT, related_name="years")  # amounts were called
    year = models.PositiveSmallIntegerField("année")
    version = models.PositiveSmallIntegerField("version", default=1)
    is_current = models.BooleanField("version courante", default=True)
    stage = models.CharField("coût", max_length=8, choices=Stage, default=Stage.FORECAST)
    total_cost = models.DecimalField(
        "coût total, en euros", max_digits=14, decimal_places=2, validators=[MinValueValidator(ZERO)]
    )
    staff_cost, supplies_cost, renewal_cost, contracts_cost = (
        models.DecimalField(
            f"{label}, en euros",
            max_digits=14,
            decimal_places=2,
            null=True,
            blank=True,
            validators=[MinValueValidator(ZERO)],
        )
        for label in COST_PARTS.values()
    )
    other_revenue = models.DecimalField(
        "autres recettes, en euros",
        max_digits=14,
        decimal_places=2,
        default=ZERO,
        validators=[MinValueValidator(ZERO)],
    )
    epci_share_percent = models.DecimalField(
        "part de l’intercommunalité, en %",
        max_digits=5,
        decimal_places=2,
        default=ZERO,
        validators=[MinValueValidator(ZERO), MaxValueValidator(Decimal(100))],
    )
    report = Text("bilan de l’année", max_length=TEXT, blank=True)
    written_by_name = models.CharField("écrit par", max_length=150, blank=True)
    written_at = models.DateTimeField("écrit le", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "année d’un service"
        verbose_name_plural = "années d’un service"
        ordering = ["service", "-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["service", "year", "version"], name="one_service_year_per_version"),
            models.UniqueConstraint(
                fields=["service", "year"],
                condition=Q(is_current=True),
                name="one_current_service_year",
                violation_error_message="Une seule version est courante pour cette année.",
            ),
            models.CheckConstraint(
                name="service_year_amounts_make_sense",
                condition=Q(total_cost__gte=0, other_revenue__gte=0)
                & Q(epci_share_percent__gte=0, epci_share_percent__lte=100),
                violation_error_message="Les montants sont positifs, la part de l’intercommunalité entre 0 et 100 %.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} — {self.year}"

    def clean(self) -> None:
        # Here rather than in the database: SQLite would add decimals up as floats.
        parts = self.cost_parts
        if parts and sum(parts.values()) != self.total_cost:
            raise ValidationError({"total_cost": "Le coût total n’est pas la somme de son détail."})

    @property
    def cost_parts(self) -> dict[str, Decimal]:
        """The detail of the cost by name of field, zeros included; empty when no part is written."""
        found = {name: getattr(self, name) for name in COST_PARTS}
        if all(amount is None for amount in found.values()):
            return {}
        return {name: amount or ZERO for name, amount in found.items()}


class SharingCriterion(models.Model):
    """One component of a key, with its weight out of a hundred; values are copied, so that past shares never move."""

    class Kind(models.TextChoices):
        TOTAL_POPULATION = "ptot", "population totale"
        MUNICIPAL_POPULATION = "pmun", "population municipale"
        EQUAL = "equal", "part égale"
        USE = "use", "usage"
        FIXED = "fixed", "quote-part fixée"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    service_year = models.ForeignKey(ServiceYear, on_delete=models.CASCADE, related_name="criteria")  # a part of it
    kind = models.CharField("nature", max_length=5, choices=Kind)
    label = models.CharField("nom", max_length=80)
    unit = models.CharField("unité", max_length=30, blank=True)
    weight = models.PositiveSmallIntegerField("poids", validators=[MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "critère de répartition"
        verbose_name_plural = "critères de répartition"
        ordering = ["service_year", "position"]
        constraints = [
            models.CheckConstraint(
                name="sharing_weight_is_out_of_a_hundred",
                condition=Q(weight__gte=0, weight__lte=100),
                violation_error_message="Un poids tient entre 0 et 100.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.weight} %)"


class CriterionValue(models.Model):
    """The value of a criterion for one commune, as it was when the key was written."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(SharingCriterion, on_delete=models.CASCADE, related_name="values")  # a part of it
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")  # it was charged upon this
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4, validators=[MinValueValidator(ZERO)])

    class Meta:
        verbose_name = "valeur d’un critère"
        verbose_name_plural = "valeurs d’un critère"
        constraints = [
            models.UniqueConstraint(fields=["criterion", "commune"], name="one_value_per_commune"),
            models.CheckConstraint(
                name="criterion_value_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="Une valeur ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.value}"
