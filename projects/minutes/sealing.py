"""What is sealed of the minutes: a procès-verbal once it is settled; and the list of every kind that is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from projects.ballots.sealing import KINDS as KINDS_OF_BALLOTS
from projects.deliberation.sealing import KINDS as KINDS_OF_DELIBERATION
from projects.minutes.models import Minutes
from projects.seal.checking import Rows
from projects.seal.models import SealedRecord
from projects.seal.services import seal
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

WORDS = ("chair", "secretary", "attending", "represented", "absent", "remarks", "settled_on", "settled_by_name")


def facts_of(minutes: Minutes) -> dict[str, Any]:
    """Everything that was written in a procès-verbal, as the rows tell it now."""
    ended_at = minutes.ended_at.isoformat() if minutes.ended_at else ""
    items = minutes.items.order_by("item")
    return {name: getattr(minutes, name) for name in WORDS} | {
        "minutes": minutes.pk,
        "intercommunality": minutes.intercommunality_id,
        "session": minutes.session_id,
        "ended_at": ended_at,
        "items": [
            {"item": one.item_id, "discussion": one.discussion, "ballot_request": one.ballot_request} for one in items
        ],
    }


def seal_minutes(minutes: Minutes, *, by: User | None, now: datetime) -> SealedRecord:
    subject, facts = f"minutes:{minutes.pk}", facts_of(minutes)
    return seal(intercommunality=minutes.intercommunality, kind="minutes", subject=subject, facts=facts, by=by, now=now)


def minutes_now(intercommunality: Intercommunality) -> Iterator[tuple[str, object, dict[str, Any]]]:
    settled = Minutes.objects.filter(intercommunality=intercommunality, settled_on__isnull=False).order_by()
    for one in settled:
        yield f"minutes:{one.pk}", one, facts_of(one)


KINDS: dict[str, Rows] = KINDS_OF_DELIBERATION | KINDS_OF_BALLOTS | {"minutes": minutes_now}
