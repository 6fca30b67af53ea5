"""What the pages show of an act once proclaimed: its count, its seal, its corrections, its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cooperation.french import counted
from partners.governance.conduct import Conduct
from partners.governance.models import Body
from projects.deliberation import rules
from projects.deliberation.access import chairs, may_plan, may_publish, reads_decisions
from projects.deliberation.act_forms import PublishForm
from projects.deliberation.act_services import publication_of, ready_to_publish
from projects.deliberation.acts import Correction
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.sealing import numbers_of, subject_of
from projects.deliberation.services import conduct_of, has_quorum

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
ORDER = (*list(LABELS.values())[:4], "Votants", *list(LABELS.values())[4:], "Suffrages exprimés")
UNSAID = "non indiqué"


def count_rows(decision: Decision) -> list[tuple[str, Any]]:
    """How many there were, how many voted and what they voted, in the order in which it is counted."""
    counts = {label: getattr(decision, name) for name, label in LABELS.items()}
    there = [counts["Présents"], counts["Pouvoirs"], counts["Ne prennent pas part au vote"]]
    counts["Votants"] = None if None in there else rules.voters(*there)
    counts["Suffrages exprimés"] = decision.votes_cast
    return [(label, UNSAID if counts[label] is None else counts[label]) for label in ORDER]


def say_quorum(session: Session, present: int, in_office: int, conduct: Conduct | None = None) -> str:
    """Whether the quorum was there at one moment of the session: it is asked of each item (CGCT, art. L. 2121-17)."""
    if session.is_second_convocation:
        return "sans condition, sur seconde convocation (CGCT, art. L. 2121-17)"
    return "atteint" if has_quorum(session, present, in_office, conduct) else "non atteint"


def say_opening(session: Session) -> list[tuple[str, str]]:
    """The members as they were counted at the opening, and the quorum then: others may come in, or leave, after."""
    if session.present is None or session.in_office is None:
        return []
    there = say_members(session.present, session.in_office, session.powers)
    quorum = say_quorum(session, session.present, session.in_office)
    again = " ; il est vérifié de nouveau à chaque point" if session.state == Session.State.OPEN else ""
    return [("Membres à l’ouverture", there), ("Quorum à l’ouverture", quorum + again * (quorum == "non atteint"))]


def say_members(present: int, in_office: int, powers: int | None) -> str:
    """« 25 présents sur 48 membres en exercice, 2 pouvoirs »."""
    told = f"{counted(present, 'présent')} sur {counted(in_office, 'membre')} en exercice"
    return f"{told}, {counted(powers, 'pouvoir')}" if powers else told


def say_presence(decision: Decision, session: Session, conduct: Conduct) -> str:
    """Who was there when an item was decided, and the quorum of that moment; "" where nobody was counted.

    Whoever stands aside is not in the quorum (CGCT, art. L. 2131-11); the president decides alone.
    """
    present, in_office = decision.present, decision.in_office
    if present is None or in_office is None or session.body.kind == Body.Kind.PRESIDENCY:
        return ""
    quorum = say_quorum(session, present - decision.not_taking_part, in_office, conduct)
    return f"{say_members(present, in_office, decision.powers)}, quorum {quorum}"


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
    reads, conduct = reads_decisions(user, session), conduct_of(session)
    for item in items:
        item.presence = say_presence(item.decision, session, conduct) if reads and hasattr(item, "decision") else ""
    return {
        "reads_decisions": reads,
        "opening": say_opening(session),
        "publication": publication_of(session),
        "may_publish": publishes and bool(verdict),
        "publish_form": PublishForm(is_chair=chairs(user, session)) if publishes and verdict else None,
        "has_decisions": any(hasattr(item, "decision") for item in items),
        "keeps_minutes": may_plan(user, session) and session.state in {Session.State.OPEN, Session.State.CLOSED},
        "minutes_are_settled": hasattr(session, "minutes") and session.minutes.settled_on is not None,
    }
