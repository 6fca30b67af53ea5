"""The shape of the financial and fiscal pact: its text, its years, what each commune receives and pays.

Amounts are euros, decimals, never floats. A signed amount is told from the commune: positive when it receives.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cooperation.texts import PAGES, TEXT, Text
from territories.places.models import Commune, Intercommunality

ZERO = Decimal("0.00")
POSITIVE = [MinValueValidator(ZERO)]


def euros_field(label: str, **options: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2, **options)


class FinancialPact(models.Model):
    """The pacte financier et fiscal of a mandate (CGCT, art. L. 5211-28-4 III); once adopted, a version stays."""

    class Status(models.TextChoices):
        DRAFT = "draft", "en projet"
        ADOPTED = "adopted", "adopté"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="financial_pacts",  # public archive
    )
    title = models.CharField("titre", max_length=200, default="Pacte financier et fiscal")
    starts_year = models.PositiveSmallIntegerField("première année")
    ends_year = models.PositiveSmallIntegerField("dernière année")
    version = models.PositiveSmallIntegerField("version", default=1)
    is_current = models.BooleanField("version courante", default=True)
    status = models.CharField("état", max_length=8, choices=Status, default=Status.DRAFT)
    drafted_on = models.DateField("projet arrêté le", null=True, blank=True)
    adopted_on = models.DateField("adopté le", null=True, blank=True)
    text = Text("ce que dit le pacte", max_length=PAGES, blank=True)
    fund_percent_ceiling = models.DecimalField(
        "fonds de concours : plafond, en % du coût",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[*POSITIVE, MaxValueValidator(Decimal(100))],
    )
    fund_amount_ceiling = euros_field(
        "fonds de concours : plafond par équipement, en euros", null=True, blank=True, validators=POSITIVE
    )
    fund_envelope = euros_field(
        "fonds de concours : enveloppe par an, en euros", null=True, blank=True, validators=POSITIVE
    )
    fund_requests_per_year = models.PositiveSmallIntegerField(
        "fonds de concours : demandes par commune et par an", null=True, blank=True
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "pacte financier et fiscal"
        verbose_name_plural = "pactes financiers et fiscaux"
        ordering = ["-is_current", "-starts_year", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "starts_year", "version"],
                name="one_pact_per_version",
                violation_error_message="Cette version du pacte existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["intercommunality"],
                condition=Q(is_current=True),
                name="one_current_pact",
                violation_error_message="Un pacte financier est déjà courant pour cette intercommunalité.",
            ),
            models.CheckConstraint(
                name="pact_ends_after_it_starts",
                condition=Q(ends_year__gte=F("starts_year")),
                violation_error_message="La dernière année du pacte précède la première.",
            ),
            models.CheckConstraint(
                name="adopted_pact_has_its_date",
                condition=Q(status="draft") | Q(adopted_on__isnull=False),
                violation_error_message="Un pacte adopté porte sa date d’adoption.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_year}-{self.ends_year}"


class PactYear(models.Model):
    """A budget year of the EPCI; it hangs on the EPCI, because the amounts outlive the versions of the pact."""

    class EqualisationMode(models.TextChoices):
        COMMON = "common", "droit commun"
        THIRTY = "thirty", "dérogation à 30 %"
        FREE = "free", "dérogation libre"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="pact_years")
    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    equalisation_mode = models.CharField(
        "répartition du FPIC", max_length=6, choices=EqualisationMode, default=EqualisationMode.COMMON
    )
    note = Text("remarque", max_length=TEXT, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "année du pacte"
        verbose_name_plural = "années du pacte"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "year"],
                name="one_pact_year",
                violation_error_message="Cette année est déjà ouverte.",
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class PactAmount(models.Model):
    """What a commune receives (positive) or pays (negative) in a year, for one reason; one line per reason."""

    class Kind(models.TextChoices):
        COMPENSATION = "ac", "attribution de compensation"
        GRANT = "dsc", "dotation de solidarité"  # when only its amounts are known, without the criteria
        EQUALISATION = "fpic", "FPIC"
        OTHER = "other", "autre flux"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    pact_year = models.ForeignKey(PactYear, on_delete=models.CASCADE, related_name="amounts")  # a part of it
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="pact_amounts")  # it was paid
    kind = models.CharField("nature", max_length=5, choices=Kind)
    amount = euros_field("montant, positif si la commune reçoit")
    charges_transferred = euros_field("charges transférées dans l’année", default=ZERO, validators=POSITIVE)
    charges_returned = euros_field("charges rendues dans l’année", default=ZERO, validators=POSITIVE)
    common_rule = euros_field("montant de droit commun", null=True, blank=True)  # FPIC only
    history = HistoricalRecords()

    class Meta:
        verbose_name = "montant du pacte"
        verbose_name_plural = "montants du pacte"
        ordering = ["pact_year", "kind", "commune"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact_year", "commune", "kind"],
                name="one_pact_amount_per_reason",
                violation_error_message="Ce montant est déjà inscrit pour cette commune.",
            ),
            models.CheckConstraint(
                name="charges_belong_to_the_compensation",
                condition=Q(kind="ac") | Q(charges_transferred=0, charges_returned=0),
                violation_error_message="Seule l’attribution de compensation porte des charges.",
            ),
            models.CheckConstraint(
                name="charges_are_not_negative",
                condition=Q(charges_transferred__gte=0, charges_returned__gte=0),
                violation_error_message="Des charges ne peuvent pas être négatives : écrivez-les dans l’autre colonne.",
            ),
            models.CheckConstraint(
                name="common_rule_belongs_to_the_fpic",
                condition=Q(kind="fpic") | Q(common_rule__isnull=True),
                violation_error_message="Seul le FPIC a un montant de droit commun.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune}, {self.get_kind_display()} : {self.amount} €"

    @property
    def is_received(self) -> bool:
        """The direction of the flow: towards the commune, or from it."""
        return self.amount >= 0


class EquipmentFund(models.Model):
    """A fonds de concours for one equipment, between the EPCI and a commune, with what the ceiling is computed on."""

    class Direction(models.TextChoices):
        TO_COMMUNE = "to", "versé à la commune"
        FROM_COMMUNE = "from", "versé par la commune"

    class Stage(models.TextChoices):
        ASKED = "asked", "demandé"
        VOTED = "voted", "délibéré"
        PAID = "paid", "versé"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    pact_year = models.ForeignKey(PactYear, on_delete=models.CASCADE, related_name="funds")  # a part of it
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        related_name="equipment_funds",
        verbose_name="commune",  # a party
    )
    equipment = models.CharField("équipement financé", max_length=200)
    direction = models.CharField("sens", max_length=4, choices=Direction, default=Direction.TO_COMMUNE)
    stage = models.CharField("où en est-on", max_length=5, choices=Stage, default=Stage.ASKED)
    amount = euros_field("montant du fonds de concours", validators=POSITIVE)
    cost = euros_field("coût de l’équipement", validators=POSITIVE)
    subsidies = euros_field("subventions, hors fonds de concours", default=ZERO, validators=POSITIVE)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "fonds de concours"
        verbose_name_plural = "fonds de concours"
        ordering = ["pact_year", "commune", "equipment"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact_year", "commune", "equipment", "direction"],
                name="one_fund_per_equipment",
                violation_error_message="Ce fonds de concours est déjà inscrit pour cette année.",
            ),
            models.CheckConstraint(
                name="fund_amounts_are_not_negative",
                condition=Q(amount__gte=0, cost__gte=0, subsidies__gte=0),
                violation_error_message="Les montants d’un fonds de concours ne peuvent pas être négatifs.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment} ({self.commune})"

    @property
    def counts(self) -> bool:
        """A request is not money yet."""
        return self.stage != self.Stage.ASKED

    @property
    def signed_amount(self) -> Decimal:
        """Told from the commune: positive when it receives."""
        return self.amount if self.direction == self.Direction.TO_COMMUNE else -self.amount


class SolidarityGrant(models.Model):
    """The dotation de solidarité communautaire of a year; each change is a version, an adopted one never changes."""

    class Stage(models.TextChoices):
        DRAFT = "draft", "en projet"
        ADOPTED = "adopted", "adoptée"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    pact_year = models.ForeignKey(PactYear, on_delete=models.PROTECT, related_name="grants")  # it was voted
    version = models.PositiveSmallIntegerField("version", default=1)
    stage = models.CharField("état", max_length=7, choices=Stage, default=Stage.DRAFT)
    total = euros_field("montant total, en euros", validators=POSITIVE)
    votes_for = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    decided_on = models.DateField("adoptée le", null=True, blank=True)
    note = models.CharField("ce qui change", max_length=300, blank=True)
    written_by_name = models.CharField("écrite par", max_length=150, blank=True)
    written_at = models.DateTimeField("écrite le", auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "dotation de solidarité"
        verbose_name_plural = "dotations de solidarité"
        ordering = ["pact_year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["pact_year", "version"], name="one_grant_per_version"),
            models.CheckConstraint(
                name="grant_is_not_negative",
                condition=Q(total__gte=0),
                violation_error_message="Une dotation de solidarité ne peut pas être négative.",
            ),
            models.CheckConstraint(
                name="adopted_grant_has_its_votes",
                condition=Q(stage="draft") | Q(votes_for__isnull=False, votes_against__isnull=False),
                violation_error_message="Une dotation adoptée porte son vote : pour et contre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Dotation de solidarité {self.pact_year}, version {self.version}"


class GrantCriterion(models.Model):
    """One criterion of the grant, with its weight out of a hundred; income and potential are those of the law."""

    class Kind(models.TextChoices):
        INCOME = "income", "revenu par habitant"
        POTENTIAL = "potential", "potentiel financier ou fiscal par habitant"
        POPULATION = "population", "population"
        OTHER = "other", "autre critère"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(SolidarityGrant, on_delete=models.CASCADE, related_name="criteria")  # a part of it
    kind = models.CharField("nature", max_length=10, choices=Kind)
    label = models.CharField("nom", max_length=80)
    unit = models.CharField("unité", max_length=30, blank=True)
    weight = models.PositiveSmallIntegerField("poids", validators=[MaxValueValidator(100)])
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "critère de la dotation"
        verbose_name_plural = "critères de la dotation"
        ordering = ["grant", "position"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "position"], name="one_grant_criterion_per_place"),
            models.CheckConstraint(
                name="grant_weight_is_out_of_a_hundred",
                condition=Q(weight__gte=0, weight__lte=100),
                violation_error_message="Un poids tient entre 0 et 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.weight} %)"

    @property
    def is_legal(self) -> bool:
        return self.kind in {self.Kind.INCOME, self.Kind.POTENTIAL}


class GrantValue(models.Model):
    """The value of a criterion for one commune, copied when the version was written."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(GrantCriterion, on_delete=models.CASCADE, related_name="values")  # a part of it
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")  # it was paid upon this
    value = models.DecimalField("valeur", max_digits=14, decimal_places=4, validators=POSITIVE)

    class Meta:
        verbose_name = "valeur d’un critère de la dotation"
        verbose_name_plural = "valeurs d’un critère de la dotation"
        constraints = [
            models.UniqueConstraint(fields=["criterion", "commune"], name="one_grant_value_per_commune"),
            models.CheckConstraint(
                name="grant_value_is_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="Une valeur ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.value}"
