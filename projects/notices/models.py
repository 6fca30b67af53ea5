"""The shape of a notice, of the letter that carries it, and of the pace at which a person wants to be written to."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q

from cooperation.letters import PostedLetter
from projects.notices.kinds import KINDS, Kind, Pace, labelled
from projects.proposals.models import Project
from territories.places.models import Intercommunality


class Letter(PostedLetter):
    """A mail that leaves, or will: what it says is written at the last moment and is not kept."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")  # theirs alone

    class Meta:
        verbose_name = "courriel"
        ordering = ["next_try_at", "pk"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="letters_to_send")]

    def __str__(self) -> str:
        return self.message_id


def seen_among(projects: Iterable[int | None], person: object) -> set[int]:
    """Those of these projects that the person may see.

    Their numbers are given: left inside one query, they made it read every project, on every page.
    """
    numbers = set(projects) - {None}
    if not numbers:
        return set()
    found = Project.objects.visible_to(person, each=True).filter(pk__in=numbers).order_by()  # type: ignore[arg-type]
    return set(found.values_list("pk", flat=True))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def readable_by(self, person: object) -> NoticeQuerySet:
        """What a person was told, less what was undone since and what they may no longer see."""
        mine = self.told_to(person)
        told_of = set(mine.order_by().values_list("project", flat=True))
        return mine.filter(Q(project=None) | Q(project__in=seen_among(told_of, person)))

    def told_to(self, person: object) -> NoticeQuerySet:
        return self.filter(person=person, is_dropped=False)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One fact told to one person. It carries no text of anybody: the page it leads to does."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )  # theirs alone
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",  # says nothing without it
    )
    kind = models.CharField("nature", max_length=12, choices=labelled)
    fact = models.CharField(max_length=40)  # « move:12 »: what happened, to know whether it still holds
    detail = models.CharField(max_length=200, blank=True)  # a state, a date, an organisation: never what was written
    address = models.CharField(max_length=200)
    happened_at = models.DateTimeField("le")
    due_at = models.DateTimeField("à dire à partir du")
    settled_at = models.DateTimeField("réglé le", null=True, blank=True)
    is_dropped = models.BooleanField("sans objet", default=False)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    letter = models.ForeignKey(
        Letter,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",  # a letter left empty goes
    )
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "nouvelle"
        ordering = ["-happened_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-happened_at"], name="notices_of_a_person"),
            models.Index(
                fields=["person", "-happened_at"], condition=Q(read_at=None, is_dropped=False), name="notices_to_read"
            ),
            models.Index(fields=["due_at"], condition=Q(settled_at=None), name="notices_to_settle"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "fact"],
                name="one_notice_per_person_and_fact",
                violation_error_message="Cette personne en est déjà prévenue.",
            )
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def what(self) -> Kind:
        return KINDS[self.kind]

    @property
    def sentence(self) -> str:
        return self.what.told.format(detail=self.detail)


class NoticePace(models.Model):
    """How often a person wants a mail about one kind of fact, when it is not the pace that comes by itself."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="paces")  # theirs alone
    kind = models.CharField("nature", max_length=12, choices=labelled)
    pace = models.CharField("rythme", max_length=7, choices=Pace)

    class Meta:
        verbose_name = "rythme des courriels"
        verbose_name_plural = "rythmes des courriels"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_pace_per_person_and_kind"),
            models.CheckConstraint(
                name="pace_is_known",
                condition=Q(pace__in=["at_once", "daily", "never"]),
                violation_error_message="Ce rythme n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{KINDS[self.kind].label} : {self.get_pace_display()}"
