"""Loading who shares the objective of the projects decided: those whose interest goes the same way, by § 8.

The others are still awaited: the specification makes nobody refuse. One is left to the vice-president.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from partners.people.models import User
from projects.demo.files import COORDINATOR, DemoData
from projects.demo.saving import save, written_on
from projects.proposals.actor_models import Actor, Endorsement
from projects.proposals.models import Project

SHARING = ("convergent", "compatible")
LEFT_TO_GIVE = ("P10", "Bréauval")


def load_endorsements(data: DemoData, users: dict[str, User], projects: dict[str, Project]) -> None:
    mayors = {told["insee"]: told["mayor"] for told in data.communes["communes"]}
    for told in data.projects:
        adopted_on = day_of_decision(told)
        actors = {actor.name: actor for actor in projects[told["ref"]].actors.select_related("relay")}
        for one in told["actors"] if adopted_on else []:
            actor = actors[one["name"]]
            if one["stance"] in SHARING and (told["ref"], actor.name) != LEFT_TO_GIVE:
                _write(actor, who_answers(actor, one, mayors, str(users[COORDINATOR])), adopted_on)


def day_of_decision(told: dict[str, Any]) -> date | None:
    """The day a project was first adopted: its actors had answered by then."""
    return next((step["date"] for step in told["steps"] if step.get("outcome") == "adopted"), None)


def who_answers(actor: Actor, one: dict[str, Any], mayors: dict[str, str], coordinator: str) -> str:
    """The relay person, the mayor, or the coordination; nobody answers for a group named in words."""
    if actor.partner_id:
        return actor.relay.full_name if actor.relay else ""
    if actor.commune_id:
        return mayors[one["commune"]]
    return coordinator if actor.is_intercommunality else ""


def _write(actor: Actor, name: str, day: date | None) -> None:
    if not name or day is None:
        return
    with written_on(day):
        save(
            Endorsement(
                intercommunality_id=actor.intercommunality_id,
                actor=actor,
                objective_version=1,
                endorses=True,
                given_by_name=name,
                given_on=day,
            )
        )
