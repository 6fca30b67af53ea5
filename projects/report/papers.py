"""The papers of the room: the projet de territoire, what changed between two versions, the sheet of one project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from partners.people.access import scope_of
from projects.models import PrintVersion, Project
from projects.prints.papers import Paper, Written
from projects.report.choices import Choices, Format
from projects.report.content import gather
from projects.report.documents import changes_document, project_document, report_document
from projects.report.reading import Present
from projects.report.services import keep_version, may_print, name_of
from projects.report.versions import compare_versions
from territories.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


@dataclass
class TerritoryReport(Paper):
    """The projet de territoire, whole or in part, as it was chosen."""

    intercommunality: Intercommunality
    choices: Choices

    kind = "territory_report"
    title = "Impression du projet de territoire"
    is_shared = True
    may_lack_pages = True
    all_prints = "Toutes les impressions"

    @classmethod
    def read(cls, intercommunality_id: int, order: Mapping[str, Any]) -> TerritoryReport | None:
        epci = Intercommunality.objects.filter(pk=intercommunality_id).first()
        return cls(epci, Choices.read(order)) if epci else None

    @property
    def intercommunality_id(self) -> int:
        return self.intercommunality.pk

    def order(self) -> dict[str, Any]:
        return self.choices.keep()

    def is_open_to(self, user: User) -> bool:
        return may_print(user, self.intercommunality)

    def count(self, user: User, today: date) -> int:
        visible = Present(self.intercommunality, today).visible(user)
        past = bool(self.choices.as_of)
        return (visible if past else self.choices.apply(visible, self.intercommunality)).count()

    def write(self, user: User, today: date) -> Written:
        report = gather(self.intercommunality, user=user, today=today, choices=self.choices)
        version = self.choices.version
        return Written(
            report_document(report),
            name_of(report, self.intercommunality),
            is_folded=self.choices.format == Format.BOOKLET,
            keep=partial(keep_version, by=user, intercommunality=self.intercommunality, report=report)
            if version
            else None,
            version=version,
        )

    @property
    def words(self) -> str:
        return self.choices.in_words

    @property
    def home(self) -> str:
        return reverse("projects:report")


@dataclass
class Supplement(Paper):
    """What changed between two versions of an EPCI."""

    before: PrintVersion
    after: PrintVersion

    kind = "supplement"
    title = "Impression de ce qui change"
    may_lack_pages = True
    all_prints = "Toutes les versions"

    @classmethod
    def read(cls, intercommunality_id: int, order: Mapping[str, Any]) -> Supplement | None:
        numbers = (order["before"], order["after"])
        kept = PrintVersion.objects.filter(intercommunality=intercommunality_id, number__in=numbers)
        found = {version.number: version for version in kept.select_related("intercommunality")}
        return cls(*(found[number] for number in numbers)) if found.keys() >= set(numbers) else None

    @property
    def intercommunality_id(self) -> int:
        return self.after.intercommunality_id

    def order(self) -> dict[str, Any]:
        return {"before": self.before.number, "after": self.after.number}

    def is_open_to(self, user: User) -> bool:
        return may_print(user, self.after.intercommunality)

    def count(self, user: User, today: date) -> int:
        return 0  # it is read from two rows

    def write(self, user: User, today: date) -> Written:
        comparison = compare_versions(self.before, self.after)
        document = changes_document(self.before, self.after, comparison)
        return Written(document, f"ce-qui-change-v{self.before.number}-v{self.after.number}")

    @property
    def words(self) -> str:
        return f"De la version {self.before.number} à la version {self.after.number}"

    @property
    def home(self) -> str:
        return f"{reverse('projects:versions')}?de={self.before.number}&a={self.after.number}"


@dataclass
class ProjectSheet(Paper):
    """The sheet of one project; one that is not public says what is for those who instruct."""

    project: Project
    public: bool

    kind = "project_sheet"
    title = "Impression de la fiche d’un projet"
    all_prints = "Revenir au projet"

    @classmethod
    def read(cls, intercommunality_id: int, order: Mapping[str, Any]) -> ProjectSheet | None:
        project = Project.objects.select_related("intercommunality").filter(pk=order["project"]).first()
        return cls(project, order["public"]) if project else None

    @property
    def intercommunality_id(self) -> int:
        return self.project.intercommunality_id

    def order(self) -> dict[str, Any]:
        return {"project": self.project.pk, "public": self.public}

    def is_open_to(self, user: User) -> bool:
        if not Project.objects.visible_to(user).filter(pk=self.project.pk).exists():
            return False
        return self.public or scope_of(user).may("review_projects", self.intercommunality_id)

    def count(self, user: User, today: date) -> int:
        return 1

    def write(self, user: User, today: date) -> Written:
        moment = f"Fiche imprimée le {today:%d/%m/%Y}"
        document = project_document(self.project, moment=moment, today=today, public=self.public)
        return Written(document, f"{self.project.reference}-{today:%Y-%m-%d}")

    @property
    def words(self) -> str:
        return f"{self.project.reference} {self.project}"

    @property
    def home(self) -> str:
        return self.project.get_absolute_url()
