"""What the law and the dates say of a convocation and of the information of the councils: plain values, no rows.

The rules of the conseil municipal bind the conseil communautaire through art. L. 5211-1 of the CGCT.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cooperation.french import counted, date_fr
from projects.deliberation.rules import Delay, delay_of, earliest_meeting, latest_sending
from territories.consultations.deadlines import months_after

AGAIN = (
    "Seconde convocation, faute de quorum : elle se tient trois jours francs au moins après la séance qui l’a manqué "
    "(CGCT, art. L. 2121-17)."
)
ADVISORY = "Cette instance donne un avis : la loi ne fixe pas de délai de convocation."
LIST_WITHIN = 1  # month after the session (art. L. 5211-40-2)


def fault_of_convening(today: date, held_on: date, *, is_deciding: bool, urgency: str) -> str:
    """Why the members may not be convened today for that day, in French; "" when they may (art. L. 2121-12)."""
    delay = delay_of(today, held_on, is_deciding=is_deciding)
    if delay == Delay.URGENT and not urgency.strip():
        return (
            "Il reste moins de cinq jours francs : dites pourquoi la séance ne peut pas attendre. L’assemblée se "
            "prononcera sur l’urgence à l’ouverture (CGCT, art. L. 2121-12)."
        )
    if delay != Delay.BROKEN:
        return ""
    if not is_deciding:
        return "La date de la séance est passée : changez-la avant de convoquer."
    earliest = date_fr(earliest_meeting(today, urgent=True))
    return f"Même en urgence, il faut un jour franc : la séance ne peut pas se tenir avant le {earliest}."


def fault_of_content(members: int, items: int, *, is_deciding: bool) -> str:
    """A convocation goes to members, with its agenda for a body that decides (art. L. 2121-10 and L. 2121-12)."""
    if not members:
        return "Cette instance n’a aucun membre : inscrivez-les d’abord sur la page Instances."
    if is_deciding and not items:
        return "L’ordre du jour est vide : inscrivez au moins un projet avant de convoquer."
    return ""


def is_bound(*, is_deciding: bool, is_second: bool) -> bool:
    """Five clear days bind a body that decides; a second convocation has a delay of its own (art. L. 2121-17)."""
    return is_deciding and not is_second


def said_of_delay(today: date, held_on: date, *, is_deciding: bool, is_second: bool = False) -> str:
    """What the clerk reads before convening."""
    is_deciding = is_bound(is_deciding=is_deciding, is_second=is_second)
    match delay_of(today, held_on, is_deciding=is_deciding):
        case Delay.FREE:
            return AGAIN if is_second else ADVISORY
        case Delay.KEPT:
            return "Convoquée aujourd’hui, la séance respecte les cinq jours francs (CGCT, art. L. 2121-12)."
        case Delay.URGENT:
            return (
                "Convoquée aujourd’hui, la séance a moins de cinq jours francs : elle ne peut l’être qu’en urgence, "
                "avec un motif (CGCT, art. L. 2121-12)."
            )
        case _:
            return fault_of_convening(today, held_on, is_deciding=is_deciding, urgency="")


def late_departures(held_on: date, departures: Iterable[date | None], *, is_deciding: bool, urgent: bool) -> int:
    """How many of the copies that left did so after the last day of the legal delay."""
    if not is_deciding:
        return 0
    kept = {Delay.KEPT, Delay.URGENT} if urgent else {Delay.KEPT}
    return sum(day is not None and delay_of(day, held_on, is_deciding=True) not in kept for day in departures)


def said_of_handing(copies: int, held_on: date, today: date, *, is_deciding: bool, urgent: bool) -> str:
    """How many copies wait to be handed over on paper; and until when, for a body that the clear days bind."""
    waiting = f"{counted(copies, 'convocation')} à remettre en main propre"
    if not is_deciding:
        return waiting
    if today <= (limit := latest_sending(held_on, urgent=urgent)):
        return f"{waiting} le {date_fr(limit)} au plus tard"
    return f"{waiting}, en retard : le délai finissait le {date_fr(limit)}"


@dataclass(frozen=True)
class AgendaChange:
    """What happened to an agenda since it was told."""

    added: Sequence[int]
    removed: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def change_of_agenda(told: Sequence[Sequence], now: Sequence[int]) -> AgendaChange:
    """Compare the agenda of the convocation ([number, title], …) with the projects on it now; order is no change."""
    known = {number for number, _ in told}
    return AgendaChange(
        added=[number for number in now if number not in known],
        removed=[title for number, title in told if number not in set(now)],
    )


class Stage(StrEnum):
    """Where a document owed to the municipal councillors stands."""

    SENT = "sent"
    DUE = "due"
    LATE = "late"
    WAITS = "waits"


def list_due_on(held_on: date) -> date:
    """The last day to send the list of deliberations to the municipal councillors (art. L. 5211-40-2)."""
    return months_after(held_on, LIST_WITHIN)


def stage_of(*, sent_on: date | None, is_ready: bool, due_on: date | None, today: date) -> Stage:
    """Sent; or late, when its day is over; or due, when it is ready; or waiting for what it tells."""
    if sent_on:
        return Stage.SENT
    if due_on and today > due_on:
        return Stage.LATE
    return Stage.DUE if is_ready else Stage.WAITS
