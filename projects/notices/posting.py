"""Letters: put together when the grace is over, written when they leave, kept until the mail server takes them.

How a letter leaves once, and only once, is in `cooperation.letters`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from cooperation.letters import AT_ONCE, Posted, new_message_id, post_each
from projects.notices.kinds import Pace
from projects.notices.listening import still_holds
from projects.notices.models import Letter, Notice
from projects.notices.services import paces_of
from projects.proposals.models import Project


def post(now: datetime) -> Posted:
    """Settle what is due, then send what is ready."""
    settle(now)
    waiting = Letter.objects.select_related("person", "intercommunality")
    return post_each(waiting.due(now), write_what_holds, now)


@transaction.atomic
def settle(now: datetime) -> None:
    """Decide what becomes of each notice whose grace is over: dropped, left in the application, or put in a letter."""
    due = Notice.objects.filter(settled_at=None, due_at__lte=now).order_by("due_at", "pk")
    together: dict[tuple[int, int], list[Notice]] = defaultdict(list)
    for notice in due.select_related("project")[:AT_ONCE]:
        if not still_holds(notice, now):
            Notice.objects.filter(pk=notice.pk, settled_at=None).update(settled_at=now, is_dropped=True)
        elif not is_mailed(notice):
            Notice.objects.filter(pk=notice.pk, settled_at=None).update(settled_at=now)
        else:
            together[notice.person_id, notice.intercommunality_id].append(notice)
    for (person, intercommunality), notices in together.items():
        letter = Letter.objects.create(
            intercommunality_id=intercommunality,
            person_id=person,
            message_id=new_message_id(),
            made_at=now,
            next_try_at=now,
        )
        mine = Notice.objects.filter(pk__in=[one.pk for one in notices], settled_at=None)
        if not mine.update(settled_at=now, letter=letter):
            letter.delete()  # another process took them all


def is_mailed(notice: Notice) -> bool:
    """Whether a mail is wanted about it: not when read already, nor when a letter of its own left."""
    if notice.read_at or notice.what.has_own_letter:
        return False
    return paces_of([notice.person_id], notice.kind)[notice.person_id] != Pace.NEVER


def write_what_holds(letter: Letter, now: datetime) -> EmailMessage | None:
    """Write the letter; one whose notices are all read, or no longer true, goes with them."""
    if notices := worth_telling(letter, now):
        return write(letter, notices)
    with transaction.atomic():
        letter.notices.filter(read_at=None).update(is_dropped=True)
        letter.delete()
    return None


def worth_telling(letter: Letter, now: datetime) -> list[Notice]:
    """What the person has not read, may still see, and still holds, at the moment when the letter leaves."""
    if not letter.person.is_active:
        return []
    unread = letter.notices.readable_by(letter.person).unread()  # type: ignore[attr-defined]
    return [one for one in unread.select_related("project").order_by("happened_at") if still_holds(one, now)]


def write(letter: Letter, notices: Sequence[Notice]) -> EmailMessage:
    """Write the letter: what is told of each project together, each with the one act that it calls for."""
    groups: dict[Project | None, list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.project].append(notice)
    told = {"groups": list(groups.items()), "site": settings.SITE_URL, "intercommunality": letter.intercommunality}
    return EmailMessage(
        subject=subject_of(notices),
        body=render_to_string("projects/emails/notices.txt", told),
        to=[letter.person.email],
        headers={"Message-ID": letter.message_id},
    )


def subject_of(notices: Sequence[Notice]) -> str:
    first = notices[0]
    if len(notices) > 1:
        return f"{len(notices)} nouvelles de vos projets"
    words = f"{first.what.act} : {first.project.title}" if first.project else first.sentence
    return " ".join(words.split())[:150]
