"""The shape of a milestone, of a meeting, and of the secret address at which a person reads the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.exclusive import exactly_one
from cooperation.texts import PAGES, Text
from partners.directory.models import Partner
from partners.people.access import scope_of
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


class Milestone(models.Model):
    """A stage of a project: the days that were planned, and the days as they came."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")  # a plan is defended
    label = models.CharField("étape", max_length=200)
    planned_start = models.DateField("début prévu")
    planned_end = models.DateField("fin prévue")
    actual_start = models.DateField("début réel", null=True, blank=True)
    actual_end = models.DateField("fin réelle", null=True, blank=True)
    order = models.PositiveSmallIntegerField("rang", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "étape du calendrier"
        verbose_name_plural = "étapes du calendrier"
        ordering = ["planned_start", "order", "pk"]
        indexes = [
            models.Index(fields=["intercommunality", "planned_start", "id"], name="stages_by_start"),
            models.Index(fields=["intercommunality", "planned_end", "id"], name="stages_by_end"),
            models.Index(
                fields=["intercommunality", "planned_end", "id"], condition=Q(actual_end=None), name="stages_not_ended"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="milestone_has_a_label",
                condition=~Q(label=""),
                violation_error_message="Nommez l’étape.",
            ),
            models.CheckConstraint(
                name="milestone_ends_after_it_starts",
                condition=Q(planned_end__gte=F("planned_start")),
                violation_error_message="La fin prévue précède le début prévu.",
            ),
            models.CheckConstraint(
                name="milestone_really_ends_after_it_starts",
                condition=Q(actual_end=None) | (Q(actual_start__isnull=False) & Q(actual_end__gte=F("actual_start"))),
                violation_error_message="La fin réelle demande un début réel, qui la précède.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("projects:project_calendar", args=[self.project_id])

    def clean(self) -> None:
        if self.project.intercommunality_id != self.intercommunality_id:
            raise ValidationError("Ce projet n’est pas de votre intercommunalité.")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """Those of the projects that the person sees; without a project, those of the EPCIs where they work, and
        those that expect them.
        """
        scope = scope_of(user)
        where = scope.where("view_sessions") | scope.where("submit_projects")
        seen = Exists(Project.objects.visible_to(user).filter(pk=OuterRef("project")))
        expected = Q(pk__in=Guest.objects.expecting(user).values("meeting"))
        return self.filter(Q(seen) | (Q(project=None) & (Q(intercommunality__in=where) | expected)))


class Meeting(models.Model):
    """People who meet about a project, or about the territory: when, where, who, and what was said."""

    class Format(models.TextChoices):
        IN_PERSON = "in_person", "Sur place"
        REMOTE = "remote", "À distance"
        BOTH = "both", "Sur place et à distance"

    class State(models.TextChoices):
        PLANNED = "planned", "Prévue"
        HELD = "held", "Tenue"
        CANCELLED = "cancelled", "Annulée"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",  # part of its story
        verbose_name="projet",
    )
    label = models.CharField("objet de la réunion", max_length=200)
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    format = models.CharField("forme", max_length=9, choices=Format, default=Format.IN_PERSON)
    place = models.CharField("lieu", max_length=200, blank=True)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",  # it was held there
        verbose_name="commune",
    )
    participants = Text("participants", max_length=2000, blank=True)
    minutes = Text("compte rendu", max_length=PAGES, blank=True)
    state = models.CharField("état", max_length=9, choices=State, default=State.PLANNED)
    reason = models.CharField("pourquoi elle est annulée", max_length=300, blank=True)
    written_by_name = models.CharField("écrite par", max_length=150)

    objects = MeetingQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réunion"
        verbose_name_plural = "réunions"
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["intercommunality", "starts_at", "id"], name="meetings_by_time"),
            models.Index(fields=["intercommunality", "commune", "starts_at", "id"], name="meetings_by_place"),
        ]
        constraints = [
            models.CheckConstraint(
                name="meeting_has_a_label",
                condition=~Q(label=""),
                violation_error_message="Dites l’objet de la réunion.",
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La réunion finit après avoir commencé.",
            ),
            models.CheckConstraint(
                name="meeting_in_person_says_where",
                condition=Q(format="remote") | ~Q(place=""),
                violation_error_message="Dites où l’on se réunit.",
            ),
            models.CheckConstraint(
                name="only_a_cancelled_meeting_says_why",
                condition=(Q(state="cancelled") & ~Q(reason="")) | (Q(state__in=["planned", "held"]) & Q(reason="")),
                violation_error_message="Dites pourquoi la réunion est annulée.",
            ),
            models.CheckConstraint(
                name="only_a_held_meeting_has_minutes",
                condition=Q(state="held") | Q(minutes=""),
                violation_error_message="Seule une réunion tenue a un compte rendu.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("projects:meeting", args=[self.pk])

    def clean(self) -> None:
        if any(
            one is not None and one.intercommunality_id != self.intercommunality_id
            for one in (self.project, self.commune)
        ):
            raise ValidationError("Ce projet ou cette commune n’est pas de votre intercommunalité.")


class GuestQuerySet(models.QuerySet["Guest"]):
    def expecting(self, user: User) -> GuestQuerySet:
        """By name, or for the communes and the partners that the person acts for."""
        scope = scope_of(user)
        return self.filter(Q(person=user) | Q(commune__in=scope.communes) | Q(partner__in=scope.partners))


INVITED = ("person", "commune", "partner")


class Guest(models.Model):
    """Whom a meeting expects and who is told of it: a person, or those who act for a commune or a partner."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="guests")  # says nothing without it
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",  # told for themselves alone
        verbose_name="personne",
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )  # invited under its name
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="partenaire"
    )  # same
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",  # the invitation stays, not the account
    )

    objects = GuestQuerySet.as_manager()
    removed_by: User | None = None  # said by whoever expects them no more, for those who listen

    class Meta:
        verbose_name = "invité d’une réunion"
        verbose_name_plural = "invités d’une réunion"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="guest_is_exactly_one",
                condition=exactly_one(INVITED),
                violation_error_message="Invitez une personne, une commune ou un partenaire.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["meeting", invited],
                    name=f"{invited}_is_invited_once",
                    violation_error_message="Cette réunion l’attend déjà.",
                )
                for invited in INVITED
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.commune or self.partner)

    def clean(self) -> None:
        if any(
            one is not None and one.intercommunality_id != self.intercommunality_id
            for one in (self.meeting, self.commune, self.partner)
        ):
            raise ValidationError("Cette réunion, cette commune ou ce partenaire n’est pas de votre intercommunalité.")


class CalendarAddress(models.Model):
    """The secret address at which a person's diary reads the calendar: its digest only, so that no copy leaks it."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_address"
    )  # theirs alone
    digest = models.CharField("empreinte", max_length=64, unique=True)
    made_at = models.DateTimeField("créée le")

    class Meta:
        verbose_name = "adresse secrète du calendrier"
        verbose_name_plural = "adresses secrètes du calendrier"

    def __str__(self) -> str:
        return f"Adresse secrète de {self.person}"
