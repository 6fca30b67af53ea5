"""Loading the session to come: its agenda, the convocation that left, what members said of it."""

from __future__ import annotations

from datetime import time

from partners.governance.models import Body, ElectedMember
from partners.people.models import User
from projects.convocation.models import Envelope
from projects.convocation.opinion_services import give_opinion
from projects.convocation.services import convene
from projects.deliberation.models import AgendaItem, Session
from projects.demo.files import DemoData
from projects.demo.proposals import at_noon
from projects.demo.saving import save
from projects.proposals.models import Project


def load_convocation(
    data: DemoData,
    bodies: dict[str, Body],
    members: dict[str, ElectedMember],
    users: dict[str, User],
    projects: dict[str, Project],
) -> None:
    """Write the agenda, convene the members, hear them; mails left on their day, and paper waits to be handed over."""
    told = data.convocation["session"]
    session = Session.objects.get(body=bodies[told["body"]], held_on=told["date"])
    session.held_at, session.place = time.fromisoformat(told["hour"]), told["place"]
    save(session)
    for rank, item in enumerate(data.convocation["items"], start=1):
        save(
            AgendaItem(
                intercommunality=session.intercommunality,
                session=session,
                project=projects[item["project"]],
                position=rank,
                rapporteur=item["rapporteur"],
                rapporteur_member=members[item["rapporteur"]],
                minutes_planned=item["minutes"],
                asked=item["asked"],
                draft=item["draft"],
                project_version=projects[item["project"]].version,
            )
        )
    left_at = at_noon(told["convened_on"])
    mailing = convene(session=session, by=users[told["by"]], now=left_at)
    for envelope in mailing.envelopes.filter(way=Envelope.Way.MAIL):
        envelope.attempts, envelope.sent_at = 1, left_at
        save(envelope)
    for opinion in data.convocation["opinions"]:
        give_opinion(
            item=session.items.get(project=projects[opinion["project"]]),
            by=users[opinion["by"]],
            now=at_noon(opinion["given_on"]),
            **{name: opinion[name] for name in ("position", "words", "capacity")},
        )
