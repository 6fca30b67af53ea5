"""The shape of governance: elected members, bodies, seats, circuit."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from cooperation.alphabetical import Alphabetical
from partners.governance import rules
from partners.governance.conduct import FREE, LAW, Conduct, Majority, Quorum, Representation, Tie
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
        verbose_name="compte",
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "élu·e"
        ordering = [Alphabetical("full_name"), "pk"]

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
        PRESIDENCY = "presidency", "présidence"
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
    rank = models.PositiveSmallIntegerField("rang dans la liste", default=100, help_text="Les petits nombres d’abord.")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "instance"
        verbose_name_plural = "instances"
        ordering = ["rank", "name"]
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

    @property
    def is_council(self) -> bool:
        return self.kind == self.Kind.COUNCIL

    def conduct_on(self, day: date) -> Conduct:
        """The rules of the body that day: those it wrote last, else the law, which asks no quorum of an opinion."""
        written = self.rules.filter(starts_on__lte=day).last()
        if written:
            return written.as_conduct()
        return LAW if self.is_deciding else FREE

    def chair_on(self, day: date) -> ElectedMember | None:
        """Who chairs it that day; None while nobody is known to."""
        seat = self.seats.in_force(day).filter(is_chair=True).select_related("member").first()
        return seat.member if seat else None


class BodyRule(models.Model):
    """How a body decides from a day on: a row is never changed, another begins later; past sessions keep theirs."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="rules")  # a part of the body
    starts_on = models.DateField("à partir du")
    quorum = models.CharField("quorum", max_length=6, choices=Quorum, default=Quorum.HALF)
    quorum_number = models.PositiveSmallIntegerField("nombre de membres présents", null=True, blank=True)
    majority = models.CharField("majorité", max_length=20, choices=Majority, default=Majority.SIMPLE)
    tie = models.CharField("en cas de partage des voix", max_length=8, choices=Tie, default=Tie.CHAIR)
    representation = models.CharField(
        "qui peut se faire représenter",
        max_length=10,
        choices=Representation,
        default=Representation.POWER_OR_SUBSTITUTE,
    )
    by_writing = models.BooleanField("peut être consultée par écrit, entre deux séances", default=False)
    source = models.CharField(
        "d’où vient cette règle", max_length=200, help_text="Par exemple : règlement intérieur, article 12."
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = "règles d’une instance"
        verbose_name_plural = "règles des instances"
        ordering = ["body", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "starts_on"],
                name="one_rule_of_a_body_per_day",
                violation_error_message="D’autres règles commencent déjà ce jour-là.",
            ),
            models.CheckConstraint(
                condition=models.Q(quorum="number", quorum_number__gt=0)
                | (~models.Q(quorum="number") & models.Q(quorum_number__isnull=True)),
                name="a_written_quorum_has_its_number",
                violation_error_message="Un quorum écrit en nombre porte ce nombre, les autres n’en portent pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, à partir du {self.starts_on:%d/%m/%Y}"

    def as_conduct(self) -> Conduct:
        return Conduct(self.quorum, self.quorum_number, self.majority, self.tie, self.representation, self.by_writing)


class SeatQuerySet(models.QuerySet["Seat"]):
    def in_force(self, on: date | models.OuterRef) -> SeatQuerySet:
        """Those that exist on a day; a seat whose first day nobody wrote has always been there."""
        begun = models.Q(starts_on__isnull=True) | models.Q(starts_on__lte=on)
        return self.filter(begun, models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on))

    def filled(self) -> SeatQuerySet:
        """Those that count as members in office: held by a person, or by a commune that has yet to name one."""
        return self.filter(models.Q(member__isnull=False) | models.Q(commune__isnull=False))


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

    objects = SeatQuerySet.as_manager()
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


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, on: date) -> DelegationQuerySet:
        """Those that hold on a day."""
        return self.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=on), starts_on__lte=on)


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

    objects = DelegationQuerySet.as_manager()
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

    @property
    def deliberation(self) -> str:
        """Its reference as it is read, whether the word was typed with the number or not."""
        said = self.decision_reference
        return said if said.casefold().startswith("délibération") else f"délibération {said}"

    def as_granted(self) -> rules.Granted:
        return rules.Granted(self.matter, self.ceiling, self.starts_on, self.ends_on)
