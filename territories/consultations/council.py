"""The vote of the conseil communautaire that a procedure asks for, besides the communes or instead of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cooperation.french import counted
from territories.consultations.majorities import two_thirds_of_cast, two_thirds_of_members
from territories.consultations.procedures import CouncilVote, Procedure


class Standing(Enum):
    """How the vote of the council stands."""

    CARRIED = "adopté"
    LOST = "rejeté"
    DISPUTED = "à trancher"

    @property
    def is_carried(self) -> bool:
        return self is Standing.CARRIED


@dataclass(frozen=True)
class CouncilOutcome:
    standing: Standing
    reasons: tuple[str, ...]


def judge_council(
    procedure: Procedure, *, votes_for: int, votes_against: int, seats: int, is_opinion_unfavourable: bool = False
) -> CouncilOutcome:
    """Count the vote of the council by the majority of the procedure; abstentions are not votes cast.

    `seats` is the legal number of members, the stricter reading of « members ». Raises ValueError on impossible totals.
    """
    if min(votes_for, votes_against, seats) < 0 or votes_for + votes_against > seats:
        raise ValueError(
            f"{votes_for} voix pour et {votes_against} contre ne tiennent pas dans un conseil de "
            f"{counted(seats, 'siège')}."
        )
    of_cast = two_thirds_of_cast(votes_for, votes_against)
    of_members = two_thirds_of_members(votes_for, seats)
    needed = -(-2 * seats // 3)
    members = (
        f"Deux tiers des membres : {votes_for} voix pour {counted(needed, 'demandée')} ({counted(seats, 'siège')})."
    )
    cast = f"Deux tiers des suffrages exprimés : {votes_for} voix sur {counted(votes_for + votes_against, 'exprimée')}."
    match procedure.council:
        case CouncilVote.TWO_THIRDS:
            # The basis is disputed (QE AN n° 68314 against the reading drawn from art. L. 2121-20): both are shown.
            standing = Standing.CARRIED if of_members else Standing.DISPUTED if of_cast else Standing.LOST
            return CouncilOutcome(standing, (members, cast, *DISPUTE.get(standing, ())))
        case CouncilVote.TWO_THIRDS_CAST:
            return CouncilOutcome(carried_if(of_cast), (cast,))
        case CouncilVote.TWO_THIRDS_IF_REFUSED if is_opinion_unfavourable:
            return CouncilOutcome(carried_if(of_members), ("L’avis de la commune est défavorable.", members))
        case CouncilVote.NONE:
            raise ValueError(f"{procedure.label} : cette procédure ne demande pas de vote du conseil communautaire.")
        case _:
            simple = f"Majorité des suffrages exprimés : {votes_for} voix pour, {votes_against} contre."
            return CouncilOutcome(carried_if(votes_for > votes_against), (simple,))


DISPUTE = {
    Standing.DISPUTED: (
        "Adopté sur les suffrages exprimés, mais pas sur l’effectif : la question est discutée, et la personne chargée "
        "des affaires juridiques la tranche par un avis écrit.",
    )
}


def carried_if(condition: bool) -> Standing:
    return Standing.CARRIED if condition else Standing.LOST
