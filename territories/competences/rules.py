"""In which legal case a project stands, from how its competences stand: pure functions on plain values.

What no rule can see (does the project fall within the community interest? is it the communes' own?) is stated by the
coordinator as a `Ground`; as long as it is not, the case says what has to be settled.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

YEARS_TO_DEFINE = 2  # CGCT, art. L. 5214-16 IV, L. 5216-5 III: after the order that transfers the competence
OWN_TEXTS = "MET69"  # the Métropole de Lyon is not an EPCI (CGCT, art. L. 3611-1)

BLOCKING_MINORITY = frozenset({"CC", "CA"})  # where communes may keep the PLU; elsewhere the law gives it to the EPCI


class Ground(StrEnum):
    """What the coordinator states after reading the project; empty while nothing is stated."""

    UNSTATED = ""
    WITHIN = "within"  # falls within the community interest
    BEYOND = "beyond"  # does not
    MUNICIPAL = "municipal"  # the operation is the communes' own
    OUTSIDE = "outside"  # neither the communes' business nor the EPCI's


class Kind(StrEnum):
    """The legal cases, from the freest to the most closed."""

    EXERCISED = "exercised"
    OPT_IN = "opt_in"
    WHOLE_BY_DEFAULT = "whole_by_default"
    TO_COMPARE = "to_compare"  # with the definition of the community interest
    OPT_IN_TO_CHECK = "opt_in_to_check"
    CATEGORY_TO_STATE = "category_to_state"
    TO_CHOOSE = "to_choose"
    NONE_FITS = "none_fits"
    EXCLUSIVE = "exclusive"
    NOT_YET = "not_yet"
    ONE_COMMUNE = "one_commune"
    COMMUNES_OWN = "communes_own"
    INTEREST_TO_DEFINE = "interest_to_define"
    BEYOND_INTEREST = "beyond_interest"
    OPT_IN_ELSEWHERE = "opt_in_elsewhere"
    TRANSFERABLE = "transferable"
    LOCAL_PLAN = "local_plan"
    OWN_TEXTS = "own_texts"
    OUTSIDE = "outside"


FREE = frozenset({Kind.EXERCISED, Kind.OPT_IN})
FIRST = frozenset(
    {Kind.NOT_YET, Kind.ONE_COMMUNE, Kind.INTEREST_TO_DEFINE, Kind.BEYOND_INTEREST,
     Kind.OPT_IN_ELSEWHERE, Kind.TRANSFERABLE, Kind.LOCAL_PLAN, Kind.OUTSIDE}
)  # fmt: skip
# The consultation or the vote that the case calls for, by the name it bears in the consultations of the communes.
PROCEDURES = {
    Kind.INTEREST_TO_DEFINE: "community-interest",
    Kind.BEYOND_INTEREST: "community-interest",
    Kind.OPT_IN_ELSEWHERE: "a-la-carte",
    Kind.TRANSFERABLE: "transfer",
    Kind.LOCAL_PLAN: "plu-opposition",
    Kind.ONE_COMMUNE: "one-commune",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one competence stands: its category, its dates, its community interest, its communes when à la carte."""

    label: str
    category: str
    since: date | None = None
    ends_on: date | None = None
    subject_to_interest: bool = False
    interest: str = ""  # the definition in force, if any
    communes: frozenset[str] = frozenset()
    is_local_plan: bool = False  # PLU: its transfer is blocked by a minority, not voted by a majority


@dataclass(frozen=True, slots=True)
class Finding:
    """The case found for one competence (or for the project as a whole), with the facts that explain it."""

    kind: Kind
    standing: Standing | None = None
    communes: tuple[str, ...] = ()  # those that the case is about
    deadline: date | None = None


def findings_of(
    *,
    epci_kind: str,
    standings: Sequence[Standing],
    communes: Sequence[str],
    day: date,
    ground: str = Ground.UNSTATED,
    none_fits: bool = False,
    a_commune_owns: bool = False,
) -> list[Finding]:
    """The legal cases of a project on a day, what must be done first at the head; never empty.

    `communes` are the names of those that the project concerns: all when it concerns all, none when nobody said.
    `a_commune_owns` tells that a commune, not the EPCI, is to have the works done (maîtrise d’ouvrage).
    """
    if ground == Ground.OUTSIDE:
        return [Finding(Kind.OUTSIDE)]
    found = [finding_of(standing, epci_kind, communes, day, ground) for standing in standings]
    if a_commune_owns:
        found = [replace(one, kind=Kind.EXCLUSIVE) if one.kind in FREE else one for one in found]
    if not standings:
        found = [Finding(_without_competence(epci_kind, ground, none_fits))]
    if len(communes) == 1 and epci_kind != OWN_TEXTS:
        found.append(Finding(Kind.ONE_COMMUNE, communes=tuple(communes)))  # CGCT, art. L. 5211-57
    return sorted(found, key=lambda finding: (_rank(finding.kind), finding.kind == Kind.ONE_COMMUNE))


def _rank(kind: Kind) -> int:
    return 0 if kind in FIRST else 2 if kind in FREE else 1


def _without_competence(epci_kind: str, ground: str, none_fits: bool) -> Kind:
    if ground == Ground.MUNICIPAL:
        return Kind.OWN_TEXTS if epci_kind == OWN_TEXTS else Kind.COMMUNES_OWN
    return Kind.NONE_FITS if none_fits else Kind.TO_CHOOSE


def finding_of(
    standing: Standing, epci_kind: str, communes: Sequence[str], day: date, ground: str = Ground.UNSTATED
) -> Finding:
    """The case of one competence: when and by whom it is exercised, then how far."""
    if standing.since and day < standing.since and standing.category != "municipal":
        return Finding(Kind.NOT_YET, standing)
    if standing.category == "municipal" or (standing.ends_on and standing.ends_on < day):
        if epci_kind == OWN_TEXTS:
            return Finding(Kind.OWN_TEXTS, standing)
        if ground == Ground.MUNICIPAL:
            return Finding(Kind.COMMUNES_OWN, standing)
        # Loi ALUR, art. 136 II
        blocked = standing.is_local_plan and epci_kind in BLOCKING_MINORITY
        return Finding(Kind.LOCAL_PLAN if blocked else Kind.TRANSFERABLE, standing, tuple(communes))
    if standing.category == "unstated":
        return Finding(Kind.CATEGORY_TO_STATE, standing)
    if standing.category == "opt_in":
        return _opt_in(standing, communes)
    if standing.subject_to_interest:
        return _interest(standing, epci_kind, day, ground)
    # Exclusivity: once transferred, a commune no longer acts in that field on its own.
    return Finding(Kind.EXCLUSIVE if ground == Ground.MUNICIPAL else Kind.EXERCISED, standing)


def _opt_in(standing: Standing, communes: Sequence[str]) -> Finding:
    """Only the communes that transferred it are concerned (CGCT, art. L. 5211-17-2)."""
    if not communes or not standing.communes:
        return Finding(Kind.OPT_IN_TO_CHECK, standing)
    elsewhere = tuple(name for name in communes if name not in standing.communes)
    if elsewhere:
        return Finding(Kind.OPT_IN_ELSEWHERE, standing, elsewhere)
    return Finding(Kind.OPT_IN, standing, tuple(communes))


def _interest(standing: Standing, epci_kind: str, day: date, ground: str) -> Finding:
    """Inside the competence, the line between the EPCI and its communes (CGCT, art. L. 5214-16 IV, L. 5216-5 III)."""
    if epci_kind == OWN_TEXTS:
        return Finding(Kind.OWN_TEXTS, standing)
    if not standing.interest:
        deadline = years_after(standing.since, YEARS_TO_DEFINE) if standing.since else None
        if deadline and deadline < day:
            whole = Kind.EXCLUSIVE if ground == Ground.MUNICIPAL else Kind.WHOLE_BY_DEFAULT
            return Finding(whole, standing, deadline=deadline)
        return Finding(Kind.INTEREST_TO_DEFINE, standing, deadline=deadline)
    kinds = {Ground.WITHIN: Kind.EXERCISED, Ground.BEYOND: Kind.BEYOND_INTEREST, Ground.MUNICIPAL: Kind.COMMUNES_OWN}
    return Finding(kinds.get(Ground(ground), Kind.TO_COMPARE), standing)


def years_after(day: date, years: int) -> date:
    """Date to date; without such a day, the last of the month."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, min(day.day, last))


def two_thirds_of(seats: int) -> int:
    """The votes that make two thirds of the members at least, whatever the number present (CGCT, art. L. 5211-57)."""
    return -(-2 * seats // 3)
