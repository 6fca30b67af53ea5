"""The shape of a funding plan: versions, lines, what is spent each year. Amounts are euros, decimals, never floats.

All that is said of the money of a project is said of a version of its plan: a later version moves none of it.
"""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cooperation.french import euros
from partners.directory.models import Partner
from projects.funding.rules import Sums, check_balance
from projects.proposals.models import Project
from territories.places.models import Intercommunality

ZERO = Decimal("0.00")


class FundingPlan(models.Model):
    """One version of the money of a project: what it costs, who pays, its years, its running; HT or TTC (`basis`).

    A version without a cost nor a resource says only the running: see `tells_investment`.
    """

    class Basis(models.TextChoices):
        EXCL_TAX = "excl", "HT"
        INCL_TAX = "incl", "TTC"

    class OwnerFloor(models.IntegerChoices):
        """CGCT, art. L. 1111-10 III: 20 %, and what derogates from it."""

        ORDINARY = 20, "20 %, le cas ordinaire"
        LEADER = 30, "30 %, dans un domaine qui a un chef de file"
        REDUCED = 10, "10 %, par dérogation"
        NONE = 0, "aucune, par dérogation"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funding_plans")  # a part of it
    number = models.PositiveSmallIntegerField("version", default=1)
    is_current = models.BooleanField("en vigueur", default=True)
    label = models.CharField("précision", max_length=120, blank=True)
    basis = models.CharField("base", max_length=4, choices=Basis, default=Basis.EXCL_TAX)
    cost_excl_tax = models.DecimalField(
        "coût HT", max_digits=14, decimal_places=2, validators=[MinValueValidator(ZERO)]
    )
    cost_incl_tax = models.DecimalField(
        "coût TTC", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(ZERO)]
    )
    eligible_cost = models.DecimalField(
        "dépense subventionnable par l’État",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )
    owner_floor = models.PositiveSmallIntegerField(
        "part minimale du maître d’ouvrage", choices=OwnerFloor, default=OwnerFloor.ORDINARY
    )
    owner_floor_reason = models.CharField("pourquoi cette part", max_length=200, blank=True)
    recovers_vat = models.BooleanField("budget assujetti à la TVA", default=False)  # a zone, water: all in HT, no FCTVA
    vat_refund = models.DecimalField(
        "FCTVA attendu", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(ZERO)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "plan de financement"
        verbose_name_plural = "plans de financement"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_plan_per_number"),
            models.CheckConstraint(
                name="other_floor_has_its_reason",
                condition=Q(owner_floor=20) | ~Q(owner_floor_reason=""),
                violation_error_message="Dites pourquoi la part minimale n’est pas de 20 %%.",
            ),
            models.CheckConstraint(
                name="vat_registered_plan_is_excl_tax",
                condition=Q(recovers_vat=False) | Q(basis="excl", cost_incl_tax__isnull=True, vat_refund__isnull=True),
                violation_error_message=(
                    "Un budget assujetti à la TVA s’écrit hors taxes : laissez vides le coût TTC et le FCTVA."
                ),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(is_current=True),
                name="one_current_funding_plan",
                violation_error_message="Un seul plan de financement est en vigueur.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan de financement v{self.number} — {self.project}"

    @property
    def is_incl_tax(self) -> bool:
        return self.basis == self.Basis.INCL_TAX

    @property
    def cost(self) -> Decimal:
        """The total that the plan must balance, on its own basis."""
        if self.is_incl_tax and self.cost_incl_tax is not None:
            return self.cost_incl_tax
        return self.cost_excl_tax

    @property
    def balance_told(self) -> str:
        """What the investment costs, what is found and what is missing, to be read in one go."""
        found = sum((line.amount for line in self.lines.all()), ZERO)
        cost = f"{euros(self.cost)} {self.get_basis_display()}"
        balance = check_balance(Sums(cost=self.cost, own=found)).sentence  # whoever brings it
        return f"Coût : {cost}. Ressources inscrites : {euros(found)}. {balance}"

    @property
    def tells_investment(self) -> bool:
        """Whether a cost or a resource of an investment is written; a service may only have to be run."""
        return bool(self.cost_excl_tax or self.cost_incl_tax) or (self.pk is not None and bool(self.lines.all()))


class AidProgress(models.Model):
    """Where an aid stands, in words, and the days on which it was asked for, granted and paid."""

    state = models.CharField("état", max_length=40, blank=True)  # envisagée, demandée, notifiée, versée, voté…
    requested_on = models.DateField("demandée le", null=True, blank=True)
    awarded_on = models.DateField("notifiée le", null=True, blank=True)
    paid_on = models.DateField("versée le", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_said(self) -> bool:
        return bool(self.state or self.requested_on or self.awarded_on or self.paid_on)


class YearAmount(models.Model):
    """What a line of a plan is worth in one year, in euros on the basis of its plan."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    amount = models.DecimalField(
        "montant de l’année", max_digits=14, decimal_places=2, validators=[MinValueValidator(ZERO)]
    )

    class Meta:
        abstract = True
        ordering = ["line", "year"]


def dates_in_order(name: str) -> models.CheckConstraint:
    """The rule on the dates of an aid, under the name that it has in one table."""
    return models.CheckConstraint(
        name=name,
        condition=(Q(requested_on__isnull=True) | Q(awarded_on__isnull=True) | Q(awarded_on__gte=F("requested_on")))
        & (Q(awarded_on__isnull=True) | Q(paid_on__isnull=True) | Q(paid_on__gte=F("awarded_on"))),
        violation_error_message="Une aide est demandée, notifiée, puis versée : remettez ces dates en ordre.",
    )


class FundingLine(AidProgress):
    """A resource of the plan: who brings how much, of which legal nature, and where it stands."""

    class Nature(models.TextChoices):
        PUBLIC = "public", "public"
        PRIVATE = "private", "droit privé"  # CAF and MSA included: private-law bodies
        CONTRIBUTION = "contribution", "fonds de concours"
        OWN = "own", "maître d’ouvrage"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(FundingPlan, on_delete=models.CASCADE, related_name="lines")  # a part of it
    funder = models.CharField("financeur", max_length=200)
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_lines",  # its money is recorded
    )
    amount = models.DecimalField("montant", max_digits=14, decimal_places=2, validators=[MinValueValidator(ZERO)])
    nature = models.CharField("nature", max_length=12, choices=Nature)
    is_state_grant = models.BooleanField("dotation de l’État (DETR, DSIL, DSID, DPV)", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ressource"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="funding_amount_is_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message="Le montant d’une ressource ne peut pas être négatif.",
            ),
            dates_in_order("grant_dates_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.funder} : {self.amount} €"


class PaymentCredit(models.Model):
    """What an investment costs in one year; the first year may stand for all those before it."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(FundingPlan, on_delete=models.CASCADE, related_name="payment_credits")  # a part of it
    year = models.PositiveSmallIntegerField("année")
    is_until = models.BooleanField("cette année et les précédentes", default=False)
    amount = models.DecimalField(
        "crédits de paiement HT", max_digits=14, decimal_places=2, validators=[MinValueValidator(ZERO)]
    )
    amount_incl_tax = models.DecimalField(
        "crédits de paiement TTC",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "crédit de paiement"
        verbose_name_plural = "crédits de paiement"
        ordering = ["plan", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year"],
                name="one_credit_per_year",
                violation_error_message="Cette année est déjà programmée.",
            ),
            models.CheckConstraint(
                name="credit_with_tax_is_not_smaller",
                condition=Q(amount_incl_tax__isnull=True) | Q(amount_incl_tax__gte=F("amount")),
                violation_error_message="Le montant TTC d’une année n’est pas plus petit que son montant HT.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} : {self.amount} €"

    @property
    def on_basis(self) -> Decimal | None:
        """What is spent, on the basis of the plan; None while it is with the tax and nobody wrote how much."""
        return self.amount_incl_tax if self.plan.is_incl_tax else self.amount
