"""The shape of people: a user signs in with an e-mail address; a membership says in which role, where and when."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from cooperation.alphabetical import Alphabetical
from partners.directory.models import Partner
from territories.places.models import Commune, Intercommunality


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Holds no right by itself: rights follow the memberships."""

    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("prénom et nom", max_length=150)
    is_active = models.BooleanField("compte ouvert", default=True)
    joined_at = models.DateTimeField("compte créé le", auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        verbose_name = "personne"
        ordering = [Alphabetical("full_name"), "pk"]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        """There is no back-office beside the platform."""
        return False


class Role(models.TextChoices):
    AGENT = "agent", "Agent·e"
    COORDINATOR = "coordinator", "Coordination"
    ELECTED = "elected", "Élu·e"
    RELAY = "relay", "Personne relais"
    COUNCILLOR = "councillor", "Conseiller·ère municipal·e"
    ADMINISTRATOR = "administrator", "Administration"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self, on: date) -> MembershipQuerySet:
        """Memberships in force on the day given."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Membership(models.Model):
    """A role held by a person in an EPCI, on behalf of a commune, of a partner or of the EPCI itself, for a time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")  # leaves with the person
    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="memberships",  # people are moved before it goes
    )
    role = models.CharField("rôle", max_length=15, choices=Role)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",  # a commune keeps its people
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",  # so does a partner
    )
    function = models.CharField("fonction", max_length=150, blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "rôle d’une personne"
        ordering = ["intercommunality", "role", "user"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.CheckConstraint(
                name="relay_works_for_a_partner",
                condition=~Q(role="relay") | Q(partner__isnull=False),
                violation_error_message="Une personne relais travaille pour un partenaire : choisissez lequel.",
            ),
            # SQLite holds two absent organisations for different: zero stands for none.
            models.UniqueConstraint(
                "user",
                "intercommunality",
                "role",
                Coalesce("commune", 0),
                Coalesce("partner", 0),
                name="one_membership_per_role_and_organisation",
                violation_error_message="Cette personne tient déjà ce rôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} — {self.organisation}"

    @property
    def organisation(self) -> str:
        """The name of the structure for which the role is held."""
        return str(self.partner or self.commune or self.intercommunality)
