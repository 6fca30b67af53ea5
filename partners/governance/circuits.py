"""The shape of the circuit of an EPCI: its versions, and the steps of each, in order."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from partners.governance.circuit_rules import Birth, Step
from partners.governance.models import Body
from territories.competences.models import Competence
from territories.places.models import Intercommunality


class CircuitQuerySet(models.QuerySet["Circuit"]):
    def adopted(self) -> CircuitQuerySet:
        return self.filter(starts_on__isnull=False)

    def with_steps(self) -> CircuitQuerySet:
        return self.prefetch_related("steps__bodies", "steps__competences")


class Circuit(models.Model):
    """A version of the circuit: a draft until it is adopted; then projects submitted from its day on follow it."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="circuits",  # projects follow it
    )
    number = models.PositiveSmallIntegerField("version")
    reason = models.CharField("pourquoi cette version", max_length=300)
    starts_on = models.DateField("pour les projets déposés à partir du", null=True, blank=True)
    reference = models.CharField(
        "acte qui l’adopte",
        max_length=150,
        blank=True,
        help_text="Par exemple : délibération n° 2026-12 du 5 novembre.",
    )
    adopted_at = models.DateTimeField("adopté le", null=True, blank=True)
    adopted_by_name = models.CharField("par", max_length=150, blank=True)
    history = HistoricalRecords()

    objects = CircuitQuerySet.as_manager()

    class Meta:
        verbose_name = "circuit des projets"
        verbose_name_plural = "circuits des projets"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "number"],
                name="one_circuit_per_number",
                violation_error_message="Une version du circuit porte déjà ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["intercommunality", "starts_on"],
                name="one_circuit_begins_on_a_day",
                violation_error_message="Une autre version du circuit commence déjà ce jour-là.",
            ),
            models.UniqueConstraint(
                fields=["intercommunality"],
                condition=Q(starts_on__isnull=True),
                name="one_circuit_being_written",
                violation_error_message="Une nouvelle version du circuit est déjà en cours d’écriture.",
            ),
        ]

    def __str__(self) -> str:
        return f"Circuit des projets, version {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.starts_on is None

    def as_steps(self) -> list[Step]:
        """The steps as the rules read them, in order; no query once they are prefetched."""
        return [step.as_step() for step in self.steps.all()]


class CircuitStep(models.Model):
    """A step: the body that advises or decides, or several of which one does; and the projects that it concerns."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="steps")  # a part of the version
    position = models.PositiveSmallIntegerField("ordre", default=0)
    label = models.CharField("nom de l’étape", max_length=100, help_text="Par exemple : Avis de la commission.")
    is_deciding = models.BooleanField(
        "cette étape décide",
        default=False,
        help_text="Le bureau et la présidence ne décident que ce qui leur est délégué ; sinon ils donnent un avis.",
    )
    bodies = models.ManyToManyField(Body, related_name="circuit_steps", verbose_name="instance")
    amount_from = models.DecimalField(
        "seulement à partir de (€ HT)", max_digits=12, decimal_places=2, null=True, blank=True
    )
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="circuit_steps", verbose_name="seulement pour ces compétences"
    )
    birth = models.CharField("origine des projets", max_length=9, choices=Birth, default=Birth.ANY)
    only_if_communes_pay = models.BooleanField("seulement quand des communes participent au financement", default=False)
    history = HistoricalRecords(m2m_fields=[bodies, competences])

    class Meta:
        verbose_name = "étape du circuit"
        verbose_name_plural = "étapes du circuit"
        ordering = ["circuit", "position", "pk"]

    def __str__(self) -> str:
        return self.label

    def as_step(self) -> Step:
        competences = list(self.competences.all())
        return Step(
            pk=self.pk,
            label=self.label,
            is_deciding=self.is_deciding,
            bodies=frozenset(body.pk for body in self.bodies.all()),
            amount_from=self.amount_from,
            competences=frozenset(one.pk for one in competences),
            competence_names=tuple(one.label for one in competences),
            birth=self.birth,
            only_if_communes_pay=self.only_if_communes_pay,
        )
