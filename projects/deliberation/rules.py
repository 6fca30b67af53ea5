"""The rules of a vote as pure functions, each with its article of the CGCT (through art. L. 5211-1 for an EPCI)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from cooperation.french import counted, date_fr
from partners.governance.conduct import Majority

CLEAR_DAYS = 5
URGENT_CLEAR_DAYS = 1
SECOND_CONVOCATION_CLEAR_DAYS = 3


def quorum_reached(present: int, in_office: int) -> bool:
    """More than half of the members in office are present; written powers do not count (art. L. 2121-17)."""
    return 2 * present > in_office


def is_adopted(
    votes_for: int, votes_against: int, *, secret: bool = False, chair_votes_for: bool | None = None
) -> bool:
    """Majority of the votes cast; a tie follows the chair, except in a secret ballot (art. L. 2121-20).

    Abstentions and blank ballots are not votes cast: when nobody votes, nothing is adopted.
    """
    if votes_for == votes_against:
        return votes_for > 0 and not secret and chair_votes_for is True
    return votes_for > votes_against


def two_thirds(base: int) -> int:
    """The votes that two thirds of a base ask for, rounded up: 32 of 48, equality included."""
    return -(-2 * base // 3)


def required_votes(majority: str, *, votes_for: int, votes_against: int, in_office: int) -> int:
    """How many votes for the majority asks: simple (art. L. 2121-20), two thirds of the votes cast, or two thirds of
    the members in office (art. L. 5211-57, when the only commune concerned is unfavourable).
    """
    if majority == Majority.TWO_THIRDS_MEMBERS:
        return two_thirds(in_office)
    cast = votes_for + votes_against
    return two_thirds(cast) if majority == Majority.TWO_THIRDS_CAST else cast // 2 + 1


def is_carried(
    majority: str,
    *,
    votes_for: int,
    votes_against: int,
    in_office: int,
    secret: bool = False,
    chair_votes_for: bool | None = None,
) -> bool:
    """The same question under any majority; the chair's casting vote settles a tie and nothing else.

    Where the rules of the body reject a tie, `chair_votes_for` is None.
    """
    if majority == Majority.SIMPLE:
        return is_adopted(votes_for, votes_against, secret=secret, chair_votes_for=chair_votes_for)
    needed = required_votes(majority, votes_for=votes_for, votes_against=votes_against, in_office=in_office)
    return votes_for >= needed and votes_for > 0


def is_tie(votes_for: int, votes_against: int) -> bool:
    return votes_for == votes_against > 0


def earliest_meeting(sent_on: date, *, urgent: bool = False) -> date:
    """The first day on which a body convened that day may meet (art. L. 2121-12).

    Five clear days lie between, one at least in an emergency: the days of sending and of meeting do not count.
    """
    return sent_on + timedelta(days=(URGENT_CLEAR_DAYS if urgent else CLEAR_DAYS) + 1)


def clear_days_between(sent_on: date, held_on: date) -> int:
    """The clear days between the sending and the meeting: neither of the two days counts."""
    return (held_on - sent_on).days - 1


class Delay(TextChoices):
    """How a convocation stands towards the legal delay of a body that decides (art. L. 2121-12)."""

    KEPT = "kept", "Le délai légal est respecté"
    URGENT = "urgent", "Le délai ne tient qu’en urgence"
    BROKEN = "broken", "Il est trop tard pour convoquer"
    FREE = "free", "Aucun délai légal"


def delay_of(sent_on: date, held_on: date, *, is_deciding: bool) -> Delay:
    """Five clear days; one in an emergency; an advisory body has no legal delay (art. L. 2121-12)."""
    if not is_deciding:
        return Delay.FREE if held_on >= sent_on else Delay.BROKEN
    days = clear_days_between(sent_on, held_on)
    if days >= CLEAR_DAYS:
        return Delay.KEPT
    return Delay.URGENT if days >= URGENT_CLEAR_DAYS else Delay.BROKEN


def latest_sending(held_on: date, *, urgent: bool = False) -> date:
    """The last day on which a convocation leaves in time: six days before the meeting, two in an emergency."""
    return held_on - timedelta(days=(URGENT_CLEAR_DAYS if urgent else CLEAR_DAYS) + 1)


def fault_of_opening(held_on: date, on: date, *, ahead: bool = False) -> str:
    """Why a session is not opened that day: it is held on the day told to its members, and ahead of it only
    when this is said to be meant, for a rehearsal or a demonstration.
    """
    if on >= held_on or ahead:
        return ""
    return (
        f"Cette séance est prévue le {date_fr(held_on)} : pour l’ouvrir avant son jour, dites-le en cochant la case "
        "qui le demande."
    )


def fault_of_remote_ballot(kind: str, *, is_remote: bool) -> str:
    """A body that meets at a distance votes in public only; a secret ballot waits for another session
    (art. L. 5211-11-1).
    """
    if not is_remote or kind == "public":
        return ""
    if kind == "secret":
        return (
            "En visioconférence, le scrutin secret n’est pas possible : ajournez ce point, il sera voté dans une "
            "séance tenue sur place (CGCT, art. L. 5211-11-1)."
        )
    return "En visioconférence, les votes ont lieu au scrutin public (CGCT, art. L. 5211-11-1) : choisissez-le."


def earliest_second_meeting(missed_on: date) -> date:
    """The first day on which a body that lacked its quorum may meet without it: three clear days (art. L. 2121-17)."""
    return missed_on + timedelta(days=SECOND_CONVOCATION_CLEAR_DAYS + 1)


def voters(present: int, powers: int, not_taking_part: int) -> int:
    return present - not_taking_part + powers


def faults_of_presence(*, in_office: int, present: int, powers: int, not_taking_part: int = 0) -> list[str]:
    """What is impossible in a count of the members, in French (art. L. 2121-20: one power per holder)."""
    faults = []
    if present > in_office:
        faults.append(
            f"Il y a {counted(present, 'présent')} pour {counted(in_office, 'membre')} en exercice : corrigez l’un des "
            "deux nombres."
        )
    if powers > present:
        faults.append(
            f"Il y a {counted(powers, 'pouvoir')} pour {counted(present, 'présent')} : "
            "chaque présent en porte un au plus."
        )
    if present + powers > in_office:
        faults.append("Les présents et les pouvoirs réunis dépassent les membres en exercice.")
    if not_taking_part > present:
        faults.append("Il y a plus de membres qui ne prennent pas part au vote que de présents.")
    return faults


@dataclass(frozen=True)
class Count:
    """A count of votes as the rules read it: who may vote, what was written, what is cast."""

    voters: int
    given: int
    cast: int
    is_tie: bool
    is_adopted: bool

    @property
    def adds_up(self) -> bool:
        return self.voters == self.given


def count_of(
    *,
    present: int,
    powers: int,
    not_taking_part: int,
    votes_for: int,
    votes_against: int,
    abstentions: int,
    blank_votes: int,
    secret: bool = False,
    chair_votes_for: bool | None = None,
    majority: str = Majority.SIMPLE,
    in_office: int = 0,
) -> Count:
    """Add up a ballot; abstentions, blank and null ballots are not votes cast (art. L. 2121-20)."""
    return Count(
        voters=voters(present, powers, not_taking_part),
        given=votes_for + votes_against + abstentions + blank_votes,
        cast=votes_for + votes_against,
        is_tie=is_tie(votes_for, votes_against),
        is_adopted=is_carried(
            majority,
            votes_for=votes_for,
            votes_against=votes_against,
            in_office=in_office,
            secret=secret,
            chair_votes_for=chair_votes_for,
        ),
    )


def fault_of_sum(*, expected: int, given: int) -> str:
    if expected == given:
        return ""
    return f"Les voix font un total de {given} pour {counted(expected, 'votant')} : vérifiez le décompte."
