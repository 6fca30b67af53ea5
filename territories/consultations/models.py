"""The shape of a consultation: what is put to the communes, and what each of them answered."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import TEXT, Text
from territories.competences.models import Competence
from territories.consultations.outcome import Voice
from territories.consultations.procedures import BY_CODE, CHOICES, Position, Procedure
from territories.places.models import Commune, Intercommunality


class Stage(models.TextChoices):
    """Where a consultation stands on a given day: a matter of dates, never typed by anybody."""

    PREPARED = "prepared", "en préparation"
    RUNNING = "running", "en cours"
    OVER = "over", "délais écoulés, à clore"
    CLOSED = "closed", "close"
    ABANDONED = "abandoned", "abandonnée"


class ConsultationQuerySet(models.QuerySet):
    def of(self, intercommunality: Intercommunality) -> ConsultationQuerySet:
        return self.filter(intercommunality=intercommunality)

    def under_way(self) -> ConsultationQuerySet:
        return self.filter(closed_on__isnull=True, abandoned_on__isnull=True)

    def with_answers(self) -> ConsultationQuerySet:
        return self.prefetch_related(models.Prefetch("answers", Answer.objects.select_related("commune")))


class Consultation(models.Model):
    """What is put to the communes, by which procedure, and what came of it.

    The populations are frozen when the first commune is notified; the result, when the consultation is closed.
    """

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,  # its acts outlive any reorganisation
        related_name="consultations",
    )
    procedure_code = models.CharField("procédure", max_length=20, choices=CHOICES)
    title = models.CharField("objet", max_length=200)
    question = Text("question posée aux conseils municipaux", max_length=TEXT, blank=True)
    competence = models.ForeignKey(
        Competence,
        on_delete=models.PROTECT,  # what was asked about stays readable
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name="compétence",
    )
    council_on = models.DateField("délibération du conseil communautaire", null=True, blank=True)
    council_reference = models.CharField("numéro de cette délibération", max_length=80, blank=True)
    votes_for = models.PositiveSmallIntegerField("voix pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("voix contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    window_opens_on = models.DateField("délibérations reçues à partir du", null=True, blank=True)
    window_closes_on = models.DateField("délibérations reçues jusqu’au", null=True, blank=True)
    population_year = models.PositiveSmallIntegerField("populations en vigueur en", null=True, blank=True)
    closed_on = models.DateField("close le", null=True, blank=True)
    accepted = models.BooleanField("acceptée", null=True, blank=True)
    result = models.JSONField("résultat expliqué", default=dict, blank=True)
    abandoned_on = models.DateField("abandonnée le", null=True, blank=True)
    abandoned_because = models.CharField("pourquoi", max_length=300, blank=True)
    order_on = models.DateField("arrêté préfectoral du", null=True, blank=True)
    order_reference = models.CharField("numéro de l’arrêté", max_length=80, blank=True)

    objects = ConsultationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "consultation des communes"
        verbose_name_plural = "consultations des communes"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="closed_consultation_has_result",
                condition=Q(closed_on__isnull=True, accepted__isnull=True)
                | Q(closed_on__isnull=False, accepted__isnull=False),
                violation_error_message="Une consultation close porte son résultat.",
            ),
            models.CheckConstraint(
                name="consultation_closed_or_abandoned",
                condition=Q(closed_on__isnull=True) | Q(abandoned_on__isnull=True),
                violation_error_message="Une consultation close ne s’abandonne plus.",
            ),
            models.CheckConstraint(
                name="consultation_window_in_order",
                condition=Q(window_opens_on__isnull=True)
                | Q(window_closes_on__isnull=True)
                | Q(window_opens_on__lte=F("window_closes_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
            models.CheckConstraint(
                name="order_follows_closure",
                condition=Q(order_on__isnull=True) | Q(closed_on__isnull=False),
                violation_error_message="L’arrêté préfectoral vient après la clôture de la consultation.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("territories:consultation", args=[self.pk])

    @property
    def procedure(self) -> Procedure:
        return BY_CODE[self.procedure_code]

    def stage_on(self, day: date) -> Stage:
        """Read from the dates of the answers: prepared, running, over; closing and abandoning are acts."""
        if self.abandoned_on and self.abandoned_on <= day:
            return Stage.ABANDONED
        if self.closed_on and self.closed_on <= day:
            return Stage.CLOSED
        answers = list(self.answers.all())
        if not any(answer.notified_on and answer.notified_on <= day for answer in answers):
            return Stage.PREPARED
        awaited = any(answer.position_on(day) == Position.PENDING for answer in answers)
        return Stage.RUNNING if awaited else Stage.OVER

    def voices_on(self, day: date) -> list[Voice]:
        """Each commune with what its position was worth on that day."""
        return [answer.voice_on(day) for answer in self.answers.all()]


class Answer(models.Model):
    """One commune asked: notified on its own date, answering in its own time (the clock runs commune by commune)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")  # as above
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="answers")  # a part of it
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,  # a deliberation outlives a merger
        related_name="consultation_answers",
    )
    inhabitants = models.PositiveIntegerField("population totale (PTOT)")
    municipal_inhabitants = models.PositiveIntegerField("population municipale (PMUN)")
    notified_on = models.DateField("notifiée le", null=True, blank=True)
    due_on = models.DateField("répond jusqu’au", null=True, blank=True)
    position = models.CharField("position", max_length=12, choices=Position, blank=True)
    deliberated_on = models.DateField("délibération du", null=True, blank=True)
    reference = models.CharField("numéro de la délibération", max_length=80, blank=True)
    words = Text("réserves ou motifs", max_length=5_000, blank=True)
    reminded_on = models.DateField("relancée le", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "réponse d’une commune"
        verbose_name_plural = "réponses des communes"
        ordering = ["-inhabitants", "commune__insee_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "commune"],
                name="one_answer_per_commune",
                violation_error_message="Cette commune est déjà consultée.",
            ),
            models.CheckConstraint(
                name="answer_due_after_notice",
                condition=Q(due_on__isnull=True, notified_on__isnull=True) | Q(due_on__gte=F("notified_on")),
                violation_error_message="Une commune notifiée a une échéance, qui suit la notification.",
            ),
            models.CheckConstraint(
                name="position_has_its_date",
                condition=Q(position="", deliberated_on__isnull=True)
                | (~Q(position="") & Q(deliberated_on__isnull=False)),
                violation_error_message="Une position se donne avec la date de la délibération.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} : {self.get_position_display() or 'réponse attendue'}"

    @property
    def is_out_of_time(self) -> bool:
        """Deliberated too late (or too early): what the law deems stands, the document is kept and shown as such."""
        if not self.deliberated_on or not self.due_on:
            return False
        opens = self.consultation.window_opens_on
        return self.deliberated_on > self.due_on or bool(opens and self.deliberated_on < opens)

    def position_on(self, day: date) -> Position:
        """What the commune's answer was worth at the end of that day."""
        if self.position and self.deliberated_on <= day and not self.is_out_of_time:
            return Position(self.position)
        if self.due_on and day > self.due_on:
            return Position.SILENT
        return Position.PENDING

    def voice_on(self, day: date) -> Voice:
        return Voice(self.commune.insee_code, self.commune.name, self.inhabitants, self.position_on(day))
