"""The shape of the filing of an act: its number, its matter, its reception by the préfecture."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from projects.deliberation.models import Decision
from projects.register.matters import NAMES
from territories.places.models import Intercommunality


def validate_matter(code: str) -> None:
    """Refuse a code that the nomenclature does not know."""
    if code not in NAMES:
        raise ValidationError(f"« {code} » n’est pas une matière de la nomenclature @CTES.")


class ActFiling(models.Model):
    """Under which number and matter an act is kept, and when legality control received it."""

    intercommunality = models.ForeignKey(
        Intercommunality, on_delete=models.PROTECT, related_name="act_filings"
    )  # proof
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="filing")  # proof
    number = models.CharField("numéro de l’acte", max_length=40, help_text="Par exemple 2026-117.")
    matter = models.CharField("matière", max_length=4, validators=[validate_matter])
    budget_year = models.CharField(
        "année du budget",
        max_length=9,
        blank=True,
        help_text="Si la décision engage un budget : 2026, ou 2026/2027.",
        validators=[RegexValidator(r"^\d{4}(/\d{4})?$", "Écrivez une année, ou deux séparées par une barre.")],
    )
    budget_name = models.CharField("nom du budget", max_length=150, blank=True)
    prefecture = models.CharField(
        "code de la préfecture",
        max_length=9,
        blank=True,
        help_text="Par exemple PREF035.",
        validators=[
            RegexValidator(
                r"^(PREF|SGAR)[0-9AB]{3}$|^SPREF[0-9AB]{3}\d$", "Écrivez PREF suivi des trois signes du département."
            )
        ],
    )
    received_on = models.DateField("reçu par le contrôle de légalité le", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "enregistrement d’un acte"
        verbose_name_plural = "enregistrements des actes"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "number"],
                name="one_act_per_number",
                violation_error_message="Un autre acte porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="budget_has_year_and_name",
                condition=Q(budget_year="", budget_name="") | (~Q(budget_year="") & ~Q(budget_name="")),
                violation_error_message="Donnez l’année et le nom du budget, ou ni l’un ni l’autre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Acte {self.number}"
