"""The shape of a project, of its actors, of what they share and of what each one wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from partners.directory.models import Partner, Relay
from partners.governance.models import ElectedMember
from partners.people.access import scope_of
from projects.proposals.places import Placed
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.search import folded_text_of
from projects.proposals.states import PRIVATE, LegalGround, Origin, Status
from projects.strategy.models import Orientation, StrategyNode
from territories.competences.models import Competence
from territories.levers.models import SharedService
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


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
    origin_text = models.TextField("comment l’idée est née", blank=True)
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
    need = models.TextField("constat", blank=True)
    shared_objective = models.TextField("objectif partagé", blank=True)
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
    no_competence_reason = models.TextField("pourquoi aucune compétence ne convient", blank=True)
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
    resources = models.TextField("moyens humains et techniques", blank=True)
    full_time_equivalents = models.DecimalField(
        "équivalents temps plein", max_digits=5, decimal_places=1, null=True, blank=True
    )
    levers = models.TextField("leviers", blank=True)
    indicators = models.TextField("indicateurs", blank=True)
    starts_on = models.DateField("début prévu", null=True, blank=True)
    ends_on = models.DateField("fin prévue", null=True, blank=True)
    remark = models.TextField("remarque", blank=True)
    imported_text = models.JSONField("texte repris tel quel d’un fichier", default=dict, blank=True)

    # Instruction
    orientation_statement = models.TextField("appréciation au regard des orientations", blank=True)
    fits_no_orientation = models.BooleanField("ne relève d’aucune orientation du mandat", default=False)
    recommendation = models.TextField("avis des services", blank=True)

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
            models.Index(fields=["intercommunality", "-updated_at", "-id"], name="project_list"),
            models.Index(fields=["intercommunality", "status", "-updated_at"], name="project_by_status"),
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
        super().save(*args, **kwargs)

    @property
    def is_editable(self) -> bool:
        """The author writes while the text is in their hands."""
        return self.status in {Status.DRAFT, Status.TO_COMPLETE}

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

    class Meta:
        verbose_name = "conformité à une orientation"
        ordering = ["orientation__position"]
        constraints = [models.UniqueConstraint(fields=["project", "orientation"], name="one_fit_per_orientation")]

    def __str__(self) -> str:
        return f"{self.orientation} — {self.get_fit_display()}"


class Actor(Placed):
    """Someone who takes part in a project: a commune, the EPCI, a partner, or a group named in words.

    The actor *endorses* the shared objective, or not; the actor *states* interests of its own. These are two things.
    """

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="actors")  # a part of it
    name = models.CharField("nom", max_length=200)
    commune = models.ForeignKey(
        Commune,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor_in",  # took part under its name
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actor_in",  # same
    )
    is_intercommunality = models.BooleanField("l’intercommunalité elle-même", default=False)
    relay = models.ForeignKey(
        Relay,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actor_in",  # leaving shows as lacking
    )
    relay_to_be_found = models.BooleanField("personne relais à trouver", default=False)
    # The grid of actors bears on organisations, never on persons.
    influence = models.PositiveSmallIntegerField("influence sur le projet, de 0 à 4", null=True, blank=True)
    concern = models.PositiveSmallIntegerField("intérêt pour le projet, de 0 à 4", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "acteur"
        ordering = ["project", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="actor_weighed_from_0_to_4",
                condition=(Q(influence__isnull=True) | Q(influence__lte=4))
                & (Q(concern__isnull=True) | Q(concern__lte=4)),
                violation_error_message="L’influence et l’intérêt se notent de 0 à 4.",
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(leads=True),
                name="one_lead_per_project",
                violation_error_message="Un seul acteur porte le projet.",
            ),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="one_actor_per_name",
                violation_error_message="Cet acteur est déjà dans le projet.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_relay(self) -> bool:
        """Whether somebody answers for it; for the EPCI itself, its coordination does."""
        return self.relay_id is not None or self.is_intercommunality

    @property
    def answered_by(self) -> str:
        """Who is called there, in words."""
        if self.relay:
            return self.relay.full_name
        return "la coordination" if self.is_intercommunality else "à trouver"


class InterestQuerySet(models.QuerySet["Interest"]):
    def shared(self) -> InterestQuerySet:
        """What the actors let everyone read: nothing else is printed."""
        return self.filter(visibility=Interest.Visibility.EVERYONE)

    def visible_to(self, user: User) -> InterestQuerySet:
        """What the actors let this person read: their own members, the other actors of the project, everyone."""
        scope = scope_of(user)
        speaks = Q(partner__in=scope.partners) | Q(commune__in=scope.communes)
        epcis = scope.where("review_projects")
        speaks |= Q(is_intercommunality=True, intercommunality__in=epcis)
        spoken = Actor.objects.filter(speaks)
        among = Q(visibility=Interest.Visibility.ACTORS, actor__project__in=spoken.values("project"))
        return self.filter(Q(visibility=Interest.Visibility.EVERYONE) | Q(actor__in=spoken) | among)


class Interest(models.Model):
    """What an actor wants for itself: never merged with the shared objective (belief B2)."""

    class Contribution(models.TextChoices):
        MONEY = "money", "de l’argent"
        PEOPLE = "people", "des personnes"
        PREMISES = "premises", "des locaux"
        KNOWLEDGE = "knowledge", "un savoir-faire"

    class Strength(models.IntegerChoices):
        LIGHT = 1, "secondaire"
        REAL = 2, "important"
        VITAL = 3, "décisif"

    class Visibility(models.TextChoices):
        OWN = "own", "ses propres membres"
        ACTORS = "actors", "les acteurs du projet"
        EVERYONE = "everyone", "toutes les personnes qui voient le projet"

    class Stance(models.TextChoices):
        CONVERGENT = "convergent", "convergent"
        COMPATIBLE = "compatible", "compatible"
        DIVERGENT = "divergent", "divergent"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="interests")  # its own words
    text = models.TextField("intérêt", max_length=1000)
    gains = models.TextField("ce qu’il y gagne", max_length=500, blank=True)
    gives = models.TextField("ce qu’il apporte", blank=True)
    contribution = models.CharField("nature de l’apport", max_length=10, choices=Contribution, blank=True)
    fears = models.TextField("ce qu’il craint", blank=True)
    stance = models.CharField("rapport à l’objectif", max_length=10, choices=Stance, blank=True)
    strength = models.PositiveSmallIntegerField("force", choices=Strength, null=True, blank=True)
    visibility = models.CharField("visible par", max_length=8, choices=Visibility, default=Visibility.EVERYONE)
    objects = InterestQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "intérêt"
        ordering = ["actor__position", "pk"]

    def __str__(self) -> str:
        return self.text


class Endorsement(models.Model):
    """An actor endorses a version of the shared objective, or declines to, by name and date (belief B1)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="endorsements")  # its own act
    objective_version = models.PositiveSmallIntegerField("version de l’objectif")
    endorses = models.BooleanField("partage l’objectif")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the act stays, not the account
    )
    given_by_name = models.CharField("donné par", max_length=150)
    given_on = models.DateField("donné le")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "partage de l’objectif"
        ordering = ["-given_on"]
        constraints = [
            models.UniqueConstraint(fields=["actor", "objective_version"], name="one_endorsement_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.actor} — version {self.objective_version}"


class ObjectiveVersion(models.Model):
    """A wording of the shared objective, and why it replaced the one before: every actor is asked again."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="objective_versions")  # its words
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField("objectif partagé")
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
    reason = models.TextField("motif", blank=True)
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


class CourseStep(models.Model):
    """A dated step of the course of a project that happened outside the platform, kept in its own words."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="course")  # a part of it
    happened_on = models.DateField("date")
    text = models.TextField("ce qui s’est passé")

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
        return f"Dépôt du {self.submitted_at:%d/%m/%Y}"
