"""Gathers the note de synthèse of a session (CGCT, art. L. 2121-12): plain values, in a constant number of queries.

What it says of a project is what everybody may read of it: it goes to the municipal councillors too, and from hand to
hand. The opinions of the members are an annexe of the copies of those who may read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cooperation.drawing.maps import Map
from cooperation.french import date_fr, hour_fr
from projects.convocation.opinion_reads import Line, count_said, opinions_in
from projects.delegated.services import Report, report_to
from projects.deliberation.models import AgendaItem, Session
from projects.deliberation.timing import said, timing_of
from projects.opinions.models import Opinion, OpinionRequest
from projects.opinions.reads import line_of
from projects.opinions.rules import Stage
from projects.report.content import gather_sheets
from projects.report.sheets import Decision, Sheet
from projects.report.territory import draw_territory
from territories.models import Commune, Outline


@dataclass(frozen=True)
class Received:
    """An opinion of the file: whose, what, in which words, when."""

    who: str
    label: str
    words: str
    when: str


@dataclass(frozen=True)
class NoteItem:
    """An item as the body reads it before it meets."""

    rank: int
    hour: str
    length: str
    rapporteur: str
    asked: str
    draft: str
    sheet: Sheet  # what everybody may read of the project
    decisions: Sequence[Decision]  # of the sessions before this one
    opinions: Sequence[Received]  # those of bodies that a published decision already tells are left out
    members: Sequence[Line]
    members_said: str

    @property
    def anchor(self) -> str:
        return f"point-{self.rank}"


@dataclass(frozen=True)
class Note:
    """The whole note, before it becomes pages; `sheets` are those of the pack, none in the note alone."""

    session: Session
    epci: str
    day: str
    place: str
    duration: str
    items: Sequence[NoteItem]
    cover_map: Map | None
    printed_on: date
    with_members: bool
    sheets: Sequence[Sheet] = ()
    delegated: Report | None = None  # of which the conseil is told at this session (art. L. 5211-10)

    @property
    def title(self) -> str:
        return "Dossier de séance" if self.sheets else "Note de synthèse"

    @property
    def has_annexe(self) -> bool:
        return self.with_members and any(item.members for item in self.items)


def gather(
    session: Session, *, today: date, with_members: bool, with_sheets: bool = False, internal: bool = False
) -> Note:
    """Read a session once. `internal` sheets are for those who see every project of the EPCI."""
    epci = session.intercommunality
    items = list(session.items.select_related("project", "session__body"))
    numbers = [item.project_id for item in items]
    timing = timing_of(session.held_at, [item.minutes_planned for item in items])
    public = gather_sheets(numbers, epci, today=today, public=True)
    own = gather_sheets(numbers, epci, today=today, public=False) if with_sheets and internal else public
    received = received_on(numbers, today)
    members = opinions_in(session) if with_members else {}
    hour = f" à {hour_fr(session.held_at)}" if session.held_at else ""
    remote = f" ({session.get_format_display()})" if session.is_remote else ""
    ending = f", fin prévue à {hour_fr(timing.ends_at)}" if timing.ends_at and timing.total else ""
    return Note(
        session=session,
        epci=epci.name,
        day=f"{date_fr(session.held_on)}{hour}",
        place=f"{session.place}{remote}".strip(),
        duration=f"Durée prévue : {said(timing.total)}{ending}." if timing.total else "",
        items=[
            write_item(
                rank,
                item,
                hour_fr(timing.hours[rank - 1]),
                public[item.project_id],
                received.get(item.project_id, []),
                members.get(item.project_id, []),
            )
            for rank, item in enumerate(items, start=1)
        ],
        cover_map=draw_cover(session),
        printed_on=today,
        with_members=with_members,
        sheets=[own[number] for number in numbers] if with_sheets else (),
        delegated=report_to(session, on=today),
    )


def write_item(
    rank: int, item: AgendaItem, hour: str, sheet: Sheet, opinions: Sequence[Received], members: Sequence[Line]
) -> NoteItem:
    """A note printed again after its session says what was decided before it, never what it decided."""
    decisions = [one for one in sheet.decisions if one.on < item.session.held_on]
    return NoteItem(
        rank=rank,
        hour=hour,
        length=said(item.minutes_planned) if item.minutes_planned else "",
        rapporteur=item.rapporteur,
        asked=item.asked_of_the_body,
        draft=item.draft,
        sheet=sheet,
        decisions=decisions,
        opinions=[one for one in opinions if one.who not in {decided.body for decided in sheet.decisions}],
        members=members,
        members_said=count_said(members),
    )


def received_on(numbers: Sequence[int], today: date) -> dict[int, list[Received]]:
    """The opinions asked that were given, or that silence gave, by project; questions taken back are left out."""
    asked = OpinionRequest.objects.filter(project__in=numbers, withdrawn_on__isnull=True).with_all()
    found: dict[int, list[Received]] = {}
    for request in asked.order_by("due_on", "pk"):
        if request.stage_on(today) not in {Stage.GIVEN, Stage.SILENT}:
            continue
        line = line_of(request, today)
        words = line.opinion.words if isinstance(line.opinion, Opinion) else ""
        found.setdefault(request.project_id, []).append(Received(request.who, line.label, words, line.when))
    return found


def draw_cover(session: Session) -> Map | None:
    communes = list(Commune.objects.filter(intercommunality=session.intercommunality_id))
    outlines = dict(Outline.objects.filter(commune__in=communes).values_list("commune_id", "geometry"))
    return draw_territory(session.intercommunality, communes, outlines, width=500, tallest=360, standing_out=communes)
