"""Loading the sessions of the bodies: those of the calendar, and those at which a project was examined."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from partners.governance.models import Body
from projects.deliberation.act_services import write_publication
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.deliberation.rules import Majority
from projects.deliberation.sealing import seal_decision
from projects.demo.files import DemoData
from projects.demo.saving import at_noon, save
from projects.proposals.models import Project

# What was « à trancher », « à compléter » or is still planned was not proclaimed: the course of the project tells it.
OUTCOMES = {
    "adopted": Outcome.ADOPTED,
    "rejected": Outcome.REJECTED,
    "deferred": Outcome.DEFERRED,
    "noted": Outcome.TAKEN_NOTE,
    "favourable": Outcome.FAVOURABLE,
    "favourable_with_reservation": Outcome.RESERVED,
    "unfavourable": Outcome.UNFAVOURABLE,
}
VOTES = {"in_office": "in_office", "present": "present", "powers": "proxies", "votes_for": "for",
         "votes_against": "against", "abstentions": "abstentions"}  # fmt: skip
STOOD_ASIDE = "s’est retirée"  # the member interested in the matter leaves the room (CGCT, art. L. 2131-11)


def load_sessions(data: DemoData, bodies: dict[str, Body], projects: dict[str, Project]) -> None:
    """Write sessions, agendas and decisions; a session to come has no agenda yet."""
    today = data.territory["reference_date"]
    sessions = {
        ("council", told["date"]): _session(bodies["council"], told["date"], today)
        for told in data.governance["council_dates"]
    }
    ranks: dict[tuple[str, date], int] = {}
    for told in data.projects:
        for step in told["steps"]:
            if step.get("body") not in bodies or step.get("outcome") not in OUTCOMES:
                continue
            key = step["body"], step["date"]
            if key not in sessions:
                sessions[key] = _session(bodies[step["body"]], step["date"], today)
            ranks[key] = ranks.get(key, 0) + 1
            _decide(sessions[key], projects[told["ref"]], step, ranks[key])
    _seal_and_publish(sessions[key] for key in ranks)


def _seal_and_publish(sessions: Iterable[Session]) -> None:
    """Session after session, as they were held: each decision is sealed on its day, and all are published the next."""
    for session in sorted(sessions, key=lambda one: (one.held_on, one.pk)):
        decisions = Decision.objects.filter(item__session=session).select_related(
            "item__session__body", "item__project"
        )
        for decision in decisions.order_by("item__position"):
            seal_decision(decision, by=None, now=decision.proclaimed_at)
        write_publication(session=session, by=None, now=at_noon(session.held_on + timedelta(days=1)))


def _session(body: Body, day: date, today: date) -> Session:
    return save(
        Session(
            intercommunality=body.intercommunality,
            body=body,
            held_on=day,
            state=Session.State.CLOSED if day <= today else Session.State.PLANNED,
            in_office=body.legal_seats,
        )
    )


def _decide(session: Session, project: Project, step: dict, rank: int) -> None:
    item = save(
        AgendaItem(
            intercommunality=session.intercommunality,
            session=session,
            project=project,
            position=rank,
        )
    )
    votes = step.get("votes", {})
    save(
        Decision(
            intercommunality=session.intercommunality,
            item=item,
            **{field: votes.get(key) for field, key in VOTES.items()},
            not_taking_part=1 if STOOD_ASIDE in step["text"] else 0,
            outcome=OUTCOMES[step["outcome"]],
            majority=Majority.TWO_THIRDS_MEMBERS if "required_for" in step else Majority.SIMPLE,
            text=step["text"],
            proclaimed_at=at_noon(step["date"]),
        )
    )
