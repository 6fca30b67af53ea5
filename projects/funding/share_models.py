"""How the money of a project is split: between the objectives it serves, and between the communes that bear it."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cooperation.alphabetical import Alphabetical
from projects.proposals.models import Project
from projects.strategy.models import StrategyNode
from territories.places.models import Commune, Intercommunality

ZERO, WHOLE = Decimal(0), Decimal(100)


class ObjectiveShare(models.Model):
    """The part of the cost of a project that goes to one of the objectives it serves; all parts make a hundred."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="objective_shares")  # a part of it
    node = models.ForeignKey(
        StrategyNode,
        on_delete=models.PROTECT,  # money is counted there: it is moved before the objective goes
        related_name="project_shares",
        verbose_name="objectif",
    )
    percent = models.DecimalField(
        "part en %", max_digits=5, decimal_places=2, validators=[MinValueValidator(ZERO), MaxValueValidator(WHOLE)]
    )
    is_main = models.BooleanField("objectif principal", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "part d’un objectif"
        verbose_name_plural = "parts des objectifs"
        ordering = ["project", "-is_main", "node__position", "node__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "node"],
                name="one_share_per_objective",
                violation_error_message="Cet objectif a déjà une part.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(is_main=True),
                name="one_main_objective",
                violation_error_message="Un projet a un seul objectif principal.",
            ),
            models.CheckConstraint(
                name="objective_share_is_a_percentage",
                condition=Q(percent__gte=0, percent__lte=100),
                violation_error_message="Une part se tient entre 0 et 100 %%.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node} : {self.percent} %"


class ChargeKey(models.Model):
    """How what remains to the owner is shared between the communes; without one, nothing is shared."""

    class Method(models.TextChoices):
        INHABITANTS = "inhabitants", "selon la population municipale"
        EQUAL = "equal", "à parts égales"
        BY_HAND = "by_hand", "à la main, en pourcentage"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="charge_key")  # a part of it
    method = models.CharField("répartition", max_length=11, choices=Method)
    # Kept, so that the census of a later year does not move what was agreed.
    population_year = models.PositiveSmallIntegerField("population en vigueur au 1er janvier", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "répartition entre communes"
        verbose_name_plural = "répartitions entre communes"
        constraints = [
            models.CheckConstraint(
                name="key_by_inhabitants_has_its_year",
                condition=~Q(method="inhabitants") | Q(population_year__isnull=False),
                violation_error_message="Une répartition selon la population dit de quelle année.",
            ),
            models.CheckConstraint(
                name="charge_key_has_a_known_method",
                condition=Q(method__in=["inhabitants", "equal", "by_hand"]),
                violation_error_message="Cette façon de répartir n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} : {self.get_method_display()}"


class ChargePercent(models.Model):
    """What a commune bears of a project whose key is written by hand."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ChargeKey, on_delete=models.CASCADE, related_name="percents")  # a part of it
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")  # it pays under its name
    percent = models.DecimalField(
        "part en %", max_digits=5, decimal_places=2, validators=[MinValueValidator(ZERO), MaxValueValidator(WHOLE)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "part d’une commune"
        verbose_name_plural = "parts des communes"
        ordering = ["key", Alphabetical("commune__name")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "commune"],
                name="one_percent_per_commune",
                violation_error_message="Cette commune a déjà une part.",
            ),
            models.CheckConstraint(
                name="charge_percent_is_a_percentage",
                condition=Q(percent__gte=0, percent__lte=100),
                violation_error_message="Une part se tient entre 0 et 100 %%.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.percent} %"
