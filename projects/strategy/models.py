"""The shape of the strategy: the political mandate on one side, the shared projet de territoire on the other.

A project may answer both; neither is derived from the other.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cooperation.texts import PAGES, TEXT, Text
from territories.places.models import Intercommunality

DEFAULT_LEVELS = ["Axe", "Objectif", "Programme"]


def default_levels() -> list[str]:
    return list(DEFAULT_LEVELS[:2])


class Mandate(models.Model):
    """A municipal mandate, whose orientations are voted at its start."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="mandates",  # decisions refer to it
    )
    name = models.CharField("nom", max_length=100)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    source = models.CharField("acte", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mandat"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Orientation(models.Model):
    """A strategic orientation of the mandate: every project is tested against it before a decision (belief B8)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="orientations")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, related_name="orientations")  # a part of it
    code = models.CharField("numéro", max_length=10)
    title = models.CharField("intitulé", max_length=200)
    description = Text("présentation", max_length=TEXT, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "orientation stratégique"
        ordering = ["mandate", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "code"],
                name="one_orientation_per_code",
                violation_error_message="Une orientation du mandat porte déjà ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def sisters(self) -> models.QuerySet[Orientation]:
        """The orientations among which it has its place, itself included."""
        return Orientation.objects.filter(mandate=self.mandate)


class TerritorialPlan(models.Model):
    """A projet de territoire: its levels are named and counted by each EPCI, no law sets them."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="plans",  # an adopted plan stays
    )
    title = models.CharField("titre", max_length=200)
    horizon = models.PositiveSmallIntegerField("horizon", null=True, blank=True)
    adopted_on = models.DateField("adopté le", null=True, blank=True)
    updated_on = models.DateField("mis à jour le", null=True, blank=True)
    foreword = Text("avant-propos", max_length=PAGES, blank=True)
    level_labels = models.JSONField("nom des niveaux", default=default_levels)
    is_current = models.BooleanField("en vigueur", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "projet de territoire"
        verbose_name_plural = "projets de territoire"
        ordering = ["-is_current", "-adopted_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality"],
                condition=Q(is_current=True),
                name="one_current_plan",
                violation_error_message="Un projet de territoire est déjà en vigueur pour cette intercommunalité.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if not isinstance(self.level_labels, list) or not 1 <= len(self.level_labels) <= 4:
            raise ValidationError({"level_labels": "Un projet de territoire compte de un à quatre niveaux."})

    @property
    def depth(self) -> int:
        return len(self.level_labels)


class StrategyNode(models.Model):
    """An axis, an objective, a programme…: a node of the tree of a projet de territoire."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="strategy_nodes")
    plan = models.ForeignKey(TerritorialPlan, on_delete=models.CASCADE, related_name="nodes")  # a part of it
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",  # emptied before it goes
    )
    level = models.PositiveSmallIntegerField("niveau", validators=[MinValueValidator(1), MaxValueValidator(4)])
    code = models.CharField("numéro", max_length=20)
    title = models.CharField("intitulé", max_length=250)
    description = Text("présentation", max_length=TEXT, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "niveau du projet de territoire"
        ordering = ["plan", "level", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="one_node_per_code",
                violation_error_message="Ce numéro est déjà pris dans ce projet de territoire.",
            ),
            models.CheckConstraint(
                name="first_level_has_no_parent",
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                violation_error_message="Le premier niveau n’a pas de parent ; les autres en ont un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def sisters(self) -> models.QuerySet[StrategyNode]:
        """The nodes that hang where it hangs, itself included."""
        return StrategyNode.objects.filter(plan=self.plan, parent=self.parent)

    @property
    def level_label(self) -> str:
        """The EPCI's own word for this level (« Axe », « Objectif »…)."""
        return str(self.plan.level_labels[self.level - 1])
