"""The shape of what one project adds to the sums of its territory, and of these sums."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from projects.proposals.models import Project
from territories.places.models import Intercommunality


class Group(models.TextChoices):
    """Who reads a project decides in which sums it is."""

    PRIVATE = "p", "Jamais déposé"  # its author alone
    EARLY = "e", "Déposé, pas encore recevable"  # its author and the coordination
    ADMISSIBLE = "a", "Recevable"


class Kind(models.TextChoices):
    """What is added up."""

    ALL = "all", "Tous"
    NODE = "node", "Élément du projet de territoire"  # with all that hangs below it
    ORIENTATION = "orient", "Orientation du mandat"
    EVERYWHERE = "everywhere", "Projets de toute l’intercommunalité"
    COMMUNE = "commune", "Projets d’une commune"
    PARTNER = "partner", "Partenaire des projets d’une commune"  # commune 0: of those of the whole EPCI
    YEAR = "year", "Dépenses d’une année, HT"  # within: `place_in_year`
    YEAR_INCL = "year_incl", "Dépenses d’une année, TTC"  # of the plans established with the tax
    GRANT = "grant", "Aides d’une année"  # year 0: nobody said which; within: the basis of the plan
    YEARLESS = "yearless", "Coût sans année"  # of the admissible projects that are not programmed yet


class Addend(models.Model):
    """What one project adds; stale from the moment something of it changes until it is counted again."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.CASCADE, related_name="+")  # made again
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")  # adds nothing without it
    group = models.CharField(max_length=1, choices=Group, default=Group.PRIVATE)
    circles = models.JSONField(default=list)  # of those who read some of the admissible projects only
    parts = models.JSONField(default=dict)  # « node:12:0 » → the figures, in the order of `Total.FIGURES`
    is_stale = models.BooleanField(default=True)
    may_lack_funder = models.BooleanField(default=True)  # false once it was counted with a funder
    may_lack_sharer = models.BooleanField(default=True)  # false once it was counted with an actor who shares it

    class Meta:
        verbose_name = "part d’un projet dans les totaux"
        verbose_name_plural = "parts des projets dans les totaux"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["intercommunality"], condition=Q(is_stale=True), name="projects_to_count"),
            models.Index(fields=["project"], condition=Q(may_lack_funder=True), name="projects_without_funder"),
            models.Index(fields=["project"], condition=Q(may_lack_sharer=True), name="projects_without_sharer"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} : {self.get_group_display()}"


class Total(models.Model):
    """A sum over the projects of a territory that are in one group, or in one circle of readers."""

    FIGURES = ("projects", "cents", "unmeasured", "on_the_way", "reached", "backward")

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.CASCADE, related_name="+")  # made again
    group = models.CharField(max_length=30)  # a `Group`, or a circle
    kind = models.CharField(max_length=10, choices=Kind)
    of = models.BigIntegerField(default=0)
    within = models.BigIntegerField(default=0)
    projects = models.IntegerField(default=0)
    cents = models.BigIntegerField(default=0)
    unmeasured = models.IntegerField(default=0)
    on_the_way = models.IntegerField(default=0)
    reached = models.IntegerField(default=0)
    backward = models.IntegerField(default=0)

    class Meta:
        verbose_name = "total"
        verbose_name_plural = "totaux"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "kind", "group", "of", "within"],
                name="one_total_of_a_kind",
                violation_error_message="Ce total existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.of} : {self.projects}"
