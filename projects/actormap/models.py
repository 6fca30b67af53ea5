"""The shape of what ties two organisations of a project: links that all may read, and tensions kept apart."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from projects.actormap.rules import OPEN_BONDS, Bond
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from territories.places.models import Intercommunality

NOT_ITSELF = "Une organisation n’a pas de lien avec elle-même : choisissez-en deux différentes."
ALREADY_SAID = "Ce lien est déjà sur la carte."


class Between(models.Model):
    """Two organisations of a project, the one from which the link goes and the one to which it goes."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # as all
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="%(class)ss")  # a part of it
    source = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="%(class)ss_from")  # means nothing without
    target = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="%(class)ss_to")  # same
    note = models.CharField("en quelques mots", max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # what was said stays, not the account
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.source} → {self.target} : {self.bond.label}"

    @property
    def bond(self) -> Bond:
        raise NotImplementedError


class OrganisationLink(Between):
    """What ties two organisations and may be told: money, a written agreement, a habit of working together."""

    kind = models.CharField("lien", max_length=9, choices=OPEN_BONDS)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "lien entre deux organisations"
        verbose_name_plural = "liens entre organisations"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="link_of_two_organisations",
                condition=~Q(source=F("target")),
                violation_error_message=NOT_ITSELF,
            ),
            models.CheckConstraint(
                name="link_has_a_known_kind",
                condition=Q(kind__in=[kind for kind, _ in OPEN_BONDS]),
                violation_error_message="Ce lien n’existe pas.",
            ),
            models.UniqueConstraint(
                fields=["source", "target", "kind"],
                name="one_link_of_a_kind_per_pair",
                violation_error_message=ALREADY_SAID,
            ),
        ]

    @property
    def bond(self) -> Bond:
        return Bond(self.kind)


class Tension(Between):
    """What does not go well between two organisations, for the steering team alone.

    A table of its own, without history: whoever reads links never reads a tension by forgetting a filter, and one that
    is taken back before the project is submitted leaves no trace.
    """

    eased_on = models.DateField("apaisée le", null=True, blank=True)

    class Meta:
        verbose_name = "tension entre deux organisations"
        verbose_name_plural = "tensions entre organisations"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="tension_of_two_organisations",
                condition=~Q(source=F("target")),
                violation_error_message=NOT_ITSELF,
            ),
            models.UniqueConstraint(
                fields=["source", "target"],
                condition=Q(eased_on=None),
                name="one_live_tension_per_pair",
                violation_error_message="Cette tension est déjà sur la carte.",
            ),
        ]

    @property
    def bond(self) -> Bond:
        return Bond.TENSION
