"""The shape of an opinion: the question, the answers it received, and who was reminded of it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.exclusive import empty, only
from cooperation.french import date_fr
from cooperation.texts import NOTE, Text
from partners.directory.models import Partner
from partners.governance.models import Body
from projects.opinions import rules
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality

NAMED = ("commune", "partner", "body")  # whom the platform knows; a service is told in words
WORDS = 3_000  # signs of an answer


class OpinionRequestQuerySet(models.QuerySet["OpinionRequest"]):
    def standing(self) -> OpinionRequestQuerySet:
        """Questions that were not taken back."""
        return self.filter(withdrawn_on__isnull=True)

    def awaited(self, on: date) -> OpinionRequestQuerySet:
        """Questions that may still be answered and were not."""
        answered = Opinion.objects.filter(request=models.OuterRef("pk"), withdrawn_on__isnull=True)
        return self.standing().filter(~models.Exists(answered), due_on__gte=on)

    def with_all(self) -> OpinionRequestQuerySet:
        """With all that a line shows, in a number of queries that does not grow."""
        return self.select_related("commune", "partner", "body", "project__intercommunality").prefetch_related(
            "opinions", "reminders"
        )


class OpinionRequest(models.Model):
    """An opinion asked of a service, a commune, a partner or a body, on a dated version of a project."""

    class Asked(models.TextChoices):
        COMMUNE = "commune", "une commune"
        PARTNER = "partner", "un partenaire"
        BODY = "body", "une instance"
        SERVICE = "service", "un service"

    class Silence(models.TextChoices):
        FAVOURABLE = rules.Silence.FAVOURABLE.value, "le silence vaut avis favorable"
        NONE = rules.Silence.NONE.value, "le silence ne vaut rien"
        UNFAVOURABLE = rules.Silence.UNFAVOURABLE.value, "le silence vaut avis défavorable"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="opinion_requests")  # public archive
    asked = models.CharField("avis demandé à", max_length=8, choices=Asked)
    service = models.CharField("service", max_length=150, blank=True)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_requests",  # asked under its name
        verbose_name="commune",
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_requests",  # same
        verbose_name="partenaire",
    )
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinion_requests",  # same
        verbose_name="instance",
    )
    question = Text("question", max_length=NOTE)
    asked_on = models.DateField("demandé le")
    working_days = models.PositiveSmallIntegerField(
        "délai, en jours ouvrés",
        default=15,
        validators=[
            MinValueValidator(1, "Laissez au moins un jour ouvré."),
            MaxValueValidator(250, "Un délai de plus d’un an n’en est pas un : 250 jours ouvrés au plus."),
        ],
    )
    months = models.PositiveSmallIntegerField(
        "délai en mois, quand un texte le fixe ainsi",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Un mois au moins."), MaxValueValidator(12, "Douze mois au plus.")],
    )
    due_on = models.DateField("à rendre au plus tard le")
    silence = models.CharField("en l’absence de réponse", max_length=12, choices=Silence, default=Silence.NONE)
    silence_reason = models.CharField("d’où vient cette règle", max_length=200, blank=True)
    project_version = models.PositiveIntegerField("version du texte")
    objective_version = models.PositiveSmallIntegerField("version de l’objectif")
    version_of = models.DateField("texte du")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the question stays, not the account
    )
    asked_by_name = models.CharField("demandé par", max_length=150)
    withdrawn_on = models.DateField("demande retirée le", null=True, blank=True)
    withdrawn_reason = models.CharField("motif du retrait", max_length=300, blank=True)
    withdrawn_by_name = models.CharField("retirée par", max_length=150, blank=True)

    objects = OpinionRequestQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "demande d’avis"
        verbose_name_plural = "demandes d’avis"
        ordering = ["project", "due_on", "pk"]
        indexes = [models.Index(fields=["intercommunality", "due_on"], name="opinions_by_deadline")]
        constraints = [
            models.CheckConstraint(
                name="opinion_asked_of_exactly_one",
                condition=only("commune", NAMED, asked="commune", service="")
                | only("partner", NAMED, asked="partner", service="")
                | only("body", NAMED, asked="body", service="")
                | (Q(asked="service", **empty(NAMED)) & ~Q(service="")),
                violation_error_message="Un avis se demande à un seul : une commune, un partenaire, une instance ou "
                "un service.",
            ),
            models.CheckConstraint(
                name="opinion_silence_says_why",
                condition=Q(silence="none") | ~Q(silence_reason=""),
                violation_error_message="Quand le silence vaut réponse, dites d’où vient cette règle.",
            ),
            models.CheckConstraint(
                name="opinion_due_after_it_is_asked",
                condition=Q(due_on__gt=F("asked_on")),
                violation_error_message="L’échéance suit la demande.",
            ),
            models.CheckConstraint(
                name="opinion_request_withdrawn_says_why",
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                violation_error_message="Une demande d’avis ne se retire pas sans motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"Avis de {self.who}"

    def get_absolute_url(self) -> str:
        return reverse("projects:opinion", args=[self.pk])

    def clean(self) -> None:
        if any(
            one is not None and one.intercommunality_id != self.intercommunality_id for one in (self.partner, self.body)
        ):
            raise ValidationError("Cet interlocuteur n’est pas de votre intercommunalité.")

    @property
    def who(self) -> str:
        """The name of whoever is asked."""
        return str(self.commune or self.partner or self.body or self.service)

    @property
    def standing_opinion(self) -> Opinion | None:
        """The answer that holds: given, and not taken back."""
        return next((one for one in self.opinions.all() if one.withdrawn_on is None), None)

    def stage_on(self, today: date) -> rules.Stage:
        return rules.stage_on(
            today,
            due_on=self.due_on,
            is_given=self.standing_opinion is not None,
            is_withdrawn=self.withdrawn_on is not None,
        )


# What silence is worth, as it is told; the words of the column are those of a migration that is done.
SILENCE_TOLD = dict(OpinionRequest.Silence.choices) | {
    OpinionRequest.Silence.NONE.value: "sans réponse, aucun avis n’est réputé donné"
}


class Opinion(models.Model):
    """An answer: its words and the version of the text it bears on. Taken back, it stays readable with the reason."""

    class Position(models.TextChoices):
        FAVOURABLE = "favourable", "Favorable"
        RESERVED = "reserved", "Favorable avec réserves"
        UNFAVOURABLE = "unfavourable", "Défavorable"
        NO_OPINION = "no_opinion", "Sans avis"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(OpinionRequest, on_delete=models.PROTECT, related_name="opinions")  # public archive
    position = models.CharField("avis", max_length=12, choices=Position)
    words = Text("en quelques mots", max_length=WORDS, blank=True)
    given_on = models.DateField("rendu le")
    recorded_at = models.DateTimeField("écrit le")
    given_by_name = models.CharField("rendu par", max_length=150)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the opinion stays, not the account
    )
    recorded_by_name = models.CharField("écrit par", max_length=150)
    is_reported = models.BooleanField("transmis par la coordination", default=False)
    project_version = models.PositiveIntegerField("version du texte")
    version_of = models.DateField("texte du")
    withdrawn_on = models.DateField("retiré le", null=True, blank=True)
    withdrawn_reason = models.CharField("motif du retrait", max_length=300, blank=True)
    withdrawn_by_name = models.CharField("retiré par", max_length=150, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["request", "-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(withdrawn_on=None),
                name="one_standing_opinion_per_request",
                violation_error_message="Un avis a déjà été rendu : retirez-le d’abord.",
            ),
            models.CheckConstraint(
                name="opinion_has_a_known_position",
                condition=Q(position__in=["favourable", "reserved", "unfavourable", "no_opinion"]),
                violation_error_message="Cet avis n’existe pas.",
            ),
            models.CheckConstraint(
                name="opinion_with_reservations_says_which",
                condition=~Q(position__in=["reserved", "unfavourable"]) | ~Q(words=""),
                violation_error_message="Écrivez vos réserves, ou ce qui vous fait dire non.",
            ),
            models.CheckConstraint(
                name="opinion_withdrawn_says_why",
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                violation_error_message="Un avis ne se retire pas sans motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()}, le {date_fr(self.given_on)}"


class OpinionReminder(models.Model):
    """That one person was told of an opinion awaited, and when that person opened the page it leads to.

    It says that it was told, in the application at least; the notices carry it by mail, at the pace of the person.
    """

    class Kind(models.TextChoices):
        ASKED = rules.Reminder.ASKED.value, "demande"
        SOON = rules.Reminder.SOON.value, "rappel"
        LAST = rules.Reminder.LAST.value, "dernier rappel"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(OpinionRequest, on_delete=models.CASCADE, related_name="reminders")  # nothing alone
    kind = models.CharField("rappel", max_length=5, choices=Kind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # that it was sent stays, not the account
    )
    person_name = models.CharField("à", max_length=150)
    told_on = models.DateField("dit le")
    seen_at = models.DateTimeField("vu le", null=True, blank=True)

    class Meta:
        verbose_name = "rappel d’un avis"
        verbose_name_plural = "rappels d’avis"
        ordering = ["request", "told_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person", "kind"], name="one_reminder_of_a_kind_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} à {self.person_name}"
