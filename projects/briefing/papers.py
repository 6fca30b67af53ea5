"""The papers of a session: its convocations, its note and its pack, the list of its decisions, its procès-verbal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.urls import reverse

from cooperation.french import date_fr
from partners.people.access import scope_of
from projects.briefing.content import gather
from projects.briefing.documents import note_document
from projects.convocation.access import is_told, reads_member_opinions
from projects.convocation.documents import copies_document
from projects.convocation.models import Envelope
from projects.convocation.services import about_the_day
from projects.deliberation.access import may_plan, reads_decisions
from projects.deliberation.models import Decision, Session
from projects.minutes.documents import decisions_document, minutes_document
from projects.minutes.models import Minutes
from projects.prints.papers import Paper, Written

if TYPE_CHECKING:
    from partners.people.models import User


@dataclass
class SessionPaper(Paper):
    """What is printed of one session, for those who may see it."""

    session: Session

    file_name: ClassVar[str]
    all_prints = "Revenir à la séance"

    @classmethod
    def read(cls, intercommunality_id: int, order: Mapping[str, Any]) -> Self | None:
        told = {name: value for name, value in order.items() if name != "session"}
        session = Session.objects.select_related("body", "intercommunality", "publication").filter(pk=order["session"])
        return cls(found, **told) if (found := session.first()) else None

    @property
    def intercommunality_id(self) -> int:
        return self.session.intercommunality_id

    def order(self) -> dict[str, Any]:
        return {"session": self.session.pk}

    def is_open_to(self, user: User) -> bool:
        return scope_of(user).may("view_sessions", self.intercommunality_id)

    def count(self, user: User, today: date) -> int:
        return self.session.items.count()

    @property
    def name(self) -> str:
        return f"{self.file_name}-{self.session.held_on:%Y-%m-%d}-{self.session.pk}"

    @property
    def words(self) -> str:
        return f"{self.session.body}, séance du {date_fr(self.session.held_on)}"

    @property
    def home(self) -> str:
        return reverse("projects:session", args=[self.session.pk])


@dataclass
class SessionCopies(SessionPaper):
    """The last convocation or cancellation, for each person to whom it is handed over on paper."""

    kind = "session_copies"
    title = "Impression des convocations à remettre"
    file_name = "convocations-a-remettre"

    @property
    def copies(self) -> list[Envelope]:
        """Those that still hold, in the order of the list; the ones handed over already are printed again too."""
        last = about_the_day(self.session)[-1:]
        on_paper = Envelope.objects.filter(mailing__in=last, way=Envelope.Way.PAPER)
        return list(on_paper.select_related("mailing__session__body"))

    def is_open_to(self, user: User) -> bool:
        return super().is_open_to(user) and may_plan(user, self.session) and bool(self.copies)

    def count(self, user: User, today: date) -> int:
        return 0  # a letter quotes titles that the mailing holds

    def write(self, user: User, today: date) -> Written:
        copies = self.copies
        return Written(copies_document(copies[0].mailing, copies, today=today), self.name)


@dataclass
class SessionNote(SessionPaper):
    """The note de synthèse of a reader: the annexe of the members, and internal sheets, for those who may read them."""

    with_members: bool
    internal: bool

    kind = "session_note"
    title = "Impression de la note de synthèse"
    file_name = "note-de-synthese"
    may_lack_pages = True
    with_sheets: ClassVar[bool] = False

    @classmethod
    def of(cls, session: Session, user: User) -> Self:
        """All that this person may read of it."""
        return cls(session, reads_member_opinions(user, session), sees_all_projects(user, session))

    def order(self) -> dict[str, Any]:
        return super().order() | {"with_members": self.with_members, "internal": self.internal}

    def is_open_to(self, user: User) -> bool:
        return (
            super().is_open_to(user)
            and is_told(user, self.session)
            and (not self.with_members or reads_member_opinions(user, self.session))
            and (not self.internal or sees_all_projects(user, self.session))
        )

    def write(self, user: User, today: date) -> Written:
        note = gather(
            self.session,
            today=today,
            with_members=self.with_members,
            with_sheets=self.with_sheets,
            internal=self.internal,
        )
        return Written(note_document(note), self.name)


@dataclass
class SessionPack(SessionNote):
    """The note with the sheets of its projects."""

    kind = "session_pack"
    title = "Impression du dossier de séance"
    file_name = "dossier-de-seance"
    with_sheets = True


@dataclass
class SessionDecisions(SessionPaper):
    """The relevé de décisions, once they are published; before, for those who publish them."""

    kind = "session_decisions"
    title = "Impression du relevé de décisions"
    file_name = "releve-de-decisions"

    def is_open_to(self, user: User) -> bool:
        is_read = super().is_open_to(user) and reads_decisions(user, self.session)
        return is_read and Decision.objects.filter(item__session=self.session).exists()

    def write(self, user: User, today: date) -> Written:
        return Written(decisions_document(self.session, today=today), self.name, in_one_piece=True)


@dataclass
class SessionMinutes(SessionPaper):
    """The procès-verbal: a draft is for those who hold the session; settled, for those who read its decisions."""

    kind = "session_minutes"
    title = "Impression du procès-verbal"
    file_name = "proces-verbal"

    def is_open_to(self, user: User) -> bool:
        if not super().is_open_to(user):
            return False
        is_settled = Minutes.objects.filter(session=self.session, settled_on__isnull=False).exists()
        return may_plan(user, self.session) or (is_settled and reads_decisions(user, self.session))

    def write(self, user: User, today: date) -> Written:
        return Written(minutes_document(self.session, today=today), self.name, in_one_piece=True)


def sees_all_projects(user: User, session: Session) -> bool:
    return scope_of(user).may("view_projects", session.intercommunality_id)
