"""The shape of a contribution to the debate, of the thanks it receives, and of a document with its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cooperation.texts import Text
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

TEXT_LIMIT = 4000


class Contribution(models.Model):
    """What somebody says on a project in the name of an organisation; never deleted, at most hidden with a reason."""

    class Kind(models.TextChoices):
        TESTIMONY = "testimony", "Vécu"
        QUESTION = "question", "Question"
        SUGGESTION = "suggestion", "Suggestion"
        RESERVATION = "reservation", "Réserve"
        ANSWER = "answer", "Réponse"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,  # the debate is a part of the file of the élus
        related_name="contributions",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,  # a reply makes no sense alone
        null=True,
        blank=True,
        related_name="replies",
        verbose_name="en réponse à",
    )
    kind = models.CharField("nature", max_length=12, choices=Kind)
    text = Text("texte", max_length=TEXT_LIMIT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # an erased person leaves what was said, which belongs to the file
        null=True,
        blank=True,
        related_name="contributions",
    )
    author_name = models.CharField("par", max_length=150)
    organisation = models.CharField("au nom de", max_length=200)

    # What a testimony speaks of
    service = models.CharField("service concerné", max_length=200, blank=True)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,  # a commune that merged keeps what was lived there
        null=True,
        blank=True,
        related_name="testimonies",
        verbose_name="commune",
    )
    public = models.CharField("personnes concernées", max_length=200, blank=True)

    mentions = models.ManyToManyField(Actor, blank=True, related_name="mentioned_in", verbose_name="acteurs cités")
    written_at = models.DateTimeField("écrit le")
    corrected_at = models.DateTimeField("corrigé le", null=True, blank=True)
    version = models.PositiveSmallIntegerField("version", default=1)

    hidden_at = models.DateTimeField("masqué le", null=True, blank=True)
    hidden_reason = models.CharField("motif du masquage", max_length=300, blank=True)
    hidden_by_name = models.CharField("masqué par", max_length=150, blank=True)
    file_position = models.PositiveSmallIntegerField("rang dans le dossier des élus", null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "contribution"
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["project", "parent", "written_at"], name="debate_in_order")]
        constraints = [
            models.CheckConstraint(
                name="contribution_has_a_known_kind",
                condition=Q(kind__in=["testimony", "question", "suggestion", "reservation", "answer"]),
                violation_error_message="Cette nature de contribution n’existe pas.",
            ),
            models.CheckConstraint(
                name="contribution_says_something",
                condition=~Q(text=""),
                violation_error_message="Écrivez votre contribution.",
            ),
            models.CheckConstraint(
                name="hidden_contribution_says_why",
                condition=Q(hidden_at__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                violation_error_message="Une contribution ne se masque pas sans motif.",
            ),
            models.CheckConstraint(
                name="only_a_testimony_shown_goes_into_the_file",
                condition=Q(file_position__isnull=True) | Q(kind="testimony", hidden_at__isnull=True),
                violation_error_message="Seul un vécu visible peut être versé au dossier des élus.",
            ),
            models.CheckConstraint(
                name="an_answer_answers_something",
                condition=~Q(kind="answer") | Q(parent__isnull=False),
                violation_error_message="Une réponse se donne sous une contribution.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} de {self.author_name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:debate', args=[self.project_id])}#contribution-{self.pk}"

    def clean(self) -> None:
        if self.parent and self.parent.parent_id:
            raise ValidationError("On répond à la contribution d’origine, pas à une réponse.")
        if self.parent and self.parent.project_id != self.project_id:
            raise ValidationError("Une réponse reste dans le débat du même projet.")

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_in_file(self) -> bool:
        return self.file_position is not None

    @property
    def speaks_of(self) -> str:
        """What a testimony is about, in one line: the service, the commune, the people."""
        return " · ".join(str(part) for part in (self.service, self.commune, self.public) if part)

    def is_written_by(self, user: User) -> bool:
        return self.author_id is not None and self.author_id == user.pk


class Thanks(models.Model):
    """One thank-you of one person for one contribution: only their number is shown."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="thanks")  # nothing alone
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,  # a mere sign: it leaves with the person
        related_name="+",
    )

    class Meta:
        verbose_name = "remerciement"
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "person"],
                name="one_thanks_per_person",
                violation_error_message="Vous avez déjà remercié.",
            )
        ]

    def __str__(self) -> str:
        return f"Merci pour {self.contribution}"


def random_path(version: DocumentVersion, filename: str) -> str:
    """Where a file is stored: a name drawn at random, without the extension that somebody chose."""
    return f"documents/{version.intercommunality_id}/{uuid4().hex}"


class Document(models.Model):
    """A document of the file of a project, under one title, through its versions."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents")  # public archive
    title = models.CharField("titre", max_length=150)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "document"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "title"],
                name="one_document_per_title",
                violation_error_message="Un document porte déjà ce titre : déposez plutôt une nouvelle version.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """One file, as it was uploaded: never changed, never replaced; what comes after it is another version."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")  # public archive
    number = models.PositiveSmallIntegerField("version")
    file = models.FileField("fichier", upload_to=random_path, storage=default_storage, max_length=200)
    name = models.CharField("nom du fichier", max_length=150)
    kind = models.CharField("type", max_length=10)  # a key of projects.debate.inspection.KINDS
    size = models.PositiveBigIntegerField("taille, en octets")
    content_hash = models.CharField("empreinte SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # the document stays, not the account
        null=True,
        blank=True,
        related_name="+",
    )
    uploaded_by_name = models.CharField("déposé par", max_length=150)
    uploaded_at = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "version d’un document"
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_file_per_version")]

    def __str__(self) -> str:
        return f"{self.document}, version {self.number}"
