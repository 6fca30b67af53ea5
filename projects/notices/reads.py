"""What a person was told, ready to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from cooperation.french import counted
from projects.notices.access import looked_after_by
from projects.notices.models import Letter, Notice, NoticeQuerySet, seen_among

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

SHOWN = 50
COUNTED = 100  # nobody needs to know how many more than ninety-nine


@dataclass(frozen=True)
class Told:
    """The latest notices, unread first to be seen, and how many there are to read in all."""

    unread: list[Notice]
    read: list[Notice]
    waiting: str


def told_to(person: User) -> Told:
    mine = Notice.objects.told_to(person)
    unread, read = latest_seen(mine.unread(), person, COUNTED), latest_seen(mine.exclude(read_at=None), person, SHOWN)
    shown = Notice.objects.filter(pk__in=[*unread[:SHOWN], *read]).select_related("project", "intercommunality")
    found = {notice.pk: notice for notice in shown}
    return Told(
        unread=[found[pk] for pk in unread[:SHOWN]],
        read=[found[pk] for pk in read],
        waiting=f"Plus de {COUNTED - 1}" if len(unread) == COUNTED else str(len(unread) or ""),
    )


@dataclass(frozen=True)
class Refused:
    """Somebody whose mails do not leave: her address is refused for good by her mail server."""

    person_id: int
    name: str
    sentence: str


def refused_for(user: User, epci: Intercommunality | None = None) -> list[Refused]:
    """Whose mails do not leave, among those that the person looks after; in one EPCI where it is given."""
    letters = Letter.objects.refused().filter(looked_after_by(user))
    if epci:
        letters = letters.filter(intercommunality=epci)
    rows = letters.order_by().values("person", "person__full_name", "person__email").annotate(count=Count("pk"))
    return [
        Refused(
            person_id=row["person"],
            name=row["person__full_name"] or row["person__email"],
            sentence=f"L’adresse {row['person__email']} est refusée par son serveur de messagerie. "
            f"En attente : {counted(row['count'], 'courriel')}.",
        )
        for row in rows.order_by("person__full_name", "person")[:SHOWN]
    ]


def unread_of(person: User) -> str:
    """How many are to read, « 99+ » at most, nothing when there is none: asked by every page."""
    count = len(latest_seen(Notice.objects.told_to(person).unread(), person, COUNTED))
    return f"{COUNTED - 1}+" if count == COUNTED else str(count or "")


def latest_seen(told: NoticeQuerySet, person: User, wanted: int) -> list[int]:
    """The latest notices whose project the person may still see, at most so many, by their numbers.

    A few more are looked at first; all the others only when too few of these could be seen.
    """
    rows, first = told.values_list("pk", "project"), wanted + wanted // 4
    latest = list(rows[:first])
    found = seen_of(latest, person)
    if len(latest) == first and len(found) < wanted:
        found += seen_of(list(rows[first:]), person)
    return found[:wanted]


def seen_of(rows: Sequence[tuple[int, int | None]], person: User) -> list[int]:
    seen = seen_among((project for _, project in rows), person)
    return [pk for pk, project in rows if project is None or project in seen]
