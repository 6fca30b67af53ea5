"""The shape of what is sent about a session: the act of sending, and the copy of each person, which is its proof."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cooperation.letters import PostedLetter
from projects.deliberation.models import Session
from territories.places.models import Intercommunality


class Mailing(models.Model):
    """Something sent about a session, with what it told that day. Written once."""

    class Kind(models.TextChoices):
        CONVOCATION = "convocation", "Convocation"
        CANCELLATION = "cancellation", "Annulation de la séance"
        DECISIONS = "decisions", "Liste des délibérations"
        MINUTES = "minutes", "Procès-verbal arrêté"
        OPINIONS = "opinions", "Avis de la conférence des maires"

        @property
        def document(self) -> str:
            """What is owed, whether or not it can be sent yet."""
            return "Procès-verbal" if self.value == "minutes" else str(self.label)

    ABOUT_THE_DAY = (Kind.CONVOCATION, Kind.CANCELLATION)  # the last of them is the one that holds

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="mailings")  # proof
    kind = models.CharField("envoi", max_length=12, choices=Kind)
    number = models.PositiveSmallIntegerField("rang", default=0)  # the SEQUENCE of the appointment in diaries
    held_on = models.DateField("date dite")
    held_at = models.TimeField("heure dite", null=True, blank=True)
    place = models.CharField("lieu dit", max_length=200, blank=True)
    format = models.CharField("format dit", max_length=7, choices=Session.Format)
    agenda = models.JSONField("ordre du jour dit", default=list, blank=True)  # [[number of the project, title], …]
    urgency = models.CharField("pourquoi la séance est urgente", max_length=300, blank=True)
    reason = models.CharField("pourquoi la séance est annulée", max_length=300, blank=True)
    made_at = models.DateTimeField("décidé le")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the act stays, not the account
    )
    made_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = "envoi"
        ordering = ["session", "made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"],
                condition=Q(kind__in=["convocation", "cancellation"]),
                name="one_mailing_per_number",
                violation_error_message="Un autre envoi vient de partir : rechargez la page.",
            ),
            models.UniqueConstraint(
                fields=["session", "kind"],
                condition=Q(kind__in=["decisions", "minutes", "opinions"]),
                name="councillors_informed_once",
                violation_error_message="Les conseillers municipaux ont déjà reçu ce document.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} — {self.session}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError("Un envoi ne se modifie pas : il fait preuve.")
        super().save(*args, **kwargs)

    @property
    def told(self) -> tuple[date, time | None, str, str]:
        """When, where and how, as it was told."""
        return self.held_on, self.held_at, self.place, self.format

    @property
    def is_remote(self) -> bool:
        """Some members at least were convened to take part from elsewhere, whatever the session has become."""
        return self.format != Session.Format.ON_SITE

    @property
    def titles(self) -> list[str]:
        return [title for _, title in self.agenda]


class Envelope(PostedLetter):
    """The copy of one person: a mail that leaves, or a sheet of paper handed over. Their name is that of the day."""

    class Capacity(models.TextChoices):
        MEMBER = "member", "membre"
        SUBSTITUTE = "substitute", "suppléant·e"
        COUNCILLOR = "councillor", "conseiller·ère municipal·e"

    class Way(models.TextChoices):
        MAIL = "mail", "par courriel"
        PAPER = "paper", "sur papier"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    mailing = models.ForeignKey(Mailing, on_delete=models.PROTECT, related_name="envelopes")  # proof
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="envelopes",  # that it was sent stays, not the account
    )
    name = models.CharField("à", max_length=200)
    detail = models.CharField("de", max_length=200, blank=True)  # a function, a commune
    capacity = models.CharField("en qualité de", max_length=10, choices=Capacity)
    way = models.CharField("comment", max_length=5, choices=Way)
    handed_on = models.DateField("remise le", null=True, blank=True)
    handed_by_name = models.CharField("remise par", max_length=150, blank=True)
    dropped_at = models.DateTimeField("abandonnée le", null=True, blank=True)  # overtaken before it left

    class Meta:
        verbose_name = "pli"
        ordering = ["mailing", "pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(way="mail", sent_at=None, dropped_at=None), name="envelopes_to_send"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "person"],
                condition=Q(person__isnull=False),
                name="one_envelope_per_person",
                violation_error_message="Cette personne a déjà son pli.",
            ),
            models.CheckConstraint(
                name="envelope_leaves_by_mail_or_by_hand",
                condition=Q(way="mail", handed_on=None) | Q(way="paper", sent_at=None),
                violation_error_message="Un pli part par courriel ou se remet sur papier.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing} à {self.name}"

    @property
    def left_on(self) -> date | None:
        """The day it reached its reader, as far as the platform knows."""
        return timezone.localdate(self.sent_at) if self.sent_at else self.handed_on

    @property
    def waits_for_hand(self) -> bool:
        return self.way == self.Way.PAPER and self.handed_on is None
