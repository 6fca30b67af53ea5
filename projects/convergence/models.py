"""The shape of a link between two interests."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from projects.convergence.rules import LinkKind
from projects.proposals.actor_models import Interest
from projects.proposals.models import Project
from territories.places.models import Intercommunality


class InterestLink(models.Model):
    """How two interests of a project stand to one another, in whose eyes, and why."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # as all
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="interest_links")  # a part of it
    first = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="links_from")  # means nothing without
    second = models.ForeignKey(Interest, on_delete=models.CASCADE, related_name="links_to")  # same
    kind = models.CharField("lien", max_length=14, choices=LinkKind)
    note = models.CharField("pourquoi", max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the link stays, not the account
        null=True,
        related_name="+",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "lien entre deux intérêts"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="one_link_per_pair",
                violation_error_message="Ces deux intérêts sont déjà comparés.",
            ),
            models.CheckConstraint(
                name="link_written_once",  # the pair has one order, hence one row
                condition=Q(first__lt=F("second")),
                violation_error_message="Comparez deux intérêts différents.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first.actor} — {self.second.actor} : {self.get_kind_display()}"
