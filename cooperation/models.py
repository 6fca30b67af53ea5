"""The shape of background work: one row a job, with its progress and its heartbeat."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Job(models.Model):
    """Work done by the worker for somebody who waits: what it is, how far it got, what came out of it."""

    class State(models.TextChoices):
        QUEUED = "queued", "En attente"
        RUNNING = "running", "En cours"
        DONE = "done", "Terminé"
        FAILED = "failed", "Échoué"
        CANCELLED = "cancelled", "Annulé"

    kind = models.CharField("nature", max_length=40)
    intercommunality_id = models.PositiveBigIntegerField("intercommunalité", db_index=True)  # the frame knows no EPCI
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the result belongs to the EPCI, not to the account
        null=True,
        blank=True,
        related_name="jobs",
    )
    state = models.CharField("état", max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("en tout", default=0)
    message = models.CharField("message", max_length=300, blank=True)
    warning = models.TextField("réserve", blank=True)  # what the result lacks, although it is there
    attempts = models.PositiveSmallIntegerField("reprises", default=0)
    order = models.JSONField("commande", default=dict, blank=True)  # what was asked, in plain values
    result = models.FileField("résultat", upload_to="jobs/%Y/%m", blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    heartbeat_at = models.DateTimeField("dernier signe de vie", null=True, blank=True)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "travail de fond"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="job_has_a_known_state",
                condition=models.Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                violation_error_message="Cet état de travail n’existe pas.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} — {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}
