"""Loading what the sessions leave on paper: the filing of the deliberations, a procès-verbal settled and sealed."""

from __future__ import annotations

from datetime import time, timedelta

from partners.governance.models import Body
from projects.deliberation.models import Session
from projects.demo.files import DemoData
from projects.demo.saving import at_noon, save
from projects.minutes.models import ItemMinutes, Minutes
from projects.minutes.sealing import seal_minutes
from projects.register.models import ActFiling
from projects.register.services import deliberations
from territories.places.models import Intercommunality

DAYS_TO_THE_PREFECTURE = 4
WORDS = ("settled_on", "chair", "secretary", "attending", "represented", "absent", "remarks")


def load_papers(data: DemoData, epci: Intercommunality, bodies: dict[str, Body]) -> None:
    """File the deliberations up to a day, those after it wait; then write the minutes that the file tells."""
    told = data.papers
    for decision in deliberations(epci):
        session, project = decision.item.session, decision.item.project
        if session.held_on <= told["filed_until"]:
            save(
                ActFiling(
                    intercommunality=epci,
                    decision=decision,
                    number=f"{session.held_on:%Y%m%d}-{session.body_id}-{decision.item.position:02d}",
                    matter=told["matters"][project.reference],
                    prefecture=told["prefecture"],
                    received_on=session.held_on + timedelta(days=DAYS_TO_THE_PREFECTURE),
                )
            )
    for one in told["minutes"]:
        _minutes(one, Session.objects.get(body=bodies[one["body"]], held_on=one["date"]))


def _minutes(told: dict, session: Session) -> None:
    epci = session.intercommunality
    ended_at = time.fromisoformat(told["ended_at"])
    minutes = save(
        Minutes(intercommunality=epci, session=session, ended_at=ended_at, **{name: told[name] for name in WORDS})
    )
    for item in session.items.select_related("project"):
        save(
            ItemMinutes(
                intercommunality=epci, minutes=minutes, item=item, discussion=told["items"][item.project.reference]
            )
        )
    seal_minutes(minutes, by=None, now=at_noon(told["settled_on"]))
