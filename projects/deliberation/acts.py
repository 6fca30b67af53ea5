"""The shape of what follows a proclamation: the publication of a session's decisions, the correction of one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cooperation.texts import PAGES, REASON, Text
from projects.deliberation.models import Decision, Session, votes_add_up
from projects.seal.models import WrittenOnceModel
from territories.places.models import Intercommunality


class Publication(WrittenOnceModel):
    """The decisions of a session are published together, once; its date opens the delays of appeal: it is proof."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # proof
    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="publication")  # proof
    published_at = models.DateTimeField("publiées le")
    published_by_name = models.CharField("par", max_length=150, blank=True)  # frozen: an account may be closed

    class Meta:
        verbose_name = "publication des décisions"
        verbose_name_plural = "publications des décisions"
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"Décisions publiées — {self.session}"


class Correction(WrittenOnceModel):
    """A slip put right in a proclaimed decision: another act beside it, with its reason. The outcome never changes."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # proof
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="corrections")  # proof
    number = models.PositiveSmallIntegerField("rang")
    reason = Text("motif", max_length=REASON)
    text = Text("texte rectifié", max_length=PAGES, blank=True)
    in_office = models.PositiveSmallIntegerField("en exercice", null=True, blank=True)
    present = models.PositiveSmallIntegerField("présents", null=True, blank=True)
    powers = models.PositiveSmallIntegerField("pouvoirs", null=True, blank=True)
    not_taking_part = models.PositiveSmallIntegerField("ne prennent pas part", default=0)
    votes_for = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    blank_votes = models.PositiveSmallIntegerField("blancs et nuls", default=0)
    corrected_at = models.DateTimeField("rectifiée le")
    corrected_by_name = models.CharField("par", max_length=150, blank=True)  # frozen: an account may be closed

    class Meta:
        verbose_name = "rectification"
        ordering = ["decision", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "number"],
                name="one_correction_per_number",
                violation_error_message="Une rectification porte déjà ce rang.",
            ),
            models.CheckConstraint(
                name="a_correction_says_why",
                condition=~Q(reason=""),
                violation_error_message="Une rectification dit pourquoi.",
            ),
            votes_add_up("corrected_votes_add_up"),
        ]

    def __str__(self) -> str:
        return f"Rectification n° {self.number} — {self.decision}"
