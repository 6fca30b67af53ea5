"""The shape of a partner and of its relay persons."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest, Least
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.alphabetical import Alphabetical
from cooperation.spelling import fold_words
from cooperation.texts import Text
from partners.directory.identifiers import compact, validate_rna, validate_siret
from territories.competences.models import Competence
from territories.places.models import Commune, Intercommunality

VACANT = "à trouver"

DESCRIPTION = 2_000  # signs: what an organisation says of itself


class PartnerQuerySet(models.QuerySet["Partner"]):
    def listed(self) -> PartnerQuerySet:
        """Partners of the directory; those merged into another only lead to it."""
        return self.filter(merged_into__isnull=True)

    def search(self, words: str) -> PartnerQuerySet:
        """Every word is in the name, the usual role, a number or the name of a relay person; accents do not count."""
        found = self
        for word in words.split():
            folded, number = fold_words(word), compact(word)
            said = Q(role__icontains=word) | Q(siret=number) | Q(rna=number)
            said |= Exists(Relay.objects.filter(partner=OuterRef("pk"), full_name__icontains=word))
            if folded:
                said |= Q(folded_name__contains=folded)
            found = found.filter(said)
        return found

    def lacking(self, what: str) -> PartnerQuerySet:
        """Partners without a relay person, with one whose consent is not known, or without a commune."""
        relays = Relay.objects.filter(partner=OuterRef("pk"), erased_on__isnull=True)
        communes = Partner.communes.through.objects.filter(partner=OuterRef("pk"))
        return {
            "relay": self.filter(~Exists(relays)),
            "consent": self.filter(Exists(relays.filter(consented_on__isnull=True))),
            "commune": self.filter(~Exists(communes)),
        }.get(what, self)


class Partner(models.Model):
    """An organisation that is neither the EPCI nor one of its communes, and takes part in its projects."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", "association"
        CCAS = "ccas", "CCAS"
        CIAS = "cias", "CIAS"
        DEPARTMENT = "department", "département"
        REGION = "region", "région"
        PUBLIC_PLACE = "public_place", "lieu qui accueille du public"
        PUBLIC_BODY = "public_body", "organisme public"
        COMPANY = "company", "entreprise"
        OTHER = "other", "autre"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="partners",  # the directory belongs to the EPCI
    )
    code = models.CharField("numéro", max_length=12, blank=True)
    name = models.CharField("nom", max_length=200)
    folded_name = models.CharField(
        "nom sans accents", max_length=250, blank=True, default="", editable=False, db_index=True
    )
    kind = models.CharField("nature", max_length=12, choices=Kind, default=Kind.OTHER)
    role = models.CharField("rôle habituel", max_length=200, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    rna = models.CharField("numéro RNA", max_length=10, blank=True, validators=[validate_rna])
    description = Text("présentation", blank=True, max_length=DESCRIPTION)
    address = models.CharField("adresse", max_length=300, blank=True)
    website = models.URLField("site internet", blank=True)
    phone = models.CharField("téléphone de l’accueil", max_length=20, blank=True)
    email = models.EmailField("courriel de l’accueil", blank=True)
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="partners_serving", verbose_name="communes desservies"
    )
    competences = models.ManyToManyField(
        Competence, blank=True, related_name="partners", verbose_name="compétences concernées"
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",  # a pointer to nothing leads nowhere
        verbose_name="fusionné avec",
    )
    history = HistoricalRecords(excluded_fields=["phone", "email", "folded_name"])  # contact details are erasable

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        ordering = [Alphabetical("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "name"],
                name="one_partner_per_name",
                violation_error_message="Un partenaire porte déjà ce nom dans l’annuaire.",
            ),
            models.CheckConstraint(
                name="partner_siret_has_14_digits",
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un numéro SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                name="partner_rna_is_well_formed",
                condition=Q(rna="") | Q(rna__regex=r"^W[0-9][0-9A-Z][0-9]{7}$"),
                violation_error_message="Un numéro RNA est la lettre W suivie de 9 chiffres.",
            ),
            models.CheckConstraint(
                name="partner_is_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="Un partenaire ne fusionne pas avec lui-même.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partners:partner", args=[self.pk])

    def clean_fields(self, exclude: Any = None) -> None:
        """Numbers are accepted as people write them, with spaces."""
        self.siret, self.rna = compact(self.siret), compact(self.rna)
        super().clean_fields(exclude=exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold_words(self.name)
        super().save(*args, **kwargs)


class DistinctionQuerySet(models.QuerySet["Distinction"]):
    def between(self, one: Partner, other: Partner) -> DistinctionQuerySet:
        """What was said of two partners, whichever is named first."""
        return self.filter(Q(first=one, second=other) | Q(first=other, second=one))

    def pairs(self) -> set[tuple[int, int]]:
        """The pairs told apart, the lower number first."""
        said = self.values_list("first", "second")
        return {(min(pair), max(pair)) for pair in said}


class Distinction(models.Model):
    """Somebody compared two partners that look alike, and said that they are two: they are not proposed again."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.CASCADE, related_name="+")  # its directory
    first = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="distinct_from")  # means nothing without
    second = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="distinct_to")  # same
    said_on = models.DateField("dit le")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # what was found stays, not the account
    )
    said_by_name = models.CharField("dit par", max_length=150)
    history = HistoricalRecords()

    objects = DistinctionQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaires différents"
        verbose_name_plural = "partenaires différents"
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                name="two_partners_told_apart_once",
                violation_error_message="Ces deux partenaires sont déjà dits différents.",
            ),
            models.CheckConstraint(
                name="a_partner_is_not_distinct_from_itself",
                condition=~Q(first=F("second")),
                violation_error_message="Choisissez deux partenaires différents.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} et {self.second} sont différents"


class RelayQuerySet(models.QuerySet["Relay"]):
    def known(self) -> RelayQuerySet:
        """Relay persons who are somebody: a role whose holder was erased is to be filled."""
        return self.filter(erased_on__isnull=True)

    def to_erase(self, on: date) -> RelayQuerySet:
        """Persons whose details may not be kept any longer (RGPD, art. 5, 1, e)."""
        return self.known().filter(retained_until__lt=on)


class Relay(models.Model):
    """A relay person: whom to call in a partner or in a town hall. Professional contact details only."""

    class Consent(models.TextChoices):
        INVITATION = "invitation", "en acceptant l’invitation"
        WRITTEN = "written", "par écrit"
        SPOKEN = "spoken", "de vive voix"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="relays",  # the directory belongs to the EPCI
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="relays",  # speaks for it, leaves with it
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="relays",  # same for a town hall
    )
    full_name = models.CharField("prénom et nom", max_length=150, blank=True)
    function = models.CharField("fonction", max_length=150, blank=True)
    phone = models.CharField("téléphone professionnel", max_length=20, blank=True)
    email = models.EmailField("courriel professionnel", blank=True)
    consented_on = models.DateField("accord donné le", null=True, blank=True)
    consent_means = models.CharField("comment", max_length=10, choices=Consent, blank=True)
    retained_until = models.DateField("à conserver jusqu’au", null=True, blank=True)
    erased_on = models.DateField("données effacées le", null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["phone", "email"])  # contact details are erasable

    objects = RelayQuerySet.as_manager()

    class Meta:
        verbose_name = "personne relais"
        ordering = [Alphabetical("full_name"), "pk"]
        constraints = [
            models.CheckConstraint(
                name="relay_speaks_for_one_structure",
                condition=Q(partner__isnull=False, commune__isnull=True)
                | Q(partner__isnull=True, commune__isnull=False),
                violation_error_message=(
                    "Une personne relais parle pour un partenaire ou pour une commune, pas les deux."
                ),
            ),
            models.CheckConstraint(
                name="relay_is_named_or_erased",
                condition=(Q(erased_on__isnull=True) & ~Q(full_name=""))
                | Q(erased_on__isnull=False, full_name="", phone="", email=""),
                violation_error_message="Écrivez le prénom et le nom de la personne relais.",
            ),
            models.CheckConstraint(
                name="relay_consent_has_a_date_and_a_means",
                condition=Q(consented_on__isnull=True, consent_means="")
                | (Q(consented_on__isnull=False) & ~Q(consent_means="")),
                violation_error_message="Dites quand et comment la personne a donné son accord.",
            ),
            models.CheckConstraint(
                name="relay_is_retained_after_consent",
                condition=Q(retained_until__isnull=True)
                | Q(consented_on__isnull=True)
                | Q(retained_until__gte=F("consented_on")),
                violation_error_message="La date de conservation précède l’accord de la personne.",
            ),
        ]

    def __str__(self) -> str:
        name = self.full_name or VACANT
        return f"{name}, {self.function}" if self.function else name

    @property
    def is_vacant(self) -> bool:
        """Whether the role has lost its person, whose details were erased."""
        return self.erased_on is not None

    @property
    def structure(self) -> Partner | Commune | None:
        """For whom the person speaks."""
        return self.partner or self.commune
