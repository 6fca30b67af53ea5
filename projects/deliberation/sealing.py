"""What is sealed of a session: the facts of a decision, of its corrections and of its publication, told from the rows.

The same functions write the facts when the act is done and tell them again when the chain is checked. A room that
adds something to a decision (named positions of a public ballot) adds the name of a function to `PARTS`; another kind
of act, a line to `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils.module_loading import import_string

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


def columns_of(act: models.Model, *, but: tuple[str, ...] = ()) -> Facts:
    """Every column of the row, those added by another room included: none can change without being seen."""
    fields = [field for field in act._meta.concrete_fields if field.name not in but]
    return {field.attname: getattr(act, field.attname) for field in fields}


def act_of(decision: Decision) -> Facts:
    """The row of the decision, and the item and the session in which it was taken; an account may be erased."""
    item = decision.item
    return columns_of(decision, but=("proclaimed_by",)) | {
        "session": item.session_id,
        "held_on": item.session.held_on,
        "body": item.session.body_id,
        "project": item.project_id,
        "project_version": item.project_version,
    }


# What else is sealed with a decision, by the name of the function that tells it: a room above is never imported from
# here. Named positions are {"positions": [[seat, position, hour], …]}, and the names of the day
# {"told": {"names": {seat: name, …}}}: the holder of a seat may change afterwards. Nobody is named in a secret ballot.
PARTS: list[str] = ["projects.circuit.sealing.referral_of", "projects.ballots.sealing.urgency_of"]
NAMED: list[str] = ["projects.ballots.sealing.positions_of"]


def facts_of(decision: Decision) -> Facts:
    """The facts of a decision as the rows tell them now; of a secret ballot, totals and no name."""
    facts = act_of(decision)
    for name in PARTS if decision.ballot == Decision.Ballot.SECRET else PARTS + NAMED:
        facts |= import_string(name)(decision)
    return facts


def facts_of_publication(publication: Publication) -> Facts:
    """The decisions published together are told by their keys."""
    items = publication.session.items.all()
    decisions = sorted(item.decision.pk for item in items if hasattr(item, "decision"))
    return columns_of(publication) | {"decisions": decisions}


def told_of(decision: Decision) -> Facts:
    """How things were named on the day, for whoever reads the record: a title may change afterwards."""
    item = decision.item
    return {"body": str(item.session.body), "project": item.project.reference, "title": item.project.title}


def seal_decision(decision: Decision, *, by: User | None, now: datetime) -> SealedRecord:
    decision = decisions().select_related("item__session__body", "item__project").get(pk=decision.pk)
    facts = facts_of(decision)
    told = facts.get(TOLD, {}) | told_of(decision)
    return _seal(decision, "decision", facts | {TOLD: told}, by=by, now=now)


def seal_correction(correction: Correction, *, by: User | None, now: datetime) -> SealedRecord:
    return _seal(correction, "correction", columns_of(correction), by=by, now=now)


def seal_publication(publication: Publication, *, by: User | None, now: datetime) -> SealedRecord:
    publication = publications().get(pk=publication.pk)
    return _seal(publication, "publication", facts_of_publication(publication), by=by, now=now)


def subject_of(act: Decision | Correction | Publication) -> str:
    return f"{act._meta.model_name}:{act.pk}"


def _seal(act: Any, kind: str, facts: Facts, *, by: User | None, now: datetime) -> SealedRecord:
    subject = subject_of(act)
    return seal(intercommunality=act.intercommunality, kind=kind, subject=subject, facts=facts, by=by, now=now)


def decisions_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, Facts]]:
    for one in decisions().filter(intercommunality=intercommunality):
        yield subject_of(one), one, facts_of(one)


def decisions() -> QuerySet[Decision]:
    """In one query, with what the rooms above add by their reverse names; public ballots ask for their positions."""
    return Decision.objects.select_related("item__session", "item__urgency", "referral")


def corrections_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, Facts]]:
    for one in Correction.objects.filter(intercommunality=intercommunality).order_by():
        yield subject_of(one), one, columns_of(one)


def publications_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, Facts]]:
    for one in publications().filter(intercommunality=intercommunality).order_by():
        yield subject_of(one), one, facts_of_publication(one)


def publications() -> QuerySet[Publication]:
    """With the decisions of each, in two queries."""
    items = AgendaItem.objects.select_related("decision").only("session", "decision__item").order_by()
    return Publication.objects.select_related("session", "intercommunality").prefetch_related(
        Prefetch("session__items", items)
    )


KINDS: dict[str, Rows] = {
    "decision": decisions_now,
    "correction": corrections_now,
    "publication": publications_now,
}


def numbers_of(intercommunality_id: int, subjects: list[str]) -> dict[str, SealedRecord]:
    """The record of each subject, in one query."""
    records = SealedRecord.objects.filter(intercommunality_id=intercommunality_id, subject__in=subjects)
    return {record.subject: record for record in records}
