"""From the rows of an EPCI to the plain values that the rules of law reason upon."""

from __future__ import annotations

from datetime import date

from territories.competences.models import Competence, Nomenclature
from territories.competences.rules import Standing

LOCAL_PLAN = {(Nomenclature.Y2021, "4515"), (Nomenclature.Y2025, "5510")}


def standing_of(competence: Competence, day: date) -> Standing:
    """How a competence stands on a day; rows brought along by `with_standing` cost no query."""
    interest = competence.interest_on(day)
    codes = {(one.nomenclature, one.code) for one in competence.national.all()}
    codes |= {(Nomenclature.Y2025, code) for code in competence.banatic_codes}
    return Standing(
        label=competence.label,
        category=competence.category,
        since=competence.since,
        ends_on=competence.ends_on,
        subject_to_interest=competence.subject_to_community_interest,
        interest=interest.text if interest else "",
        communes=frozenset(commune.name for commune in competence.communes.all()),
        is_local_plan=bool(codes & LOCAL_PLAN),
    )
