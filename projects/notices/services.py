"""What is done with notices: tell, read, choose the pace of one's mails, forget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.notices.access import looked_after_by
from projects.notices.kinds import KINDS, Pace, due_at
from projects.notices.models import Letter, Notice, NoticePace

if TYPE_CHECKING:
    from partners.people.models import User
    from projects.proposals.models import Project

KEPT = timedelta(days=180)  # a notice is not an archive: what it told of is
_is_silent: ContextVar[bool] = ContextVar("nobody_is_told", default=False)


@transaction.atomic
def send_again(*, person_id: int, by: User, now: datetime) -> int:
    """Let the letters of a person leave again, once an address that was refused is put right. Says how many.

    Raises `ValidationError` where none of those that `by` may look after is refused.
    """
    count = Letter.objects.filter(person=person_id).filter(looked_after_by(by)).ask_again(now)
    if not count:
        raise ValidationError("Aucun courriel de cette personne n’est refusé : il n’y a rien à envoyer de nouveau.")
    return count


@contextmanager
def silence() -> Iterator[None]:
    """Tell nobody of what happens in the block: a past that is being written down is no news."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


@transaction.atomic
def tell(
    kind: str,
    people: Iterable[User],
    *,
    fact: str,
    address: str,
    intercommunality_id: int,
    now: datetime,
    by: User | None = None,
    project: Project | None = None,
    detail: str = "",
) -> None:
    """Write down that a fact happened, for each of the people but the one who did it; never twice for one fact."""
    if _is_silent.get():
        return
    told = {person.pk: person for person in people if person.is_active and person != by}
    paces = paces_of(told, kind)
    Notice.objects.bulk_create(
        [
            Notice(
                intercommunality_id=intercommunality_id,
                person=person,
                project=project,
                kind=kind,
                fact=fact,
                detail=detail[:200],
                address=address,
                happened_at=now,
                due_at=due_at(paces[person.pk], timezone.localtime(now)),
            )
            for person in told.values()
        ],
        ignore_conflicts=True,
    )


def paces_of(people: Iterable[int], kind: str) -> dict[int, Pace]:
    """The pace that each person chose for a kind, or the one that comes by itself."""
    chosen = dict(NoticePace.objects.filter(person__in=people, kind=kind).values_list("person", "pace"))
    return {pk: Pace(chosen.get(pk, KINDS[kind].pace)) for pk in people}


@transaction.atomic
def mark_read(*, notice: Notice, now: datetime) -> None:
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=now)


@transaction.atomic
def mark_all_read(*, by: User, now: datetime) -> int:
    """Mark what the person can read as read; returns how many there were."""
    return Notice.objects.readable_by(by).unread().update(read_at=now)


@transaction.atomic
def choose_paces(*, by: User, paces: Mapping[str, Pace]) -> None:
    """Keep the pace that the person chose for each kind."""
    for kind, pace in paces.items():
        NoticePace.objects.update_or_create(person=by, kind=KINDS[kind].code, defaults={"pace": Pace(pace)})


@transaction.atomic
def forget(now: datetime) -> int:
    """Let go of what was told half a year ago; returns how many notices went."""
    old = now - KEPT
    gone, _ = Notice.objects.filter(happened_at__lt=old).exclude(settled_at=None).delete()
    Letter.objects.filter(made_at__lt=old, notices=None).delete()
    return gone
