"""What is done: convene the members, call a session off, inform the municipal councillors, note a copy on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.dispatch import Signal
from django.utils import timezone

from cooperation.letters import new_message_id
from partners.governance.models import Body
from projects.ballots.urgency import declare
from projects.convocation import rules
from projects.convocation.models import Envelope, Mailing
from projects.convocation.recipients import Recipient, councillors_of, members_of
from projects.deliberation.access import require_plan
from projects.deliberation.models import Session
from projects.deliberation.planning import cancel_session, require_to_come
from projects.deliberation.rules import Delay, delay_of
from projects.deliberation.services import lock

if TYPE_CHECKING:
    from partners.people.models import User

mailed = Signal()  # all the copies of a mailing are made, in the same transaction; who hears it is not known here
BY_ITSELF = "la plateforme"
ALREADY = "Les membres sont déjà convoqués à cette séance, et rien n’a changé depuis."
# What the municipal councillors receive after a session, by body (CGCT, art. L. 5211-40-2).
OWED = {
    Body.Kind.COUNCIL: (Mailing.Kind.DECISIONS, Mailing.Kind.MINUTES),
    Body.Kind.MAYORS: (Mailing.Kind.OPINIONS,),
}


def about_the_day(session: Session) -> list[Mailing]:
    """Convocations and cancellation, in their order; the last one holds."""
    return list(session.mailings.filter(kind__in=Mailing.ABOUT_THE_DAY).order_by("number"))


def agenda_of(session: Session) -> list[list]:
    return [[pk, title] for pk, title in session.items.values_list("project_id", "project__title")]


@transaction.atomic
def convene(*, session: Session, by: User, now: datetime, urgency: str = "") -> Mailing:
    """Convene everyone who sits that day, and inform the councillors: each copy leaves once; paper is listed."""
    session, today = lock(session, by), timezone.localdate(now)
    agenda, before, members = agenda_of(session), about_the_day(session), members_of(session)
    urgency = _require_convening(session, before, agenda, members, urgency, today)
    mailing = _mail(session, Mailing.Kind.CONVOCATION, by, now, number=len(before), agenda=agenda, urgency=urgency)
    informed = councillors_of(session, members) if session.body.kind == Body.Kind.COUNCIL else []
    _address(mailing, [*members, *informed], now)
    _drop(session, but=mailing, now=now)
    for item in session.items.all() if urgency else ():
        declare(item, reason=urgency, at=now)
    session.state = Session.State.CONVENED
    session.save()
    return mailing


def is_bound(session: Session) -> bool:
    """The five clear days bind this session."""
    return rules.is_bound(is_deciding=session.body.is_deciding, is_second=session.is_second_convocation)


def _require_convening(
    session: Session,
    before: list[Mailing],
    agenda: list[list],
    members: list[Recipient],
    urgency: str,
    today: date,
) -> str:
    """Refuse what cannot be convened, with the reason; returns the reason of the emergency, when there is one."""
    require_to_come(session)
    is_deciding = session.body.is_deciding
    if fault := rules.fault_of_content(len(members), len(agenda), is_deciding=is_deciding):
        raise ValidationError(fault)
    if session.state == Session.State.CONVENED:
        if not before or not rules.change_of_agenda(before[-1].agenda, [pk for pk, _ in agenda]):
            raise ValidationError(ALREADY)
        return ""  # the day was told in time; an item added late has an urgency of its own
    bound = is_bound(session)
    is_short = delay_of(today, session.held_on, is_deciding=bound) == Delay.URGENT
    if fault := rules.fault_of_convening(today, session.held_on, is_deciding=bound, urgency=urgency):
        raise ValidationError({"urgency": fault} if is_short else fault)
    return urgency if is_short else ""


@transaction.atomic
def call_off(*, session: Session, reason: str, by: User, now: datetime) -> Session:
    """Cancel a session; those whom the convocation reached are told, the others never knew."""
    before = about_the_day(lock(session, by))
    cancelled = cancel_session(session=session, reason=reason, by=by)
    _drop(cancelled, but=None, now=now)
    if before:
        last = before[-1]
        mailing = _mail(
            cancelled, Mailing.Kind.CANCELLATION, by, now, number=len(before), agenda=last.agenda, reason=reason.strip()
        )
        _address(mailing, reached_by(before), now)
    return cancelled


def reached_by(mailings: Iterable[Mailing]) -> list[Recipient]:
    """Whom the convocations reached, as far as one knows: mails that left, and every copy on paper."""
    known: dict[tuple[int | None, str], Recipient] = {}
    for one in Envelope.objects.filter(mailing__in=[mailing.pk for mailing in mailings]).select_related("person"):
        if one.sent_at or one.way == Envelope.Way.PAPER:
            known.setdefault(
                (one.person_id, one.name), Recipient(one.name, one.detail, Envelope.Capacity(one.capacity), one.person)
            )
    return list(known.values())


def fault_of_informing(session: Session, kind: str) -> str:
    """Why the councillors cannot receive a document yet, in French; "" when they can."""
    if kind not in OWED.get(Body.Kind(session.body.kind), ()):
        return "Ce document ne concerne pas cette instance."
    if not hasattr(session, "publication"):
        return "Les décisions de cette séance ne sont pas encore publiées."
    settled = hasattr(session, "minutes") and session.minutes.settled_on
    if kind == Mailing.Kind.MINUTES and not settled:
        return "Le procès-verbal n’est pas encore arrêté."
    return ""


@transaction.atomic
def inform(*, session: Session, kind: str, by: User | None, now: datetime) -> Mailing:
    """Send the councillors what they are owed after a session; once. Without a person, the platform does it itself."""
    if by:
        require_plan(by, session)
    session = Session.objects.select_for_update(of=("self",)).select_related("body").get(pk=session.pk)
    if fault := fault_of_informing(session, kind):
        raise ValidationError(fault)
    if session.mailings.filter(kind=kind).exists():
        raise ValidationError("Les conseillers municipaux ont déjà reçu ce document.")
    mailing = _mail(session, Mailing.Kind(kind), by, now, agenda=agenda_of(session))
    _address(mailing, councillors_of(session, members_of(session)), now)
    return mailing


def inform_of_what_is_done(now: datetime) -> int:
    """Send by itself what became ready after the sessions convened here; says how many documents."""
    done = 0
    for kind in (Mailing.Kind.DECISIONS, Mailing.Kind.MINUTES, Mailing.Kind.OPINIONS):
        for session in ready_for(kind):
            inform(session=session, kind=kind, by=None, now=now)
            done += 1
    return done


def ready_for(kind: Mailing.Kind) -> list[Session]:
    """The sessions convened here whose document is ready and was not sent."""
    bodies = [body for body, kinds in OWED.items() if kind in kinds]
    sent = Mailing.objects.filter(session=OuterRef("pk"))
    found = Session.objects.filter(body__kind__in=bodies, publication__isnull=False)
    if kind == Mailing.Kind.MINUTES:
        found = found.filter(minutes__settled_on__isnull=False)
    convened = sent.filter(kind=Mailing.Kind.CONVOCATION)
    return list(found.filter(Exists(convened), ~Exists(sent.filter(kind=kind))).order_by("pk")[:100])


@transaction.atomic
def hand_over_on_paper(*, mailing: Mailing, numbers: Iterable[int], on: date, by: User, today: date) -> int:
    """Note that copies were handed over, and when: it is proof as a mail is. Says how many."""
    require_plan(by, mailing.session)
    waiting = mailing.envelopes.select_for_update(of=("self",)).filter(way=Envelope.Way.PAPER, handed_on=None)
    chosen = list(waiting.filter(pk__in=list(numbers)))
    if not chosen:
        raise ValidationError("Cochez les convocations que vous avez remises.")
    if not timezone.localdate(mailing.made_at) <= on <= today:
        raise ValidationError("Donnez un jour compris entre la convocation et aujourd’hui.")
    for envelope in chosen:
        envelope.handed_on, envelope.handed_by_name = on, str(by)
        envelope.full_clean()
        envelope.save()
    return len(chosen)


@transaction.atomic
def send_again(*, mailing: Mailing, by: User, now: datetime) -> int:
    """Let the copies whose address was refused leave again, once it was put right. Says how many."""
    require_plan(by, mailing.session)
    count = mailing.envelopes.filter(way=Envelope.Way.MAIL, dropped_at=None).ask_again(now)  # type: ignore[attr-defined]
    if not count:
        raise ValidationError("Aucun courriel de cet envoi n’est refusé : il n’y a rien à envoyer de nouveau.")
    return count


def _mail(
    session: Session,
    kind: Mailing.Kind,
    by: User | None,
    now: datetime,
    *,
    agenda: list[list],
    number: int = 0,
    urgency: str = "",
    reason: str = "",
) -> Mailing:
    mailing = Mailing(
        intercommunality_id=session.intercommunality_id,
        session=session,
        kind=kind,
        number=number,
        held_on=session.held_on,
        held_at=session.held_at,
        place=session.place,
        format=session.format,
        agenda=agenda,
        urgency=urgency.strip(),
        reason=reason,
        made_at=now,
        made_by=by,
        made_by_name=str(by or BY_ITSELF),
    )
    mailing.full_clean()
    mailing.save()
    return mailing


def _address(mailing: Mailing, recipients: Iterable[Recipient], now: datetime) -> None:
    """Make the copy of each reader; it is posted after the transaction, by whoever posts letters."""
    Envelope.objects.bulk_create(
        Envelope(
            intercommunality_id=mailing.intercommunality_id,
            mailing=mailing,
            person=one.person,
            name=one.name,
            detail=one.detail,
            capacity=one.capacity,
            way=one.way,
            message_id=new_message_id(),
            made_at=now,
            next_try_at=now,
        )
        for one in recipients
    )
    mailed.send(sender=Mailing, mailing=mailing)


def _drop(session: Session, *, but: Mailing | None, now: datetime) -> None:
    """What was overtaken before it left never leaves."""
    waiting = Envelope.objects.filter(
        mailing__session=session, mailing__kind__in=Mailing.ABOUT_THE_DAY, way=Envelope.Way.MAIL, sent_at=None
    )
    waiting.filter(dropped_at=None).exclude(mailing=but).update(dropped_at=now)
