"""Who reads the opinions of the members, who gives one, and the gate through which a view obtains a mailing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from cooperation.access import Verdict
from partners.people.access import scope_of
from projects.ballots.models import Withdrawal
from projects.convocation.models import Mailing
from projects.convocation.opinion_rules import Moment, fault_of_opinion
from projects.convocation.recipients import seat_held_by
from projects.deliberation.access import may_plan, require_plan
from projects.deliberation.models import AgendaItem, Session

if TYPE_CHECKING:
    from partners.governance.models import ElectedMember, Seat
    from partners.people.models import User

MOMENTS = {Session.State.PLANNED: Moment.BEFORE, Session.State.CONVENED: Moment.OPEN}


def is_told(user: User, session: Session) -> bool:
    """The drafts and the note are read once the members are convened; before, by those who prepare them."""
    return session.state != Session.State.PLANNED or may_plan(user, session)


def reads_member_opinions(user: User, session: Session) -> bool:
    """The members of the body and the coordination; nobody else, and nothing printed for others."""
    if not scope_of(user).may("view_sessions", session.intercommunality_id):
        return False
    return may_plan(user, session) or seat_held_by(user, session) is not None


def member_in(user: User, seat: Seat) -> ElectedMember:
    """The elected person behind the account: the holder of the seat, or its substitute."""
    member = seat.member if seat.member and seat.member.user_id == user.pk else seat.substitute
    assert member is not None  # the seat was found through one or the other
    return member


def may_give(user: User, item: AgendaItem, seat: Seat | None) -> Verdict:
    """Whether the person may give an opinion on the item now, with the reason when not."""
    withdrawn = seat is not None and has_withdrawn(member_in(user, seat), item)
    fault = fault_of_opinion(
        MOMENTS.get(Session.State(item.session.state), Moment.OVER),
        sits=seat is not None,
        has_withdrawn=withdrawn,
        is_decided=hasattr(item, "decision"),
    )
    return Verdict(fault)


def has_withdrawn(member: ElectedMember, item: AgendaItem) -> bool:
    """The member stood aside when this project was examined, here or in any body."""
    return Withdrawal.objects.filter(item__project=item.project_id, seat__member=member).exists()


def get_mailing(user: User, pk: int) -> Mailing:
    """The only way a view obtains a mailing, for those who hold the sessions of its EPCI."""
    readable = Mailing.objects.filter(intercommunality_id__in=scope_of(user).where("view_sessions"))
    mailing = get_object_or_404(readable.select_related("session__body"), pk=pk)
    require_plan(user, mailing.session)
    return mailing
