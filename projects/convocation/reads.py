"""What the pages show of a convocation, in a number of queries that does not grow with its readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cooperation.french import counted, date_fr, hour_fr, listed, number
from cooperation.letters import NEVER
from partners.governance.models import Body
from projects.convocation import rules
from projects.convocation.forms import HandedForm
from projects.convocation.models import Envelope, Mailing
from projects.convocation.recipients import Recipient, councillors_of, members_of
from projects.convocation.services import OWED, fault_of_informing, is_bound
from projects.deliberation.models import Session
from projects.deliberation.rules import Delay, delay_of, latest_sending
from territories.places.models import Intercommunality

A_YEAR = timedelta(days=365)  # what the municipal councillors are owed is looked for that far back
BADGES = {
    rules.Stage.SENT: ("good", "Envoyé"),
    rules.Stage.DUE: ("submitted", "À envoyer"),
    rules.Stage.LATE: ("alert", "En retard"),
    rules.Stage.WAITS: ("unknown", "Pas encore prêt"),
}


@dataclass(frozen=True)
class EnvelopeRow:
    """One copy: to whom, how, and when it left."""

    name: str
    detail: str
    capacity: str
    way: str
    when: str
    message_id: str


@dataclass(frozen=True)
class MailingRow:
    """One act of sending, with what it told and the copies that are its proof."""

    mailing: Mailing
    title: str
    told: str
    summary: str
    warnings: Sequence[str]
    envelopes: Sequence[EnvelopeRow]
    refused: str  # what to do about the addresses that are refused; none when there is none
    print_label: str  # of the link to the letters to hand over; none when there is none, or when they hold no more
    handed_form: HandedForm | None  # none when no copy waits to be handed over


@dataclass(frozen=True)
class Owed:
    """A document that the law owes to the municipal councillors."""

    session: Session
    kind: str
    label: str
    badge: str
    badge_label: str
    when: str
    may_send: bool


def said_at(moment: datetime) -> str:
    return f"{date_fr(moment)} à {hour_fr(moment)}"


def page_of(session: Session, today: date) -> dict[str, Any]:
    """The page of the clerk: what is to be done, who is written to, what was sent."""
    mailings = list(session.mailings.prefetch_related("envelopes"))
    days = [one for one in mailings if one.kind in Mailing.ABOUT_THE_DAY]
    last = days[-1] if days else None
    items = list(session.items.values_list("project_id", "project__title"))
    members = members_of(session)
    bound, is_planned = is_bound(session), session.state == Session.State.PLANNED
    delay = delay_of(today, session.held_on, is_deciding=bound)
    return {
        "session": session,
        "hour": hour_fr(session.held_at),
        "delay": said_of_delay(session, today) if is_planned else "",
        "delay_kind": "info" if delay in {Delay.KEPT, Delay.FREE} else "warning",
        "latest": latest_sending(session.held_on) if bound and session.is_to_come else None,
        "is_short": delay == Delay.URGENT and is_planned,
        "refusal_to_convene": refusal_to_convene(session, len(members), len(items), delay, last),
        "again": said_of_changes(session, last, items),
        "is_again": last is not None,
        "members": members,
        "on_paper": [one for one in members if one.way == Envelope.Way.PAPER],
        "informed": councillors_of(session, members) if session.body.kind == Body.Kind.COUNCIL else [],
        "mailings": [row_of(one, last, today, is_deciding=bound) for one in reversed(mailings)],
        "owed": owed_by(session, mailings, today),
        "rows": [recipient_row(one) for one in members],
    }


def said_of_delay(session: Session, today: date) -> str:
    is_deciding, is_second = session.body.is_deciding, session.is_second_convocation
    return rules.said_of_delay(today, session.held_on, is_deciding=is_deciding, is_second=is_second)


def recipient_row(one: Recipient) -> list[str]:
    name = f"{one.name}, {one.detail}" if one.detail else one.name
    return [name, one.capacity.label, one.way.label]


def refusal_to_convene(session: Session, members: int, items: int, delay: Delay, last: Mailing | None) -> str:
    """Why the button is not there, in one sentence."""
    if not session.is_to_come:
        return f"La séance est « {session.get_state_display()} » : on ne convoque plus."
    if fault := rules.fault_of_content(members, items, is_deciding=session.body.is_deciding):
        return fault
    if session.state == Session.State.CONVENED:
        return "" if last and change_since(session, last) else "Rien n’a changé depuis la dernière convocation."
    if delay == Delay.BROKEN:
        return "La date est trop proche pour convoquer : changez la date de la séance."
    return ""


def change_since(session: Session, last: Mailing) -> rules.AgendaChange:
    return rules.change_of_agenda(last.agenda, list(session.items.values_list("project_id", flat=True)))


def said_of_changes(session: Session, last: Mailing | None, items: Sequence[tuple[int, str]]) -> list[str]:
    """What no longer holds in the last convocation, one sentence each."""
    if last is None or not session.is_to_come:
        return []
    said = []
    if last.told != (session.held_on, session.held_at, session.place, session.format):
        said.append(
            f"La date, l’heure, le lieu ou le format a changé depuis la convocation du {date_fr(last.made_at)} : "
            "convoquez de nouveau les membres."
        )
    change, titles = rules.change_of_agenda(last.agenda, [pk for pk, _ in items]), dict(items)
    said += [f"Point ajouté après la convocation : {titles[pk]}." for pk in change.added]
    said += [f"Point retiré après la convocation : {title}." for title in change.removed]
    return said


def row_of(mailing: Mailing, last: Mailing | None, today: date, *, is_deciding: bool) -> MailingRow:
    envelopes = list(mailing.envelopes.all())
    warnings = []
    if mailing == last and mailing.kind == Mailing.Kind.CONVOCATION:
        sitting = [one.left_on for one in envelopes if one.capacity != Envelope.Capacity.COUNCILLOR]
        warnings = say_late(mailing.held_on, sitting, today, is_deciding=is_deciding, urgent=bool(mailing.urgency))
    hour = f" à {hour_fr(mailing.held_at)}" if mailing.held_at else ""
    place = f", {mailing.place}" if mailing.place else ""
    return MailingRow(
        mailing=mailing,
        title=f"{mailing.get_kind_display()}{' (nouvel envoi)' if mailing.number else ''}",
        told=f"{date_fr(mailing.held_on)}{hour}{place}, {mailing.get_format_display()}",
        summary=summary_of(envelopes),
        warnings=warnings,
        envelopes=[envelope_row(one) for one in envelopes],
        refused=said_of_refused(envelopes),
        print_label=said_of_letters(envelopes) if mailing == last else "",
        handed_form=form
        if (form := HandedForm(mailing=mailing, today=today, auto_id=f"envoi{mailing.pk}-%s")).has_any
        else None,
    )


def said_of_refused(envelopes: Iterable[Envelope]) -> str:
    """To whom a mail does not leave, and what to do."""
    names = [one.name for one in envelopes if one.is_refused and not one.dropped_at]
    if not names:
        return ""
    return (
        f"Adresse refusée par le serveur de messagerie : {listed(names)}. Vérifiez-la avec la personne : une fois "
        "l’adresse corrigée, envoyez de nouveau ; d’ici là, prévenez-la autrement."
    )


def said_of_letters(envelopes: Sequence[Envelope]) -> str:
    on_paper = sum(one.way == Envelope.Way.PAPER for one in envelopes)
    if on_paper > 1:
        return f"Imprimer les {number(on_paper)} lettres à remettre (PDF)"
    return "Imprimer la lettre à remettre (PDF)" if on_paper else ""


def say_late(
    held_on: date, departures: Sequence[date | None], today: date, *, is_deciding: bool, urgent: bool
) -> list[str]:
    """What the clerk must know of the copies that have not left, and of those that left too late."""
    said, limit = [], latest_sending(held_on, urgent=urgent)
    if waiting := sum(day is None for day in departures):
        must = "doit l’être" if today <= limit else "devait l’être"
        by_when = f" Chacune {must} le {date_fr(limit)} au plus tard." if is_deciding else ""
        said.append(f"Convocations qui ne sont pas encore parties ou remises : {waiting}.{by_when}")
    if late := rules.late_departures(held_on, departures, is_deciding=is_deciding, urgent=urgent):
        said.append(
            f"Convocations parties ou remises après le délai légal, qui finissait le {date_fr(limit)} : {late}."
        )
    return said


def summary_of(envelopes: Iterable[Envelope]) -> str:
    """« 12 courriels partis sur 13, 35 remises sur papier sur 40 »."""
    mails = [one for one in envelopes if one.way == Envelope.Way.MAIL]
    papers = [one for one in envelopes if one.way == Envelope.Way.PAPER]
    said = []
    if mails:
        sent = sum(one.sent_at is not None for one in mails)
        said.append(f"{counted(sent, 'courriel parti')} sur {len(mails)}")
    if papers:
        handed = sum(one.handed_on is not None for one in papers)
        said.append(f"{counted(handed, 'remise')} sur papier sur {len(papers)}")
    return ", ".join(said) or "Personne à qui l’envoyer"


def envelope_row(one: Envelope) -> EnvelopeRow:
    if one.sent_at:
        when = f"Parti le {said_at(one.sent_at)}"
    elif one.handed_on:
        when = f"Remis le {date_fr(one.handed_on)} par {one.handed_by_name}"
    elif one.dropped_at:
        when = "N’est pas parti : un autre envoi l’a remplacé, ou le compte est fermé"
    elif one.way == Envelope.Way.PAPER:
        when = "À remettre"
    elif one.is_refused:
        when = "N’est pas parti : l’adresse est refusée par son serveur de messagerie"
    else:
        when = "Part dans la minute" if not one.attempts else f"En attente du serveur, déjà essayé {one.attempts} fois"
    return EnvelopeRow(
        name=one.name,
        detail=one.detail,
        capacity=one.get_capacity_display(),
        way=one.get_way_display(),
        when=when,
        message_id=one.message_id if one.sent_at else "",
    )


def owed_by(session: Session, mailings: Iterable[Mailing], today: date) -> list[Owed]:
    """What the municipal councillors are owed after a session, and where each document stands (L. 5211-40-2)."""
    sent = {one.kind: one for one in mailings}
    return [owed_of(session, kind, sent.get(kind), today) for kind in OWED.get(Body.Kind(session.body.kind), ())]


def owed_of(session: Session, kind: Mailing.Kind, mailing: Mailing | None, today: date) -> Owed:
    due_on = rules.list_due_on(session.held_on) if kind == Mailing.Kind.DECISIONS else None
    fault = fault_of_informing(session, kind)
    sent_on = timezone.localdate(mailing.made_at) if mailing else None
    stage = rules.stage_of(sent_on=sent_on, is_ready=not fault, due_on=due_on, today=today)
    if mailing:
        when = f"Le {date_fr(mailing.made_at)} : {summary_of(mailing.envelopes.all()).lower()}"
    else:
        limit = f"Au plus tard le {date_fr(due_on)}" if due_on else "Dès que possible"
        when = f"{limit}. {fault}".strip() if fault else limit
    badge, label = BADGES[stage]
    return Owed(session, kind.value, kind.document, badge, label, when, may_send=not mailing and not fault)


def held_since(epci: Intercommunality, since: date, today: date) -> QuerySet[Session]:
    """The sessions of which the municipal councillors are owed something, held since a day, the latest first."""
    held = Session.objects.filter(intercommunality=epci, body__kind__in=list(OWED), held_on__range=(since, today))
    return held.exclude(state=Session.State.CANCELLED).order_by("-held_on", "body__name", "pk")


def owed_by_all(sessions: QuerySet[Session], today: date) -> list[Owed]:
    """What is owed after each of these sessions, in a number of queries that does not grow with them."""
    held = sessions.select_related("body", "publication", "minutes").prefetch_related("mailings__envelopes")
    return [owed for session in held for owed in owed_by(session, session.mailings.all(), today)]


def late_lists(epci: Intercommunality, today: date) -> int:
    """How many lists of deliberations the municipal councillors have not received in the time of the law."""
    bodies = [kind for kind, owed in OWED.items() if Mailing.Kind.DECISIONS in owed]
    sent = Mailing.objects.filter(session=OuterRef("pk"), kind=Mailing.Kind.DECISIONS)
    unsent = held_since(epci, today - A_YEAR, today).filter(~Exists(sent), body__kind__in=bodies)
    days = [rules.list_due_on(held_on) for held_on in unsent.values_list("held_on", flat=True)]
    stages = [rules.stage_of(sent_on=None, is_ready=False, due_on=day, today=today) for day in days]
    return stages.count(rules.Stage.LATE)


def handing_told(sessions: Sequence[Session], today: date) -> dict[int, str]:
    """What is still to be handed over on paper for these sessions, or to an address that is refused, by their number.

    Read in one query.

    Only the convocation that still holds: another one, or a cancellation, takes the place of those before it.
    """
    after = Mailing.objects.filter(session=OuterRef("session"), number__gt=OuterRef("number"))
    held = Mailing.objects.filter(session__in=sessions, kind=Mailing.Kind.CONVOCATION)
    by_hand = Q(envelopes__way=Envelope.Way.PAPER, envelopes__handed_on=None)
    by_mail = Q(envelopes__way=Envelope.Way.MAIL, envelopes__sent_at=None, envelopes__dropped_at=None)
    waiting = (
        held.filter(~Exists(after.filter(kind__in=Mailing.ABOUT_THE_DAY)))
        .annotate(
            copies=Count("envelopes", filter=by_hand),
            refused=Count("envelopes", filter=by_mail & Q(envelopes__next_try_at=NEVER)),
        )
        .filter(Q(copies__gt=0) | Q(refused__gt=0))
    )
    by_number = {session.pk: session for session in sessions}
    told = {}
    for one in waiting:
        bound, said = is_bound(by_number[one.session_id]), []
        if one.copies:
            said.append(
                rules.said_of_handing(one.copies, one.held_on, today, is_deciding=bound, urgent=bool(one.urgency))
            )
        if one.refused:
            left = "n’est pas partie" if one.refused == 1 else "ne sont pas parties"
            said.append(f"{counted(one.refused, 'convocation')} {left}, à une adresse refusée")
        told[one.session_id] = " ; ".join(said)
    return told
