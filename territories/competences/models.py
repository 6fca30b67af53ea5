"""The shape of competences: the national lists, what one EPCI exercises, and what is agreed upon with its communes."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.alphabetical import Alphabetical
from cooperation.texts import NOTE, TEXT, Text
from territories.competences.querysets import CommunityInterestQuerySet, CompetenceQuerySet
from territories.places.models import Commune, Intercommunality

validate_code = RegexValidator(r"^\d{4}$", "Un code de la nomenclature nationale compte quatre chiffres.")


class Nomenclature(models.TextChoices):
    """The two national lists: the same code may mean another thing in the other one (1510: waste, then sewerage)."""

    Y2021 = "2021", "2021"
    Y2025 = "2025", "2025"


class NationalCompetence(models.Model):
    """A code of one version of the national nomenclature (BANATIC); its label is empty where nobody published it."""

    nomenclature = models.CharField("nomenclature", max_length=4, choices=Nomenclature)
    code = models.CharField("code", max_length=4, validators=[validate_code])
    label = Text("intitulé national", max_length=NOTE, blank=True)
    group_code = models.CharField("code du domaine", max_length=10, blank=True)
    group_label = models.CharField("domaine", max_length=200, blank=True)

    class Meta:
        verbose_name = "compétence nationale"
        verbose_name_plural = "compétences nationales"
        ordering = ["nomenclature", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomenclature", "code"],
                name="one_national_competence_per_code",
                violation_error_message="Ce code est déjà dans cette nomenclature.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}" if self.label else f"{self.code} (code sans intitulé)"


class Crosswalk(models.Model):
    """What a code of 2021 became in 2025: the same thing, one of several parts, or nothing."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "one_to_one", "équivalent"
        SPLIT = "split", "scindé"
        NO_EQUIVALENT = "no_equivalent", "sans équivalent"

    source = models.ForeignKey(
        NationalCompetence,
        on_delete=models.CASCADE,
        related_name="successors",  # says nothing without it
    )
    target = models.ForeignKey(
        NationalCompetence,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="predecessors",  # same
    )
    kind = models.CharField("correspondance", max_length=13, choices=Kind)

    class Meta:
        verbose_name = "correspondance de nomenclature"
        verbose_name_plural = "correspondances de nomenclature"
        ordering = ["source__code", "target__code"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="one_crosswalk_per_pair"),
            models.CheckConstraint(
                name="crosswalk_has_a_target_unless_dropped",
                condition=Q(kind="no_equivalent", target__isnull=True)
                | (~Q(kind="no_equivalent") & Q(target__isnull=False)),
                violation_error_message="Un code sans équivalent n’a pas de code d’arrivée ; les autres en ont un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.code} → {self.target.code if self.target else 'aucun'} ({self.get_kind_display()})"


class Competence(models.Model):
    """A competence on the territory of one EPCI, with its legal category (CGCT, art. L. 5214-16 and L. 5211-17).

    People say « optionnelle »; since the law of 27 December 2019 the legal word is « supplémentaire », and that is
    what is stored and printed.
    """

    class Category(models.TextChoices):
        OBLIGATORY = "obligatory", "obligatoire"
        ADDITIONAL = "additional", "supplémentaire"
        OPT_IN = "opt_in", "à la carte"
        UNSTATED = "unstated", "catégorie à préciser"  # declared in a national file, which does not tell
        MUNICIPAL = "municipal", "communale"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="competences",  # it only exists for this EPCI
    )
    label = models.CharField("intitulé", max_length=200)
    category = models.CharField("catégorie", max_length=10, choices=Category)
    subject_to_community_interest = models.BooleanField("soumise à l’intérêt communautaire", default=False)
    is_shared = models.BooleanField("partagée entre plusieurs niveaux", default=False)
    shared_with = models.CharField("partagée avec", max_length=200, blank=True)
    banatic_codes = models.JSONField("codes BANATIC 2025", default=list, blank=True)
    m57_codes = models.JSONField("codes fonctionnels M57", default=list, blank=True)
    national = models.ManyToManyField(
        NationalCompetence, blank=True, related_name="competences", verbose_name="codes nationaux"
    )
    since = models.DateField("exercée depuis le", null=True, blank=True)
    ends_on = models.DateField("exercée jusqu’au", null=True, blank=True)
    act = models.CharField("acte", max_length=200, blank=True)
    note = models.CharField("remarque", max_length=300, blank=True)
    communes = models.ManyToManyField(
        Commune, blank=True, related_name="opt_in_competences", verbose_name="communes concernées (à la carte)"
    )

    history = HistoricalRecords(m2m_fields=[communes])
    objects = CompetenceQuerySet.as_manager()

    class Meta:
        verbose_name = "compétence"
        ordering = ["category", Alphabetical("label")]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "label"],
                name="one_competence_per_label",
                violation_error_message="Cette compétence est déjà inscrite pour cette intercommunalité.",
            ),
            models.CheckConstraint(
                name="competence_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(since__isnull=True) | Q(ends_on__gte=F("since")),
                violation_error_message="La fin d’exercice précède la date d’effet.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("territories:competence", args=[self.pk])

    @property
    def is_exercised(self) -> bool:
        """Whether the EPCI holds it, wholly or for some communes."""
        return self.category != self.Category.MUNICIPAL

    def is_in_force(self, day: date) -> bool:
        """Whether the EPCI exercises it on the day given; the same rule as `in_force` of the rows."""
        begun = self.since is None or self.since <= day
        return self.is_exercised and begun and (self.ends_on is None or day <= self.ends_on)

    def interest_on(self, day: date) -> CommunityInterest | None:
        """The definition of the community interest in force on the day; one without date is the oldest."""
        known = [one for one in self.interests.all() if one.decided_on is None or one.decided_on <= day]
        return max(known, key=lambda one: (one.decided_on or date.min, one.pk), default=None)


class CommunityInterest(models.Model):
    """A definition of the community interest: the line between what the EPCI does and what stays to the communes.

    Voted by the council of the EPCI alone (CGCT, art. L. 5214-16 IV, L. 5216-5 III); the latest one is in force.
    """

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="+",  # follows its competence
    )
    competence = models.ForeignKey(Competence, on_delete=models.CASCADE, related_name="interests")  # a part of it
    text = Text("ce qui est d’intérêt communautaire", max_length=TEXT)
    decided_on = models.DateField("décidé le", null=True, blank=True)
    act = models.CharField("délibération", max_length=200, blank=True)

    history = HistoricalRecords()
    objects = CommunityInterestQuerySet.as_manager()

    class Meta:
        verbose_name = "définition de l’intérêt communautaire"
        verbose_name_plural = "définitions de l’intérêt communautaire"
        ordering = [F("decided_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["competence", "decided_on"],
                name="one_community_interest_per_day",
                violation_error_message="Une définition de cette date est déjà inscrite : corrigez-la plutôt.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ImplementationAgreement(models.Model):
    """What EPCI and communes agree upon to carry out an obligatory competence: imposed, but not its manner (B4)."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="implementation_agreements",  # the communes gave their word
    )
    competence = models.ForeignKey(
        Competence,
        on_delete=models.PROTECT,
        related_name="agreements",  # same
    )
    title = models.CharField("objet de l’accord", max_length=200)
    text = Text("ce qui est convenu", max_length=TEXT)
    agreed_on = models.DateField("conclu le", null=True, blank=True)
    act = models.CharField("acte", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "accord de mise en œuvre"
        verbose_name_plural = "accords de mise en œuvre"
        ordering = [F("agreed_on").desc(nulls_first=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["competence", "title"],
                name="one_agreement_per_title",
                violation_error_message="Un accord porte déjà cet objet pour cette compétence.",
            ),
            models.CheckConstraint(
                name="concluded_agreement_has_its_act",
                condition=Q(agreed_on__isnull=True) | ~Q(act=""),
                violation_error_message="Un accord conclu porte la référence de son acte.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.competence_id and self.competence.category != Competence.Category.OBLIGATORY:
            raise ValidationError("Un accord de mise en œuvre porte sur une compétence obligatoire.")


class AgreementPosition(models.Model):
    """Where a commune stands on an implementation agreement; a commune without a row has taken no position."""

    class Stance(models.TextChoices):
        NONE = "none", "sans position"
        AGREES = "agrees", "d’accord"
        DISCUSSES = "discusses", "en discussion"
        REFUSES = "refuses", "pas d’accord"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="+",  # as its agreement
    )
    agreement = models.ForeignKey(
        ImplementationAgreement,
        on_delete=models.CASCADE,
        related_name="positions",  # a part of it
    )
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        related_name="agreement_positions",  # its word stays
    )
    stance = models.CharField("position", max_length=9, choices=Stance, default=Stance.NONE)
    stated_on = models.DateField("exprimée le", null=True, blank=True)
    act = models.CharField("acte", max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "position d’une commune"
        verbose_name_plural = "positions des communes"
        ordering = [Alphabetical("commune__name")]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "commune"], name="one_position_per_commune"),
            models.CheckConstraint(
                name="stated_position_has_its_date",
                condition=Q(stance="none") | Q(stated_on__isnull=False),
                violation_error_message="Une position exprimée porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.get_stance_display()}"
