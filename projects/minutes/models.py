"""The shape of the procès-verbal: what the secretary of a session writes beside what the platform already holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cooperation.texts import PAGES, TEXT, Text
from projects.deliberation.models import AgendaItem, Session
from territories.places.models import Intercommunality


class Minutes(models.Model):
    """The procès-verbal of a session (CGCT, art. L. 2121-15): a draft, until the next session settles it."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # archive
    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="minutes")  # archive
    chair = models.CharField("présidence de la séance", max_length=150, blank=True)
    secretary = models.CharField("secrétaire de séance", max_length=150, blank=True)
    ended_at = models.TimeField("séance levée à", null=True, blank=True)
    attending = Text("membres présents", max_length=TEXT, blank=True)
    represented = Text("membres représentés, et par qui", max_length=TEXT, blank=True)
    absent = Text("membres absents ou excusés", max_length=TEXT, blank=True)
    remarks = Text("autres points de la séance", max_length=PAGES, blank=True)
    settled_on = models.DateField("arrêté le", null=True, blank=True)
    settled_by_name = models.CharField(max_length=150, blank=True)  # frozen: an account may be closed
    history = HistoricalRecords()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        ordering = ["session"]
        constraints = [
            models.CheckConstraint(
                name="settled_minutes_name_chair_and_secretary",
                condition=Q(settled_on__isnull=True) | (~Q(chair="") & ~Q(secretary="")),
                violation_error_message="Un procès-verbal arrêté nomme qui présidait et qui tenait le secrétariat.",
            )
        ]

    def __str__(self) -> str:
        return f"Procès-verbal — {self.session}"


class ItemMinutes(models.Model):
    """The tenor of the discussion on an item, and the ballots that were asked for."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # archive
    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="items")  # archive
    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="minutes")  # archive
    discussion = Text("teneur des discussions", max_length=PAGES, blank=True)
    ballot_request = models.CharField("demande de scrutin particulier", max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "discussion d’un point"
        verbose_name_plural = "discussions des points"
        ordering = ["item"]

    def __str__(self) -> str:
        return f"Discussion — {self.item}"
