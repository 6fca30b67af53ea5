"""What the pages show of an act once proclaimed: its count, its seal, its corrections, its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projects.deliberation.access import chairs, may_plan, may_publish, reads_decisions
from projects.deliberation.act_forms import PublishForm
from projects.deliberation.act_services import publication_of, ready_to_publish
from projects.deliberation.acts import Correction
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.sealing import numbers_of, subject_of

if TYPE_CHECKING:
    from partners.people.models import User

LABELS = {
    "in_office": "Membres en exercice",
    "present": "Présents",
    "powers": "Pouvoirs",
    "not_taking_part": "Ne prennent pas part au vote",
    "votes_for": "Pour",
    "votes_against": "Contre",
    "abstentions": "Abstentions",
    "blank_votes": "Blancs et nuls",
}
UNSAID = "non indiqué"


def count_rows(decision: Decision) -> list[tuple[str, Any]]:
    counts = [(label, getattr(decision, name)) for name, label in LABELS.items()]
    counts.append(("Suffrages exprimés", decision.votes_cast))
    return [(label, UNSAID if count is None else count) for label, count in counts]


def seal_context(decision: Decision) -> dict[str, Any]:
    """The seal of a decision, its publication, and its corrections in the order in which they were made."""
    corrections = list(decision.corrections.all())
    subjects = [subject_of(decision), *(subject_of(one) for one in corrections)]
    records = numbers_of(decision.intercommunality_id, subjects)
    return {
        "seal": records.get(subject_of(decision)),
        "publication": publication_of(decision.item.session),
        "corrections": [
            correction_told(before, one) | {"seal": records.get(subject_of(one))}
            for before, one in zip([decision, *corrections], corrections, strict=False)
        ],
    }


def correction_told(before: Decision | Correction, correction: Correction) -> dict[str, Any]:
    """A correction beside what it replaces: every number that changes, and the text when it does."""
    changes = [
        f"{label} : {say(getattr(correction, name))}, au lieu de {say(getattr(before, name))}"
        for name, label in LABELS.items()
        if getattr(correction, name) != getattr(before, name)
    ]
    return {
        "number": correction.number,
        "on": correction.corrected_at,
        "reason": correction.reason,
        "changes": changes,
        "text": correction.text if correction.text != before.text else "",
        "by": correction.corrected_by_name,
    }


def say(count: int | None) -> str:
    return UNSAID if count is None else str(count)


def after_context(user: User, session: Session, items: list[AgendaItem]) -> dict[str, Any]:
    """What the page of a session shows once its decisions are proclaimed: their publication and its papers."""
    publishes = may_publish(user, session)
    verdict = ready_to_publish(session)
    return {
        "reads_decisions": reads_decisions(user, session),
        "publication": publication_of(session),
        "may_publish": publishes and bool(verdict),
        "publish_form": PublishForm(is_chair=chairs(user, session)) if publishes and verdict else None,
        "has_decisions": any(hasattr(item, "decision") for item in items),
        "keeps_minutes": may_plan(user, session) and session.state in {Session.State.OPEN, Session.State.CLOSED},
        "minutes_are_settled": hasattr(session, "minutes") and session.minutes.settled_on is not None,
    }
