"""What a member does before a session: say what they think of an item, and say it again otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.convocation.access import may_give, member_in
from projects.convocation.opinion_models import MemberOpinion
from projects.convocation.recipients import seat_held_by
from projects.deliberation.models import AgendaItem
from projects.deliberation.services import locked

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def give_opinion(
    *, item: AgendaItem, position: str, words: str, capacity: str, by: User, now: datetime
) -> MemberOpinion:
    """Keep the opinion of a member on the text as it stands; the former one stays, replaced.

    The session is locked: an opinion never comes in once it is open.
    """
    session = locked(item.session)
    item = AgendaItem.objects.select_related("project").get(pk=item.pk)
    item.session = session
    seat = seat_held_by(by, session)
    if seat is None:
        raise PermissionDenied(may_give(by, item, None).reason)
    if not (verdict := may_give(by, item, seat)):
        raise ValidationError(verdict.reason)
    member = member_in(by, seat)
    former = MemberOpinion.objects.standing().filter(session=session, project=item.project, member=member).first()
    opinion = MemberOpinion(
        intercommunality_id=session.intercommunality_id,
        session=session,
        project=item.project,
        member=member,
        capacity=capacity,
        position=position,
        words=words.strip(),
        project_version=item.project.version,
        number=former.number + 1 if former else 1,
        given_at=now,
        given_by=by,
    )
    if former:
        former.replaced_at = now
        former.save()
    opinion.full_clean()
    opinion.save()
    return opinion
