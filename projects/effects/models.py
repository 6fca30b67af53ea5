"""The shape of an indicator of a project, and of its measurements: values are stored, never a percentage."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, Text
from projects.proposals.models import Project
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from decimal import Decimal


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def followed(self) -> IndicatorQuerySet:
        """Those that are still measured."""
        return self.filter(dropped_on=None)

    def with_last(self) -> IndicatorQuerySet:
        """Each with its last measurement, read with the list itself."""
        last = Measurement.objects.filter(indicator=OuterRef("pk")).order_by("-measured_on", "-pk")
        return self.annotate(
            last_value=Subquery(last.values("value")[:1]),
            last_on=Subquery(last.values("measured_on")[:1]),
            last_note=Subquery(last.values("note")[:1]),
            last_meets=Subquery(last.values("meets_condition")[:1]),
        )


class Indicator(models.Model):
    """What is measured to know whether a project does what it was meant to do."""

    class Kind(models.TextChoices):
        MEANS = "means", "Moyens"
        OUTPUT = "output", "Réalisation"
        RESULT = "result", "Résultat"
        IMPACT = "impact", "Impact"

    class Direction(models.TextChoices):
        UP = "up", "Plus c’est haut, mieux c’est"
        DOWN = "down", "Plus c’est bas, mieux c’est"

    class Frequency(models.TextChoices):
        MONTH = "month", "Chaque mois"
        QUARTER = "quarter", "Chaque trimestre"
        YEAR = "year", "Chaque année"
        ONCE = "once", "Une fois, à la fin"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        related_name="indicator_set",  # public archives; `Project.indicators` is the text taken over from a file
    )
    name = models.CharField("indicateur", max_length=200)
    definition = Text("ce que l’on compte exactement", max_length=NOTE, blank=True)
    kind = models.CharField("type", max_length=6, choices=Kind)
    unit = models.CharField("unité", max_length=30, blank=True)
    direction = models.CharField("sens", max_length=4, choices=Direction, default=Direction.UP)
    source = models.CharField("source", max_length=200, blank=True)
    frequency = models.CharField("rythme des mesures", max_length=7, choices=Frequency, default=Frequency.YEAR)
    responsible = models.CharField("qui mesure", max_length=200, blank=True, help_text="Une fonction ou un service.")
    baseline = models.DecimalField("départ", max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField("date du départ", null=True, blank=True)
    target = models.DecimalField("cible", max_digits=14, decimal_places=2)
    target_on = models.DateField("date de la cible", null=True, blank=True)
    condition = models.CharField("condition de la cible", max_length=200, blank=True)
    dropped_on = models.DateField("n’est plus suivi depuis le", null=True, blank=True)
    dropped_reason = models.CharField("pourquoi il n’est plus suivi", max_length=300, blank=True)
    written_by_name = models.CharField("écrit par", max_length=150)

    objects = IndicatorQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "indicateur"
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                condition=Q(dropped_on=None),
                name="one_indicator_per_name",
                violation_error_message="Ce projet a déjà un indicateur de ce nom.",
            ),
            models.CheckConstraint(
                name="indicator_has_a_name_a_known_kind_and_direction",
                condition=~Q(name="")
                & Q(kind__in=["means", "output", "result", "impact"])
                & Q(direction__in=["up", "down"]),
                violation_error_message="Un indicateur a un nom, un type et un sens.",
            ),
            models.CheckConstraint(
                name="baseline_date_comes_with_a_baseline",
                condition=Q(baseline_on=None) | Q(baseline__isnull=False),
                violation_error_message="Donnez la valeur de départ, ou retirez sa date.",
            ),
            models.CheckConstraint(
                name="target_comes_after_the_baseline",
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=F("baseline_on")),
                violation_error_message="La date de la cible doit suivre celle du départ.",
            ),
            models.CheckConstraint(
                name="dropped_indicator_says_why",
                condition=Q(dropped_on=None) | ~Q(dropped_reason=""),
                violation_error_message="Dites pourquoi cet indicateur n’est plus suivi.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:indicator", args=[self.project_id, self.pk])

    @property
    def rises(self) -> bool:
        return self.direction == Indicator.Direction.UP

    if TYPE_CHECKING:  # what `with_last` brings
        last_value: Decimal | None
        last_on: date | None
        last_note: str | None
        last_meets: bool | None


class Measurement(models.Model):
    """The value of an indicator on a day. Measured again on the same day, it is put right; its history stays."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="measurements")  # what was read
    value = models.DecimalField("valeur", max_digits=14, decimal_places=2)
    measured_on = models.DateField("mesuré le")
    meets_condition = models.BooleanField("la condition de la cible est remplie", default=True)
    note = models.CharField("précision", max_length=200, blank=True)
    recorded_at = models.DateTimeField("noté le")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the figure stays, not the account
    )
    recorded_by_name = models.CharField("noté par", max_length=150)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "mesure"
        ordering = ["indicator", "measured_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "measured_on"],
                name="one_measurement_a_day",
                violation_error_message="Une mesure existe déjà ce jour-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value}, le {self.measured_on:%d/%m/%Y}"

    def clean(self) -> None:
        start = self.indicator.baseline_on
        if start is not None and self.measured_on is not None and self.measured_on < start:
            raise ValidationError({"measured_on": f"Le départ est du {start:%d/%m/%Y} : la mesure vient après."})
