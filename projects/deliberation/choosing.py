"""Choose the project to put on an agenda; one that may not be put there yet says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects.deliberation.models import Session
from projects.proposals.choosing import ProjectChoice
from projects.proposals.models import Project
from projects.proposals.workflow import workflow

if TYPE_CHECKING:
    from partners.people.models import User

PLACE = "place_on_agenda"


class AgendaChoice(ProjectChoice):
    """A project ready to be examined: whoever names by its reference another that they see is told what stops it."""

    session: Session
    user: User

    def __init__(self) -> None:
        super().__init__(Project.objects.none(), label="Projet")

    def ask(self, session: Session, user: User) -> None:
        """Offer what this person may put on this agenda: another person puts one's own proposal there."""
        self.session, self.user = session, user
        ready = Project.objects.of(session.intercommunality).filter(status__in=workflow.table[PLACE].sources)
        self.queryset = ready.exclude(author=user)

    def refusal(self, words: str, rows: list[Project]) -> str:
        seen = ProjectChoice(Project.objects.visible_in(self.session.intercommunality, self.user))
        named = seen.called(words) if words else None
        if named is None or (verdict := workflow.verdict(named, PLACE, self.user)):
            return super().refusal(words, rows)
        return f"{named.reference} ne peut pas être inscrit. {verdict.reason}"
