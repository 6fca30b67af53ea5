"""The shape of what a funder pays year by year."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from projects.funding.models import FundingLine, YearAmount


class FundingYear(YearAmount):
    """What a funder pays in one year, in euros on the basis of its plan; said for the whole line, or not at all."""

    line = models.ForeignKey(FundingLine, on_delete=models.CASCADE, related_name="years")  # a part of it
    history = HistoricalRecords()

    class Meta(YearAmount.Meta):
        verbose_name = "montant d’une année"
        verbose_name_plural = "montants par année"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year"],
                name="one_amount_per_funder_and_year",
                violation_error_message="Ce financeur a déjà un montant pour cette année.",
            ),
            models.CheckConstraint(
                name="amount_of_a_year_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message="Laissez vide l’année où ce financeur ne verse rien.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.funder}, {self.year} : {self.amount} €"
