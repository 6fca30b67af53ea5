"""Choose one project among any number: its reference or words of it are typed."""

from __future__ import annotations

from django.db.models import QuerySet

from cooperation.choosing import TypedChoice
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet


class ProjectChoice(TypedChoice[Project]):
    """A reference (« P01 »), alone or before the title, or words that only one project answers."""

    how = "Sa référence, par exemple P01, ou des mots de son titre."
    nothing = "Aucun projet ne répond à « {words} » : écrivez sa référence, par exemple P01, ou d’autres mots."
    several = "Plusieurs projets répondent à « {words} » : écrivez la référence du vôtre. {named}."

    def called(self, words: str) -> Project | None:
        return self.offered().filter(reference__in=[words.split()[0].upper(), words]).first()

    def answering(self, words: str) -> QuerySet[Project]:
        rows = self.offered()
        assert isinstance(rows, ProjectQuerySet)
        return rows.matching(words)
