"""What a person was told, ready to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projects.notices.models import Notice

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
    return Told(
        unread=list(mine.unread()[:SHOWN]), read=list(mine.exclude(read_at=None)[:SHOWN]), waiting=unread_of(person)
    )


def unread_of(person: User) -> int:
    return Notice.objects.readable_by(person).unread().count()
