"""Who is in the room and who may vote, as pure functions on plain values, each with its article of the CGCT.

The rules of the conseil municipal bind the conseil communautaire through art. L. 5211-1. A member is named here by the
number of their seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from projects.deliberation import rules as count_rules


@dataclass(frozen=True)
class Room:
    """The room at one moment: seats present, powers (giver → holder), who stands aside on the item, and the seats from
    which a substitute sits (seat → the person who does).
    """

    in_office: int
    present: frozenset[int] = frozenset()
    powers: Mapping[int, int] = field(default_factory=dict)
    withdrawn: frozenset[int] = frozenset()
    substitutes: Mapping[int, int] = field(default_factory=dict)


def taking_part(room: Room) -> frozenset[int]:
    """Who sits and may take part: a member interested in the matter has left the room (art. L. 2131-11)."""
    return room.present - room.withdrawn


def has_quorum(room: Room) -> bool:
    """More than half of the members in office take part in person: powers and withdrawn members do not count
    (art. L. 2121-17 and L. 2131-11). It is asked when each item is opened.
    """
    return count_rules.quorum_reached(len(taking_part(room)), room.in_office)


def powers_in_use(room: Room) -> dict[int, int]:
    """The powers that count: the giver is away and not interested, the holder takes part (art. L. 2121-20).

    A power is given to a person: it sleeps while the substitute of the holder sits.
    """
    here = taking_part(room) - room.substitutes.keys()
    return {
        giver: holder
        for giver, holder in room.powers.items()
        if holder in here and giver not in room.present and giver not in room.withdrawn
    }


def entitled(room: Room) -> dict[int, int]:
    """The seats that may vote, each with the seat that votes for it: itself, or the holder of its power."""
    return {seat: seat for seat in taking_part(room)} | powers_in_use(room)


def fault_of_arrival(room: Room, seat: int) -> str:
    """Holder and substitute are never both in the room: one goes out before the other comes in."""
    if seat in room.substitutes:
        return "Sa place est tenue par son suppléant ou sa suppléante : inscrivez d’abord sa sortie."
    return "Cette personne est déjà dans la salle." if seat in room.present else ""


def fault_of_substitution(room: Room, seat: int, *, is_admitted: bool, person: int | None, sits: bool) -> str:
    """The substitute of a seat votes when its holder is away, where the rules of the body admit it (art. L. 5211-6).

    `person` is the substitute named for the seat; `sits` tells that this person holds, or keeps, another seat.
    """
    if not is_admitted:
        return "Les règles de cette instance n’admettent pas de suppléant : seuls les membres titulaires se prononcent."
    if person is None:
        return (
            "Ce siège n’a pas de suppléant ni de suppléante : l’administration les inscrit sur la page de l’instance."
        )
    if seat in room.substitutes:
        return "Cette personne suppléante est déjà dans la salle."
    if seat in room.present:
        return "La personne titulaire est dans la salle : on ne la supplée qu’en son absence (CGCT, art. L. 5211-6)."
    if sits:
        return "Cette personne siège déjà dans cette instance : elle n’y tient pas une seconde place."
    return ""


def fault_of_departure(room: Room, seat: int, voted: Iterable[int] = ()) -> str:
    """A vote that was received stays: whoever voted, or voted for an absent member, leaves after the ballot."""
    if seat not in room.present:
        return "Cette personne n’est pas dans la salle."
    return fault_of_leaving_the_count(room, seat, voted)


def fault_of_leaving_the_count(room: Room, seat: int, voted: Iterable[int]) -> str:
    carried = {giver for giver, holder in room.powers.items() if holder == seat}
    if ({seat} | carried) & set(voted):
        return (
            "Cette personne a déjà voté dans le scrutin ouvert : son vote est acquis. Attendez sa clôture, ou "
            "annulez le scrutin."
        )
    return ""


def fault_of_power(room: Room, giver: int, holder: int) -> str:
    """One written power per holder, given by somebody who is away to somebody who is there (art. L. 2121-20)."""
    if giver == holder:
        return "Personne ne se donne pouvoir à soi-même."
    if giver in room.substitutes:
        return "Son suppléant ou sa suppléante siège à sa place : aucun pouvoir ne s’y ajoute (CGCT, art. L. 5211-6)."
    if giver in room.present:
        return "Cette personne est dans la salle : elle vote elle-même."
    if giver in room.powers:
        return "Cette personne a déjà donné pouvoir : retirez d’abord ce pouvoir."
    if holder not in room.present:
        return "Le pouvoir se donne à un membre présent dans la salle."
    if holder in room.substitutes:
        return "Le pouvoir se donne à un membre titulaire : cette place est tenue par son suppléant ou sa suppléante."
    if holder in room.powers.values():
        return "Ce membre porte déjà un pouvoir : la loi n’en permet qu’un (CGCT, art. L. 2121-20)."
    return ""


def fault_of_withdrawal(room: Room, seat: int, reason: str, voted: Iterable[int] = ()) -> str:
    """Who is interested in the matter stands aside before voting, and the record says why (art. L. 2131-11)."""
    if seat in room.withdrawn:
        return "Cette personne ne prend déjà pas part à ce point."
    if not reason.strip():
        return "Dites pourquoi cette personne ne prend pas part au vote (CGCT, art. L. 2131-11)."
    return fault_of_leaving_the_count(room, seat, voted)


def public_ballot_is_due(asked_by: int, present: int) -> bool:
    """A quarter of the members present obtains a public ballot (art. L. 2121-21)."""
    return present > 0 and 4 * asked_by >= present


def secret_ballot_is_due(asked_by: int, present: int, *, is_appointment: bool = False) -> bool:
    """A third of the members present, or an appointment, makes the ballot secret (art. L. 2121-21)."""
    return is_appointment or (present > 0 and 3 * asked_by >= present)


def fault_of_urgency(*, is_urgent: bool, is_accepted: bool | None) -> str:
    """An item added in an emergency is examined once the body has accepted the urgency (art. L. 2121-12)."""
    if not is_urgent or is_accepted:
        return ""
    if is_accepted is None:
        return (
            "Ce point est inscrit en urgence : l’assemblée se prononce d’abord sur l’urgence (CGCT, art. L. 2121-12)."
        )
    return "L’assemblée n’a pas admis l’urgence : ce point est renvoyé à une séance ultérieure. Ajournez-le."


@dataclass(frozen=True)
class Totals:
    """A count of votes. Blank and null ballots, like abstentions, are not votes cast (art. L. 2121-20)."""

    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    blank_votes: int = 0

    @property
    def given(self) -> int:
        return self.votes_for + self.votes_against + self.abstentions + self.blank_votes


FEW = 3  # ballots in the urn: with fewer, the totals tell who voted what


def told_of_few(voted: int, voters: int) -> str:
    """Why a secret ballot is not closed without a thought, in one sentence; "" once it reveals nobody's vote.

    Of those who are waited for nobody is left once all have voted. The ballot is secret (art. L. 2121-21).
    """
    if not 0 < voted < min(FEW, voters):
        return ""
    if voted == 1:
        return "Un seul vote est dans l’urne : clore maintenant révélerait ce vote."
    return f"{voted} votes seulement sont dans l’urne : clore maintenant révélerait ces votes."


def completed(received: Totals, voters: int) -> Totals:
    """What was received, where whoever was entitled and gave no vote abstains."""
    silent = voters - received.given
    return Totals(
        received.votes_for, received.votes_against, received.abstentions + max(silent, 0), received.blank_votes
    )


def fault_of_totals(typed: Totals, *, voters: int, received: Totals) -> str:
    """Totals typed by hand add up to the voters and wipe out no vote that was received."""
    if fault := count_rules.fault_of_sum(expected=voters, given=typed.given):
        return fault
    for told, name in (("pour", "votes_for"), ("contre", "votes_against"), ("blancs et nuls", "blank_votes")):
        if getattr(typed, name) < getattr(received, name):
            return (
                f"La plateforme a reçu {getattr(received, name)} voix « {told} » : le total ne peut pas être inférieur."
            )
    return ""
