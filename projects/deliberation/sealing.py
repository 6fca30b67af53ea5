"""What is sealed of a session: the facts of a decision, of its corrections and of its publication, told from the rows.

The same functions write the facts when the act is done and tell them again when the chain is checked. A room that adds
something to a decision (named positions of a public ballot) adds a function to `PARTS`; another kind of act, a line to
`KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from projects.deliberation.acts import Correction, Publication
from projects.deliberation.models import AgendaItem, Decision
from projects.seal.checking import TOLD, Rows
from projects.seal.models import SealedRecord
from projects.seal.services import seal
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

Facts = dict[str, Any]
COUNTS = (
    "in_office", "present", "powers", "not_taking_part", "votes_for", "votes_against", "abstentions", "blank_votes",
)  # fmt: skip


def totals_of(act: Decision | Correction) -> Facts:
    return {name: getattr(act, name) for name in COUNTS}


def act_of(decision: Decision) -> Facts:
    """Outcome, totals and proclaimed text, and the item on which they were given."""
    item = decision.item
    return totals_of(decision) | {
        "decision": decision.pk,
        "intercommunality": decision.intercommunality_id,
        "session": item.session_id,
        "held_on": item.session.held_on,
        "body": item.session.body_id,
        "item": item.pk,
        "project": item.project_id,
        "project_version": item.project_version,
        "ballot": decision.ballot,
        "outcome": decision.outcome,
        "text": decision.text,
        "not_taking_part_reason": decision.not_taking_part_reason,
        "chair_votes_for": decision.chair_votes_for,
        "proclaimed_at": decision.proclaimed_at,
        "proclaimed_by_name": decision.proclaimed_by_name,
    }


# What else is sealed with a decision that was not taken by secret ballot: who voted what, for example.
PARTS: list[Callable[[Decision], Facts]] = []


def facts_of(decision: Decision) -> Facts:
    """The facts of a decision as the rows tell them now; of a secret ballot, totals and nothing else."""
    facts = act_of(decision)
    if decision.ballot != Decision.Ballot.SECRET:
        for part in PARTS:
            facts |= part(decision)
    return facts


def facts_of_correction(correction: Correction) -> Facts:
    return totals_of(correction) | {
        "correction": correction.pk,
        "intercommunality": correction.intercommunality_id,
        "decision": correction.decision_id,
        "number": correction.number,
        "reason": correction.reason,
        "text": correction.text,
        "corrected_at": correction.corrected_at,
        "corrected_by_name": correction.corrected_by_name,
    }


def facts_of_publication(publication: Publication) -> Facts:
    """The decisions published together are told by their keys."""
    items = publication.session.items.all()
    return {
        "publication": publication.pk,
        "intercommunality": publication.intercommunality_id,
        "session": publication.session_id,
        "decisions": sorted(item.decision.pk for item in items if hasattr(item, "decision")),
        "published_at": publication.published_at,
        "published_by_name": publication.published_by_name,
    }


def told_of(decision: Decision) -> Facts:
    """How things were named on the day, for whoever reads the record: a title may change afterwards."""
    item = decision.item
    told = {"body": str(item.session.body), "project": item.project.reference, "title": item.project.title}
    return {TOLD: told}


def seal_decision(decision: Decision, *, by: User | None, now: datetime) -> SealedRecord:
    facts = facts_of(decision) | told_of(decision)
    return _seal(decision, "decision", facts, by=by, now=now)


def seal_correction(correction: Correction, *, by: User | None, now: datetime) -> SealedRecord:
    return _seal(correction, "correction", facts_of_correction(correction), by=by, now=now)


def seal_publication(publication: Publication, *, by: User | None, now: datetime) -> SealedRecord:
    publication = publications().get(pk=publication.pk)
    return _seal(publication, "publication", facts_of_publication(publication), by=by, now=now)


def subject_of(act: Decision | Correction | Publication) -> str:
    return f"{act._meta.model_name}:{act.pk}"


def _seal(act: Any, kind: str, facts: Facts, *, by: User | None, now: datetime) -> SealedRecord:
    subject = subject_of(act)
    return seal(intercommunality=act.intercommunality, kind=kind, subject=subject, facts=facts, by=by, now=now)


def decisions_now(intercommunality: Intercommunality) -> Iterator[tuple[str, str, Facts]]:
    rows = Decision.objects.filter(intercommunality=intercommunality)
    for one in rows.select_related("item__session__body", "item__project"):
        yield subject_of(one), str(one), facts_of(one)


def corrections_now(intercommunality: Intercommunality) -> Iterator[tuple[str, str, Facts]]:
    rows = Correction.objects.filter(intercommunality=intercommunality)
    for one in rows.select_related("decision__item__session__body", "decision__item__project"):
        yield subject_of(one), str(one), facts_of_correction(one)


def publications_now(intercommunality: Intercommunality) -> Iterator[tuple[str, str, Facts]]:
    for one in publications().filter(intercommunality=intercommunality):
        yield subject_of(one), str(one), facts_of_publication(one)


def publications() -> QuerySet[Publication]:
    """With the decisions of each, in two queries."""
    items = Prefetch("session__items", AgendaItem.objects.select_related("decision"))
    return Publication.objects.select_related("session__body", "intercommunality").prefetch_related(items)


KINDS: dict[str, Rows] = {
    "decision": decisions_now,
    "correction": corrections_now,
    "publication": publications_now,
}


def numbers_of(intercommunality_id: int, subjects: list[str]) -> dict[str, SealedRecord]:
    """The record of each subject, in one query."""
    records = SealedRecord.objects.filter(intercommunality_id=intercommunality_id, subject__in=subjects)
    return {record.subject: record for record in records}
