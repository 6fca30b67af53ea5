"""Gathers what a session leaves on paper: its members, its items with their decisions, the head of the seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from cooperation.alphabetical import key
from cooperation.french import counted, date_fr, hour_fr
from projects.ballots.models import Position
from projects.delegated.services import Report, report_to
from projects.deliberation.act_reads import correction_told, say_presence, say_quorum
from projects.deliberation.acts import Correction
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.sealing import numbers_of, subject_of
from projects.deliberation.services import conduct_of
from projects.minutes.models import ItemMinutes, Minutes
from projects.seal.checking import TOLD
from projects.seal.models import SealChain, SealedRecord

BRIEF = 1500  # signs of an item that is not cut by the end of a page: some fifteen lines


@dataclass(frozen=True)
class PrintedItem:
    """An item of the agenda as it is printed; `names` are those of a public ballot, by position."""

    rank: int
    title: str
    rapporteur: str
    outcome: str
    ballot: str
    count: str
    presence: str
    aside: str
    text: str
    names: Sequence[tuple[str, str]]
    corrections: Sequence[dict[str, Any]]
    seal: SealedRecord | None
    discussion: str
    ballot_request: str

    @property
    def is_brief(self) -> bool:
        """Whether it holds together on a page; a longer one would leave half of the page before it empty."""
        names = sum(len(told) for _, told in self.names)
        return len(self.discussion) + len(self.text) + names < BRIEF and not self.corrections


@dataclass(frozen=True)
class Members:
    """Those who were there, or were not, as the secretary wrote them: sentences, or one name a line."""

    title: str
    text: str

    @property
    def is_long(self) -> bool:
        """Whether it is a list that would fill a page of short lines: it stands in two columns."""
        return self.text.count("\n") > 8


@dataclass(frozen=True)
class Paper:
    """What both documents say of a session."""

    session: Session
    epci: str
    facts: Sequence[tuple[str, str]]
    items: Sequence[PrintedItem]
    minutes: Minutes | None
    members: Sequence[Members]
    head: str
    length: int
    delegated: Report | None  # what was decided by delegation since the conseil last met


def gather(session: Session, *, today: date) -> Paper:
    """Read the session once, in a number of queries that does not grow with its items.

    Once they are settled, the minutes say what they said that day.
    """
    items = list(session.items.select_related("project", "decision").prefetch_related("decision__corrections"))
    decisions = [item.decision for item in items if hasattr(item, "decision")]
    subjects = [subject_of(one) for one in decisions]
    records, conduct = numbers_of(session.intercommunality_id, subjects), conduct_of(session)
    there = {one.item_id: say_presence(one, session, conduct) for one in decisions}
    told = {one.item_id: one for one in ItemMinutes.objects.filter(item__session=session)}
    chain = SealChain.objects.filter(intercommunality_id=session.intercommunality_id).first()
    minutes = Minutes.objects.filter(session=session).first()
    return Paper(
        session=session,
        epci=session.intercommunality.name,
        facts=facts_of(session),
        items=[
            printed(rank, item, records, told.get(item.pk), there.get(item.pk, ""))
            for rank, item in enumerate(items, start=1)
        ],
        minutes=minutes,
        members=members_of(minutes or Minutes()),
        head=chain.head if chain else "",
        length=chain.length if chain else 0,
        delegated=report_to(session, on=minutes.settled_on if minutes and minutes.settled_on else today),
    )


def when_and_where(day: date, hour: time | None, place: str) -> list[tuple[str, str]]:
    """What is known of a session that was only told."""
    facts = [("Date", date_fr(day))]
    if hour:
        facts.append(("Heure", hour_fr(hour)))
    if place:
        facts.append(("Lieu", place))
    return facts


def facts_of(session: Session) -> list[tuple[str, str]]:
    """When, where, how many, and whether the quorum was there when it opened (CGCT, art. L. 2121-15 and L. 2121-17).

    Members come in and leave: who was there when an item was decided is told with the decision.
    """
    facts = when_and_where(session.held_on, session.held_at, session.place)
    if session.in_office:
        facts.append(("Membres en exercice", str(session.in_office)))
    if session.present is None:
        facts.append(("Quorum", "à compléter : les présents n’ont pas été comptés à l’ouverture"))
    else:
        facts += [("Présents à l’ouverture", str(session.present)), ("Pouvoirs", str(session.powers or 0))]
        facts.append(("Quorum à l’ouverture", say_quorum(session, session.present, session.in_office or 0)))
    return facts


def members_of(minutes: Minutes) -> list[Members]:
    """The members present, represented and absent (CGCT, art. L. 2121-15)."""
    none = "Aucun n’est noté."
    return [
        Members("Membres présents", minutes.attending or "À compléter."),
        Members("Membres représentés", minutes.represented or none),
        Members("Membres absents ou excusés", minutes.absent or none),
    ]


def printed(
    rank: int, item: AgendaItem, records: dict[str, SealedRecord], told: ItemMinutes | None, presence: str
) -> PrintedItem:
    decision = getattr(item, "decision", None)
    record = records.get(subject_of(decision)) if decision else None
    corrections = list(decision.corrections.all()) if decision else []
    return PrintedItem(
        rank=rank,
        title=str(item.project),
        rapporteur=item.rapporteur,
        outcome=decision.get_outcome_display() if decision else "",
        ballot=decision.get_ballot_display() if decision else "",
        count=say_count(decision) if decision else "",
        presence=presence,
        aside=say_aside(decision) if decision else "",
        text=decision.text if decision else "",
        names=named(decision, record) if decision else [],
        corrections=[correction_told(before, one) for before, one in pairs(decision, corrections)],
        seal=record,
        discussion=told.discussion if told else "",
        ballot_request=told.ballot_request if told else "",
    )


def pairs(decision: Decision | None, corrections: list[Correction]) -> list[tuple[Decision | Correction, Correction]]:
    return list(zip([decision, *corrections], corrections, strict=False)) if decision else []


def say_count(decision: Decision) -> str:
    """« 38 pour, 5 contre, 3 abstentions, 1 blanc ou nul »; "" where nothing was counted."""
    if decision.votes_for is None or decision.votes_against is None:
        return ""
    abstentions, blank = decision.abstentions or 0, decision.blank_votes
    words = [f"{decision.votes_for} pour", f"{decision.votes_against} contre", counted(abstentions, "abstention")]
    if blank:
        words.append(counted(blank, "blanc ou nul", "blancs ou nuls"))
    return ", ".join(word.replace(" ", "\u00a0") for word in words)  # no line ends between a number and what it counts


def say_aside(decision: Decision) -> str:
    """Who takes no part in the vote, and why (CGCT, art. L. 2131-11)."""
    if not decision.not_taking_part:
        return ""
    told = counted(decision.not_taking_part, "membre ne prend pas part au vote", "membres ne prennent pas part au vote")
    return f"{told} : {decision.not_taking_part_reason}" if decision.not_taking_part_reason else f"{told}."


def named(decision: Decision, record: SealedRecord | None) -> list[tuple[str, str]]:
    """The names of a public ballot by position, as they were sealed; of any other ballot, none."""
    if record is None or decision.ballot != Decision.Ballot.PUBLIC:
        return []
    names, by_position = record.told.get(TOLD, {}).get("names", {}), {}
    for seat, position, *_ in record.told.get("positions", []):
        by_position.setdefault(position, []).append(names.get(str(seat), f"siège n° {seat}"))
    return [(one.label, ", ".join(sorted(by_position[one], key=key))) for one in Position if one in by_position]
