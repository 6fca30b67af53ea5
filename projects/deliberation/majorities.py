"""The majority that the law asks on an item, from the legal cases of its project: proposed and told, never imposed.

The body remains free to vote at another one: whoever holds the session then chooses it with the law in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cooperation.french import counted
from partners.governance.conduct import Majority
from projects.deliberation.models import AgendaItem
from projects.deliberation.rules import is_carried, required_votes, two_thirds
from projects.opinions.legal import refused_by, with_opinions
from projects.opinions.reads import Summary, summary_of
from projects.proposals.legal import legal_cases_of
from territories.competences.legal_case import INTEREST, LegalCase, tied
from territories.competences.rules import Kind

if TYPE_CHECKING:
    from partners.people.models import User

DEFINES_THE_INTEREST = {Kind.INTEREST_TO_DEFINE, Kind.BEYOND_INTEREST}
BASES = (Majority.TWO_THIRDS_CAST, Majority.TWO_THIRDS_MEMBERS)


@dataclass(frozen=True, slots=True)
class Asked:
    """The majority to propose, the reasons in words, and whether the law leaves its base discussed."""

    majority: str
    hints: tuple[str, ...] = ()
    is_discussed: bool = False
    asks_more: bool = False  # than the usual majority of the body


def majority_asked(
    cases: Sequence[LegalCase],
    *,
    usual: str,
    in_office: int,
    epci_kind: str,
    is_council: bool,
    is_deciding: bool,
    opposed: str = "",
) -> Asked:
    """What the legal cases of a project ask of the vote; `usual` is the majority of the body, never lowered.

    The community interest is voted by the conseil at two thirds, of a base that is discussed: the stricter is proposed
    (CGCT, art. L. 5214-16 IV, L. 5216-5 III). `opposed` names the only commune concerned when its council gave an
    unfavourable opinion: two thirds of the members are then needed (art. L. 5211-57).
    """
    members = "deux tiers des membres en exercice"
    if in_office:
        members += f", soit {two_thirds(in_office)} voix pour {counted(in_office, 'membre')}"
    kinds = {case.kind for case in cases}
    hints = []
    is_discussed = is_council and bool(kinds & DEFINES_THE_INTEREST)
    if is_discussed:
        article = f" (CGCT, art. {INTEREST[epci_kind]})" if epci_kind in INTEREST else ""
        hints.append(
            "Si ce vote définit ou revoit l’intérêt communautaire, il se prend à la majorité des deux tiers"
            f"{article}. La base de ce calcul est discutée : deux tiers des suffrages exprimés ou, par prudence, "
            f"{members}."
        )
    if is_deciding and opposed:
        hints.append(
            f"Le conseil municipal ({opposed}) a donné un avis défavorable : si la décision n’a d’effet que pour cette "
            f"commune, il faut les {members} (CGCT, art. L. 5211-57)."
        )
    elif is_deciding and any(case.kind == Kind.ONE_COMMUNE and not case.done for case in cases):
        hints.append(
            "Ce projet concerne une seule commune. Si son conseil municipal a donné un avis défavorable, il faut les "
            f"{members} (CGCT, art. L. 5211-57)."
        )
    asks_more = is_discussed or (is_deciding and bool(opposed))
    majority = Majority.TWO_THIRDS_MEMBERS if asks_more else usual
    return Asked(majority, tuple(map(tied, hints)), is_discussed, asks_more)


def bases_told(*, votes_for: int, votes_against: int, in_office: int) -> list[dict[str, str]]:
    """What a count gives on both bases of the two thirds, since neither is settled (CGCT, art. L. 5214-16 IV)."""
    told = []
    for base in BASES:
        needed = required_votes(base, votes_for=votes_for, votes_against=votes_against, in_office=in_office)
        carried = is_carried(base, votes_for=votes_for, votes_against=votes_against, in_office=in_office)
        told.append({"label": base.label, "value": f"{needed} voix, {'atteints' if carried else 'non atteints'}"})
    return told


@dataclass(frozen=True, slots=True)
class Law:
    """What stands in the file of an item when it is decided: opinions, what the law still asks, the majority."""

    opinions: Summary
    unsettled: list[LegalCase]
    asked: Asked


def law_of(item: AgendaItem, user: User, day: date, in_office: int) -> Law:
    """Read once for an item, in a constant number of queries."""
    project, body = item.project, item.session.body
    opinions = summary_of(project, user, day)
    cases = with_opinions(legal_cases_of(project, day), project, opinions, day)
    asked = majority_asked(
        cases,
        usual=body.conduct_on(item.session.held_on).majority,
        in_office=in_office,
        epci_kind=project.intercommunality.kind,
        is_council=body.is_council,
        is_deciding=body.is_deciding,
        opposed=refused_by(project, opinions, day),
    )
    return Law(opinions, [case for case in cases if case.level != "good"], asked)
