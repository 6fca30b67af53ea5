"""The shape of a project: its words, its states, and what each of its moves leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cooperation.texts import NOTE, REASON, TEXT, Text
from partners.governance.models import ElectedMember
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.search import folded_text_of
from projects.proposals.states import DONE, PRIVATE, LegalGround, Origin, Status
from projects.proposals.word_models import ProjectWord
from projects.strategy.models import Orientation, StrategyNode
from territories.competences.models import Competence
from territories.levers.models import SharedService
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

UNPLACED = "Repris d’un plan sans précision de commune"  # what a project says of its place when its plan said nothing


class Project(models.Model):
    """A project of the territory, from the first idea to its evaluation."""

    class Scale(models.TextChoices):
        COMMUNE = "commune", "Une commune"
        SEVERAL = "several", "Plusieurs communes"
        ALL = "all", "Toute l’intercommunalité"
        BEYOND = "beyond", "Au-delà de l’intercommunalité"

    class OwnerKind(models.TextChoices):
        EPCI = "epci", "L’intercommunalité"
        COMMUNE = "commune", "Une commune"
        PARTNER = "partner", "Un partenaire privé"
        PUBLIC = "public", "Un autre organisme public"

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.PROTECT,
        related_name="projects",  # public archives (Code du patrimoine, L. 211-1)
    )
    reference = models.CharField("référence", max_length=20)
    title = models.CharField("titre", max_length=200, blank=True)
    status = models.CharField("état", max_length=15, choices=Status, default=Status.DRAFT)
    origin = models.CharField("origine", max_length=12, choices=Origin, default=Origin.FIELD)
    origin_text = Text("comment l’idée est née", max_length=NOTE, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,  # an erased person leaves the project, which is a public archive
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="déposé par",
    )
    author_commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="authored_projects",  # the author's commune
    )

    # The need and the objective
    need = Text("constat", max_length=TEXT, blank=True)
    shared_objective = Text("objectif partagé", max_length=TEXT, blank=True)
    objective_version = models.PositiveSmallIntegerField("version de l’objectif", default=1)
    service = models.CharField("service rendu", max_length=200, blank=True)
    beneficiaries = models.CharField("bénéficiaires", max_length=300, blank=True)

    # Where and under which competence
    scale = models.CharField("échelle", max_length=10, choices=Scale, blank=True)
    communes = models.ManyToManyField(Commune, blank=True, related_name="projects", verbose_name="communes concernées")
    communes_text = models.CharField("précision sur le périmètre", max_length=400, blank=True)
    competences = models.ManyToManyField(Competence, blank=True, related_name="projects", verbose_name="compétences")
    shared_services = models.ManyToManyField(
        SharedService, blank=True, related_name="projects", verbose_name="services mutualisés"
    )
    no_competence_reason = Text("pourquoi aucune compétence ne convient", max_length=NOTE, blank=True)
    competence_text = models.CharField("précision sur la compétence", max_length=400, blank=True)

    legal_ground = models.CharField("au regard du droit", max_length=9, choices=LegalGround, blank=True)

    # Who carries it
    owner_kind = models.CharField("maître d’ouvrage", max_length=8, choices=OwnerKind, blank=True)
    owner_name = models.CharField("nom du maître d’ouvrage", max_length=200, blank=True)
    lead_councillor = models.ForeignKey(
        ElectedMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",  # named in the file
    )
    lead_officer = models.CharField("agent·e référent·e", max_length=150, blank=True)

    # Means
    resources = Text("moyens humains et techniques", max_length=TEXT, blank=True)
    full_time_equivalents = models.DecimalField(
        "équivalents temps plein", max_digits=5, decimal_places=1, null=True, blank=True
    )
    levers = Text("leviers", max_length=TEXT, blank=True)
    indicators = Text("indicateurs", max_length=TEXT, blank=True)
    starts_on = models.DateField("début prévu", null=True, blank=True)
    ends_on = models.DateField("fin prévue", null=True, blank=True)
    remark = Text("remarque", max_length=TEXT, blank=True)
    imported_text = models.JSONField("texte repris tel quel d’un fichier", default=dict, blank=True)

    # Instruction
    orientation_statement = Text("appréciation au regard des orientations", max_length=TEXT, blank=True)
    fits_no_orientation = models.BooleanField("ne relève d’aucune orientation du mandat", default=False)
    recommendation = Text("avis des services", max_length=TEXT, blank=True)

    objectives = models.ManyToManyField(StrategyNode, blank=True, related_name="projects", verbose_name="objectifs")
    orientations = models.ManyToManyField(
        Orientation, through="OrientationFit", blank=True, related_name="projects", verbose_name="orientations"
    )

    version = models.PositiveIntegerField("version du texte", default=1)  # two editors: the second sees the difference
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)
    submitted_at = models.DateTimeField("déposé le", null=True, blank=True)
    search_text = models.TextField(editable=False, blank=True)  # folded: no case, no accents, no ligatures

    history = HistoricalRecords(m2m_fields=[communes, competences, objectives])
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "projet"
        ordering = ["-updated_at", "-pk"]
        indexes = [
            # The latest first, with what tells who sees a project: a list reads its long texts once it is chosen.
            models.Index(
                fields=["intercommunality", "-updated_at", "-id", "status", "submitted_at", "author", "scale"],
                name="project_list",
            ),
            models.Index(fields=["intercommunality", "status", "-updated_at"], name="project_by_status"),
            models.Index(fields=["author", "-updated_at", "-id"], name="project_by_author"),
            # What tells who sees a project: counted without opening the rows and their long texts.
            models.Index(
                fields=["intercommunality", "status", "submitted_at", "author", "scale"], name="project_reading"
            ),
            models.Index(fields=["intercommunality", "status", "ends_on"], name="project_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "reference"],
                name="one_project_per_reference",
                violation_error_message="Un projet porte déjà cette référence.",
            ),
            models.CheckConstraint(
                name="project_has_a_known_status",
                condition=Q(status__in=Status.values),
                violation_error_message="Cet état de projet n’existe pas.",
            ),
            models.CheckConstraint(
                name="submitted_project_has_its_date",
                condition=Q(status__in=PRIVATE) | Q(submitted_at__isnull=False),
                violation_error_message="Un projet déposé porte sa date de dépôt.",
            ),
            models.CheckConstraint(
                name="submitted_project_has_its_objective",
                condition=Q(status__in=PRIVATE) | ~Q(shared_objective=""),
                violation_error_message="Un projet déposé énonce son objectif partagé.",
            ),
            models.CheckConstraint(
                name="project_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin prévue précède le début prévu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_text = folded_text_of(self)  # derived: it can never be forgotten
        with transaction.atomic():
            super().save(*args, **kwargs)
            written = kwargs.get("update_fields")
            if written is None or "search_text" in written:
                ProjectWord.objects.keep(self)

    @property
    def is_editable(self) -> bool:
        """The author writes while the text is in their hands."""
        return self.status in {Status.DRAFT, Status.TO_COMPLETE}

    @property
    def is_unplaced(self) -> bool:
        """Whether it comes from a plan that names no commune: nobody said that it concerns each of them."""
        return self.communes_text == UNPLACED and not self.communes.all()

    @property
    def owner_told(self) -> str:
        """Who would own the works: its name, or what kind of body it is; nothing while neither is written."""
        return self.owner_name or self.get_owner_kind_display()

    def is_proposed_by(self, user: User) -> bool:
        return self.author_id is not None and self.author_id == user.pk


class OrientationFit(models.Model):
    """How far a project fits an orientation of the mandate, in words, judged during the review (belief B8)."""

    class Fit(models.TextChoices):
        FULL = "full", "conforme"
        PARTIAL = "partial", "partielle"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="orientation_fits")  # a part of it
    orientation = models.ForeignKey(Orientation, on_delete=models.PROTECT, related_name="fits")  # judged upon
    fit = models.CharField("conformité", max_length=8, choices=Fit, default=Fit.FULL)
    note = models.CharField("réserve", max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "conformité à une orientation"
        ordering = ["orientation__position"]
        constraints = [models.UniqueConstraint(fields=["project", "orientation"], name="one_fit_per_orientation")]

    def __str__(self) -> str:
        return f"{self.orientation} — {self.get_fit_display()}"


class ObjectiveVersion(models.Model):
    """A wording of the shared objective, and why it replaced the one before: every actor is asked again."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="objective_versions")  # its words
    number = models.PositiveSmallIntegerField("version")
    text = Text("objectif partagé", max_length=TEXT)
    reason = models.CharField("pourquoi l’objectif a changé", max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the words stay, not the account
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "version de l’objectif"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="one_wording_per_version"),
            models.CheckConstraint(
                name="new_wording_has_its_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message="Dites pourquoi l’objectif change.",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Move(models.Model):
    """A change of state: who, when, why. Never erased."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="moves")  # never erased
    transition = models.CharField(max_length=30)
    label = models.CharField(max_length=100)
    source = models.CharField(max_length=15, choices=Status)
    target = models.CharField(max_length=15, choices=Status)
    reason = Text("motif", max_length=REASON, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the name stays below
    )
    moved_by_name = models.CharField(max_length=150)
    moved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "étape"
        ordering = ["moved_at", "pk"]
        indexes = [models.Index(fields=["intercommunality", "-id"], name="moves_of_an_epci")]  # the latest first

    def __str__(self) -> str:
        return f"{self.label} — {self.project}"

    @property
    def told(self) -> str:
        """What was done, where the label says what there was to do; what was completed is not submitted anew."""
        if self.is_sent_again:
            return "Complété et renvoyé"
        return DONE.get(self.transition, self.label)

    @property
    def is_sent_again(self) -> bool:
        """Whether it brings back a proposal of which a complement was asked."""
        return self.transition == "submit" and self.source == Status.TO_COMPLETE


class CourseStep(models.Model):
    """A dated step of the course of a project that happened outside the platform, kept in its own words."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="course")  # a part of it
    happened_on = models.DateField("date")
    text = Text("ce qui s’est passé", max_length=TEXT)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "étape du parcours"
        ordering = ["happened_on", "pk"]

    def __str__(self) -> str:
        return self.text


def submission_path(document: SubmissionDocument, filename: str) -> str:
    return f"submissions/{document.project_id}/{filename}"


class SubmissionDocument(models.Model):
    """The dated PDF that each submission leaves in the file."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="submissions")  # public archive
    submitted_at = models.DateTimeField("déposé le")
    file = models.FileField("document", upload_to=submission_path, storage=default_storage, blank=True)
    content_hash = models.CharField("empreinte", max_length=64, blank=True)

    class Meta:
        verbose_name = "dépôt"
        ordering = ["submitted_at"]

    def __str__(self) -> str:
        return f"Dépôt du {timezone.localtime(self.submitted_at):%d/%m/%Y}"
