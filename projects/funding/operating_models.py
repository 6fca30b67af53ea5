"""The shape of what a project costs to run: what a year of it costs, who pays, and the years that are not ordinary."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from projects.funding.models import AidProgress, FundingPlan, YearAmount, dates_in_order
from territories.places.models import Intercommunality


class OperatingLine(AidProgress):
    """A cost or a resource of an ordinary year of running, in euros a year on the basis of its plan (HT or TTC).

    Costs need not be told one by one: without any, a year costs what its resources bring. A resource that is an aid
    says where it stands, as those of the investment do.
    """

    class Side(models.TextChoices):
        RESOURCE = "resource", "ressource"
        COST = "cost", "dépense"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(FundingPlan, on_delete=models.CASCADE, related_name="operating_lines")  # a part of it
    side = models.CharField("sens", max_length=8, choices=Side, default=Side.RESOURCE)
    label = models.CharField("intitulé", max_length=200)  # who pays, or what is paid for
    amount = models.DecimalField("montant annuel", max_digits=14, decimal_places=2)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ligne de fonctionnement"
        verbose_name_plural = "lignes de fonctionnement"
        ordering = ["plan", "position", "pk"]
        constraints = [
            dates_in_order("operating_aid_dates_in_order"),
            models.CheckConstraint(
                name="only_a_resource_is_an_aid",
                condition=Q(side="resource")
                | Q(state="", requested_on__isnull=True, awarded_on__isnull=True, paid_on__isnull=True),
                violation_error_message=(
                    "Une dépense n’est pas une aide : laissez vides son état et ses dates, ou écrivez une ressource."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} : {self.amount} € par an"


class OperatingYear(YearAmount):
    """What a line is worth in a year that is not an ordinary one, in euros; zero when it is worth nothing then."""

    line = models.ForeignKey(OperatingLine, on_delete=models.CASCADE, related_name="years")  # a part of it
    history = HistoricalRecords()

    class Meta(YearAmount.Meta):
        verbose_name = "année de fonctionnement"
        verbose_name_plural = "années de fonctionnement"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "year"],
                name="one_amount_per_operating_line_and_year",
                violation_error_message="Cette ligne a déjà un montant pour cette année.",
            ),
            models.CheckConstraint(
                name="operating_year_is_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message="Le montant d’une année de fonctionnement ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.label}, {self.year} : {self.amount} €"
