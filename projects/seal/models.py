"""The shape of the seal: the chain of an EPCI, and its records, which are written once."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from cooperation.seal import Link
from territories.places.models import Intercommunality

WRITTEN_ONCE = "Un enregistrement scellé ne se modifie pas et ne s’efface pas : une rectification s’ajoute à la suite."


class WrittenOnce(models.QuerySet):
    """Rows all at once: no more than one by one do they change or go."""

    def update(self, **kwargs: object) -> int:
        raise ValidationError(WRITTEN_ONCE)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ValidationError(WRITTEN_ONCE)


class WrittenOnceModel(models.Model):
    """An act: its row is written once. The database holds the same promise by itself (`guards.py`)."""

    objects = WrittenOnce.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(WRITTEN_ONCE)
        super().save(*args, **(kwargs | {"force_insert": True}))

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError(WRITTEN_ONCE)


class SealChain(models.Model):
    """The chain of an EPCI: the row that is locked to add to it, and where its end should be."""

    intercommunality = models.OneToOneField(
        Intercommunality,
        on_delete=models.PROTECT,  # proof outlives a reorganisation
        primary_key=True,
        related_name="seal_chain",
    )
    length = models.PositiveIntegerField("nombre d’enregistrements", default=0)
    head = models.CharField("dernière empreinte", max_length=64)

    class Meta:
        verbose_name = "chaîne du sceau"
        verbose_name_plural = "chaînes du sceau"

    def __str__(self) -> str:
        return f"{self.intercommunality} : {self.length}"


class SealedRecord(WrittenOnceModel):
    """A fact sealed: its digest is its key, so that no column escapes the digest."""

    digest = models.CharField("empreinte", max_length=64, primary_key=True)
    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,  # proof outlives a reorganisation
        related_name="sealed_records",
    )
    sequence = models.PositiveIntegerField("numéro")
    kind = models.CharField("nature", max_length=30)
    subject = models.CharField("objet", max_length=60)
    facts = models.TextField("faits")  # the canonical text, byte for byte what was digested
    previous = models.CharField("empreinte précédente", max_length=64)
    sealed_at = models.DateTimeField("scellé le")
    by_name = models.CharField("par", max_length=150, blank=True)  # frozen: an account may be closed

    class Meta:
        verbose_name = "enregistrement scellé"
        verbose_name_plural = "enregistrements scellés"
        ordering = ["intercommunality", "sequence"]
        indexes = [models.Index(fields=["intercommunality", "subject"], name="seal_of_a_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "sequence"],
                name="one_sealed_record_per_number",
                violation_error_message="Un enregistrement porte déjà ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"n° {self.sequence} — {self.kind} {self.subject}"

    @property
    def link(self) -> Link:
        return Link(
            sequence=self.sequence,
            kind=self.kind,
            subject=self.subject,
            facts=self.facts,
            previous=self.previous,
            digest=self.digest,
            sealed_at=self.sealed_at,
            by_name=self.by_name,
        )

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.facts)

    @property
    def short(self) -> str:
        """The digest as people compare it by eye, in groups of four signs."""
        return " ".join(self.digest[start : start + 4] for start in range(0, 16, 4))
