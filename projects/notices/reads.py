"""What a person was told, ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projects.notices.models import Notice, seen_among

if TYPE_CHECKING:
    from partners.people.models import User

SHOWN = 50


@dataclass(frozen=True)
class Told:
    """The latest notices, unread first to be seen, and how many there are to read in all."""

    unread: list[Notice]
    read: list[Notice]
    waiting: int


def told_to(person: User) -> Told:
    mine = Notice.objects.readable_by(person).select_related("project", "intercommunality")
    unread = mine.unread()
    return Told(unread=list(unread[:SHOWN]), read=list(mine.exclude(read_at=None)[:SHOWN]), waiting=unread.count())


def unread_of(person: User) -> int:
    """How many are to read: asked by every page, hence in two short queries, and one when there is nothing."""
    unread = Notice.objects.told_to(person).unread()
    told_of = list(unread.order_by().values_list("project", flat=True))
    seen = seen_among(told_of, person)
    return sum(project is None or project in seen for project in told_of)
