"""What a print is made of: its chapters, its projects, and for whom; chosen by the coordinator, and remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import QueryDict

from projects.models import Decision, Outcome, Project, Publication
from projects.portfolio.filters import PortfolioFilters
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import Status
from territories.models import Intercommunality


class Audience(models.TextChoices):
    """For whom a document is made: what is internal never reaches a public one."""

    INTERNAL = "internal", "Les élus, les services et les partenaires"
    PUBLIC = "public", "Tout le monde"


class Format(models.TextChoices):
    """On which paper; a booklet is the A5 document, laid two by two on A4 sheets to be folded."""

    A4 = "a4", "A4"
    A5 = "a5", "A5"
    BOOKLET = "booklet", "Livret A5 à plier, sur feuilles A4"


class Chapter(models.TextChoices):
    """The chapters, in the order of the pages."""

    FOREWORD = "foreword", "L’avant-propos"
    BUILT = "built", "Comment il a été construit"
    GUIDE = "guide", "Comment lire ce document"
    TERRITORY = "territory", "Le territoire en chiffres"
    STRATEGY = "strategy", "Les orientations et le plan"
    SHEETS = "sheets", "Une fiche par projet"
    PROGRAMME = "programme", "La programmation par année"
    FUNDERS = "funders", "Les financeurs"
    CALENDAR = "calendar", "Le calendrier"
    PARTNERS = "partners", "Les partenaires"
    LEVERS = "levers", "Le pacte et la mutualisation"
    EFFECTS = "effects", "Les effets et la satisfaction"
    GLOSSARY = "glossary", "Les mots du document"
    INDEX = "index", "L’index par commune, compétence et partenaire"


# What is in its author's hands, or was left, is not part of what the territory says of itself.
LEFT_OUT = (Status.DRAFT, Status.TO_COMPLETE, Status.INADMISSIBLE, Status.WITHDRAWN, Status.ABANDONED,
            Status.ABSORBED)  # fmt: skip
# A project belongs to everybody once a body has adopted it: before, it is still being discussed (domain.md, § 2.5).
FOR_EVERYONE = (Status.ADOPTED, Status.IN_PROGRESS, Status.SUSPENDED, Status.COMPLETED, Status.EVALUATED)
ADOPTING = (Outcome.ADOPTED, Outcome.ADOPTED_MODIFIED)
PRINTABLE = tuple(status for status in Status if status not in LEFT_OUT)


def adopted_openly(projects: ProjectQuerySet, until: dt.datetime | None = None) -> ProjectQuerySet:
    """Leave out those that a session adopted and whose decision is not published: it is not for everyone yet.

    What is adopted without any decision here, from a past taken over, stays. `until` is the moment that is read.
    """
    adoptions = Decision.objects.filter(item__project=OuterRef("pk"), outcome__in=ADOPTING)
    publications = Publication.objects.filter(session=OuterRef("adopted_in"))
    if until:
        adoptions, publications = (
            adoptions.filter(proclaimed_at__lte=until),
            publications.filter(published_at__lte=until),
        )
    last = adoptions.order_by("-proclaimed_at", "-pk").values("item__session")[:1]
    return projects.alias(adopted_in=Subquery(last)).filter(Q(adopted_in__isnull=True) | Exists(publications))


@dataclass(frozen=True)
class Choices:
    """Plain values, so that they can be kept; without any, everything that may be printed is."""

    chapters: Sequence[str] = tuple(Chapter.values)
    audience: str = Audience.INTERNAL.value
    format: str = Format.A4.value
    states: Sequence[str] = ()
    orientation: int | None = None
    commune: int | None = None
    body: int | None = None
    query: str = ""  # the filters of the list of projects, as its address says them
    as_of: str = ""  # the past day whose state is printed, as a date of ISO 8601; nothing for the present
    version: str = ""  # under which name the print is kept for good; nothing when it is not
    adopted_on: str = ""  # the day the version was adopted, as a date of ISO 8601
    adopted_by: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Choices:
        """Read what was kept; what is no longer understood is as if it had not been chosen."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def keep(self) -> dict[str, Any]:
        return asdict(self) | {"chapters": list(self.chapters), "states": list(self.states)}

    @property
    def is_public(self) -> bool:
        return self.audience == Audience.PUBLIC

    @property
    def is_partial(self) -> bool:
        """Whether projects were chosen: the title then says that it is an extract."""
        return any((self.states, self.orientation, self.commune, self.body, self.query))

    @property
    def selection(self) -> tuple[object, ...]:
        """For whom and which projects: two documents that differ in it cannot be compared project by project."""
        return self.audience, sorted(self.states), self.orientation, self.commune, self.body, self.query

    @property
    def is_small(self) -> bool:
        """Whether its pages are A5: the drawings are then narrower."""
        return self.format != Format.A4

    @property
    def day(self) -> dt.date | None:
        """The past day that is printed, when one was chosen."""
        return dt.date.fromisoformat(self.as_of) if self.as_of else None

    @property
    def in_words(self) -> str:
        """What tells this document from another, in one line: « Document public, A5, tel qu’au 31/12/2025 »."""
        said = ["Document public" if self.is_public else "Document interne", Format(self.format).label]
        if self.is_partial:
            said.append("projets choisis")
        if len(self.chapters) < len(Chapter):
            said.append("chapitres choisis")
        if self.day:
            said.append(f"tel qu’au {self.day:%d/%m/%Y}")
        if self.version:
            said.append(f"gardé comme « {self.version} »")
        return ", ".join(said)

    @property
    def may_be_printed(self) -> Sequence[str]:
        return FOR_EVERYONE if self.is_public else PRINTABLE

    def has(self, chapter: str) -> bool:
        return chapter in self.chapters

    def apply(self, projects: ProjectQuerySet, intercommunality: Intercommunality) -> ProjectQuerySet:
        """Keep the projects chosen, among those that may be printed for this audience."""
        projects = projects.filter(status__in=self.may_be_printed)
        if self.states:
            projects = projects.filter(status__in=self.states)
        if self.orientation:
            projects = projects.filter(orientation_fits__orientation=self.orientation)
        if self.commune:
            named = projects.filter(communes=self.commune).values("pk")
            projects = projects.filter(Q(scale=Project.Scale.ALL) | Q(pk__in=named))
        if self.body:
            projects = projects.filter(pk__in=projects.filter(agenda_items__session__body=self.body).values("pk"))
        return self.apply_list(self.apply_publication(projects), intercommunality)

    def apply_publication(self, projects: ProjectQuerySet, until: dt.datetime | None = None) -> ProjectQuerySet:
        """In a public document, keep those whose adoption was published at the moment printed."""
        return adopted_openly(projects, until) if self.is_public else projects

    def apply_list(self, projects: ProjectQuerySet, intercommunality: Intercommunality) -> ProjectQuerySet:
        """Keep those that the filters of the list show, today."""
        if not self.query:
            return projects
        return PortfolioFilters(QueryDict(self.query), intercommunality=intercommunality).apply(projects)

    def concerns_commune(self, project: Project) -> bool:
        everywhere = project.scale == Project.Scale.ALL
        return everywhere or self.commune in {commune.pk for commune in project.communes.all()}

    def accepts(self, project: Project) -> bool:
        """The same choice, on a project read as it was; what the list filters apart."""
        return (
            project.status in self.may_be_printed
            and (not self.states or project.status in self.states)
            and (not self.orientation or self.orientation in {f.orientation_id for f in project.orientation_fits.all()})
            and (not self.commune or self.concerns_commune(project))
            and (not self.body or self.body in {item.session.body_id for item in project.agenda_items.all()})
        )
