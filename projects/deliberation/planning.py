"""What may change before a session opens: its day, place and format, who reports an item and for how long; or nothing,
for it is called off.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from cooperation.history import sign
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.services import fault_of_second_convocation, lock, remove_item

if TYPE_CHECKING:
    from partners.people.models import User

# What a convocation tells, and cannot be true without.
TOLD = {"held_on": "la date", "held_at": "l’heure", "place": "le lieu", "format": "le format"}


def require_to_come(session: Session) -> None:
    if not session.is_to_come:
        raise ValidationError(f"Cette séance ne change plus : elle est « {session.get_state_display()} ».")


@transaction.atomic
def change_session(*, session: Session, values: Mapping[str, Any], by: User) -> Session:
    """Move a session; once convened, it must be convened again, and is in preparation until then."""
    session = lock(session, by)
    require_to_come(session)
    before = {name: getattr(session, name) for name in TOLD}
    for name, value in values.items():
        setattr(session, name, value)
    if session.is_second_convocation and (fault := fault_of_second_convocation(session)):
        raise ValidationError({"held_on": fault})
    moved = [said for name, said in TOLD.items() if getattr(session, name) != before[name]]
    if moved and session.state == Session.State.CONVENED:
        session.state = Session.State.PLANNED
        sign(session, because=f"À convoquer de nouveau : {', '.join(moved)}")
    session.full_clean()
    session.save()
    return session


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> Session:
    """Call a session off; its projects go back to instruction, with the reason in their course."""
    session = lock(session, by)
    require_to_come(session)
    if not reason.strip():
        raise ValidationError("Dites pourquoi la séance est annulée.")
    for item in session.items.select_related("project", "session"):
        remove_item(item=item, by=by, reason=f"Séance annulée : {reason.strip()}")
    session.state, session.cancelled_because = Session.State.CANCELLED, reason.strip()
    session.full_clean()
    session.save()
    return session


@transaction.atomic
def write_item(*, item: AgendaItem, values: Mapping[str, Any], by: User) -> AgendaItem:
    """Who reports, for how long, what is asked of the body, the draft that it will read."""
    lock(item.session, by)
    item = AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if Decision.objects.filter(item=item).exists():
        raise ValidationError("La décision sur ce point est proclamée : il ne change plus.")
    for name, value in values.items():
        setattr(item, name, value)
    if item.rapporteur_member:
        item.rapporteur = item.rapporteur_member.full_name
    item.full_clean()
    item.save()
    return item
