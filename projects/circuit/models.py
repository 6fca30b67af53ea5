"""The shape of what a person says of a path: the nature of the decision, a step passed over, where it was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, Text
from partners.governance import rules
from partners.governance.circuits import CircuitStep
from partners.governance.models import Body
from projects.deliberation.models import Decision
from projects.proposals.models import Project
from projects.seal.models import WrittenOnceModel
from territories.places.models import Intercommunality

MATTERS = {**rules.DELEGATED, **rules.NEVER_DELEGATED}


class Nature(models.Model):
    """What kind of decision a project asks for: it tells whether the bureau or the president may take it."""

    Matter = models.TextChoices("Matter", {code.upper(): (code, capfirst(label)) for code, label in MATTERS.items()})

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="nature")  # a part of it
    matter = models.CharField("nature de la décision", max_length=20, choices=Matter.choices)
    stated_by_name = models.CharField("par", max_length=150)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "nature de la décision"
        verbose_name_plural = "natures des décisions"

    def __str__(self) -> str:
        return self.get_matter_display()


class Departure(WrittenOnceModel):
    """An advisory step passed over for one project, with the reason: an opinion never blocks, and this stays told."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="departures")  # its history
    step = models.ForeignKey(CircuitStep, on_delete=models.PROTECT, related_name="departures")  # same
    reason = Text("pourquoi cette étape est passée", max_length=NOTE)
    departed_at = models.DateTimeField("le")
    departed_by_name = models.CharField("par", max_length=150)  # frozen: an account may be closed

    class Meta:
        verbose_name = "étape passée"
        verbose_name_plural = "étapes passées"
        ordering = ["departed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "step"],
                name="a_step_is_passed_over_once",
                violation_error_message="Cette étape est déjà passée pour ce projet.",
            ),
            models.CheckConstraint(
                name="a_departure_says_why",
                condition=~Q(reason=""),
                violation_error_message="Dites pourquoi cette étape est passée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} — {self.project}"


class Referral(WrittenOnceModel):
    """To which body a decision sends the project: it is the next to speak. Sealed with the decision."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="referral")  # a part of the act
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="referrals")  # named in the act

    class Meta:
        verbose_name = "renvoi à une autre instance"
        verbose_name_plural = "renvois à une autre instance"

    def __str__(self) -> str:
        return f"{self.decision} → {self.body}"
