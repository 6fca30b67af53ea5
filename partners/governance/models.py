"""The shape of governance: elected members, bodies, seats, circuit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from partners.governance import rules
from territories.places.models import Commune, Intercommunality


class ElectedMember(models.Model):
    """An elected person of the territory, with or without an account. No political label, ever (RGPD, art. 9)."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="elected_members",  # named in its decisions
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        related_name="elected_members",
        verbose_name="commune",  # elected there
    )
    full_name = models.CharField("prénom et nom", max_length=150)
    municipal_office = models.CharField("mandat communal", max_length=100, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the act keeps the name when the account closes
        null=True,
        blank=True,
        related_name="elected_member",
    )

    class Meta:
        verbose_name = "élu·e"
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


class Body(models.Model):
    """A body that advises or decides (conseil, bureau, conférence des maires, commission…)."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "conseil communautaire"
        BUREAU = "bureau", "bureau"
        MAYORS = "mayors", "conférence des maires"
        COMMITTEE = "committee", "commission"
        DEVELOPMENT = "development", "conseil de développement"
        TECHNICAL = "technical", "comité technique"
        STEERING = "steering", "comité de pilotage"
        STAFF = "staff", "comité social territorial"
        CHARGES = "charges", "commission d’évaluation des charges"

    class Power(models.TextChoices):
        DECIDING = "deciding", "décide"
        ADVISORY = "advisory", "donne un avis"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="bodies",  # its decisions outlive a reorganisation
    )
    kind = models.CharField("nature", max_length=12, choices=Kind)
    name = models.CharField("nom", max_length=120)
    power = models.CharField("pouvoir", max_length=10, choices=Power)
    legal_seats = models.PositiveSmallIntegerField("nombre de sièges", null=True, blank=True)
    rhythm = models.CharField("rythme", max_length=100, blank=True)
    remit = models.CharField("attributions", max_length=300, blank=True)
    circuit_position = models.PositiveSmallIntegerField(
        "rang dans le circuit des projets", null=True, blank=True, help_text="Vide : n’est pas une étape du circuit."
    )

    class Meta:
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["circuit_position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "name"],
                name="one_body_per_name",
                violation_error_message="Une instance porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_deciding(self) -> bool:
        return self.power == self.Power.DECIDING


class Seat(models.Model):
    """A seat of a body; its holder may not be named yet."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")  # a seat is a part of its body
    member = models.ForeignKey(
        ElectedMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",  # sits in recorded sessions
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",  # a seat of a commune in the conseil
    )
    function = models.CharField("fonction", max_length=150, blank=True)
    substitute = models.ForeignKey(
        ElectedMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="substitute_seats",  # may have sat in recorded sessions
        verbose_name="suppléant·e",
    )
    is_chair = models.BooleanField("préside", default=False)
    is_vice_chair = models.BooleanField("vice-préside", default=False)
    rank = models.PositiveSmallIntegerField("rang", default=0)
    starts_on = models.DateField("depuis le", null=True, blank=True)
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "siège"
        ordering = ["body", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body"],
                condition=models.Q(is_chair=True, ends_on__isnull=True),
                name="one_chair_per_body",
                violation_error_message="Cette instance a déjà une personne qui la préside.",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="seat_ends_after_it_starts",
                violation_error_message="Un siège ne peut pas être quitté avant d’avoir été occupé.",
            ),
            models.CheckConstraint(
                condition=models.Q(substitute__isnull=True)
                | models.Q(member__isnull=True)
                | ~models.Q(substitute=models.F("member")),
                name="nobody_is_their_own_substitute",
                violation_error_message="La personne suppléante est une autre personne que la titulaire.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member or 'siège à pourvoir'} — {self.body}"


class Delegation(models.Model):
    """A power the conseil entrusts to the bureau or to the president (CGCT, art. L. 5211-10)."""

    class Holder(models.TextChoices):
        BUREAU = rules.Holder.BUREAU.value, "bureau"
        PRESIDENT = rules.Holder.PRESIDENT.value, "président·e"

    # Only what may be delegated is offered: the article keeps the rest for the conseil.
    Matter = models.TextChoices("Matter", {code.upper(): (code, label) for code, label in rules.DELEGATED.items()})

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="delegations",  # acts were taken under it
    )
    holder = models.CharField("à qui", max_length=10, choices=Holder)
    matter = models.CharField("matière", max_length=20, choices=Matter.choices)
    ceiling = models.DecimalField(
        "plafond (€ HT)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Vide : la délégation ne fixe pas de plafond.",
    )
    decision_reference = models.CharField(
        "délibération", max_length=150, help_text="Numéro et date de la délibération qui délègue."
    )
    starts_on = models.DateField("à partir du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "délégation"
        ordering = ["holder", "matter", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matter__in=list(rules.DELEGATED)),
                name="delegation_of_what_may_be_delegated",
                violation_error_message="Cette matière reste au conseil communautaire (CGCT, art. L. 5211-10).",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="delegation_ends_after_it_starts",
                violation_error_message="Une délégation ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling__isnull=True) | models.Q(ceiling__gt=0),
                name="delegation_ceiling_is_positive",
                violation_error_message="Le plafond est supérieur à zéro.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_matter_display()} — {self.get_holder_display()}"

    def as_granted(self) -> rules.Granted:
        return rules.Granted(self.matter, self.ceiling, self.starts_on, self.ends_on)
