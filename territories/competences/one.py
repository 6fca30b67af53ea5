"""The page of one competence: what it is in law, how far it goes, what was agreed upon, what hangs on it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from cooperation.french import NBSP, counted, date_fr, number
from territories.competences.legal_case import OBLIGATORY, tied
from territories.competences.models import (
    AgreementPosition,
    Competence,
    Crosswalk,
    ImplementationAgreement,
    NationalCompetence,
)
from territories.competences.story import changes_of, story_of
from territories.places.models import Commune

MAX_PROJECTS = 50
MOST_COUNTED = 1_000  # beyond, nobody reads the exact number
STANCE = AgreementPosition.Stance
TRANSFER = {
    Competence.Category.ADDITIONAL: "les communes l’ont transférée (CGCT, art. L. 5211-17)",
    Competence.Category.OPT_IN: "quelques communes l’ont transférée (CGCT, art. L. 5211-17-2)",
    Competence.Category.UNSTATED: "la base nationale la déclare exercée, sans dire sa catégorie",
    Competence.Category.MUNICIPAL: "elle est restée aux communes",
}


def page_of(competence: Competence, user: Any, day: date) -> dict[str, Any]:
    """Gather the page in a number of queries that does not grow with what hangs on the competence."""
    interests = list(competence.interests.all())
    current = competence.interest_on(day)
    projects = competence.projects.visible_to(user)  # a reverse name: nothing is imported
    latest = projects.newest(MOST_COUNTED + 1)
    return {
        "competence": competence,
        "facts": facts_of(competence, is_defined=current is not None),
        "interests": [{"interest": one, "is_current": one == current} for one in interests],
        "communes": list(competence.communes.all()),
        "codes": codes_of(competence),
        "agreements": agreements_of(competence),
        "may_agree": competence.category == Competence.Category.OBLIGATORY,
        "projects": competence.projects.filter(pk__in=latest[:MAX_PROJECTS]).order_by("-updated_at", "-pk"),
        "project_count": projects_said(len(latest)),
        "story": story_of(competence),
        "changes": changes_of(competence),
    }


def projects_said(count: int) -> str:
    """« 1 projet », « 1 000 projets », « Plus de 1 000 projets »."""
    return f"Plus de {number(MOST_COUNTED)} projets" if count > MOST_COUNTED else counted(count, "projet")


def facts_of(competence: Competence, *, is_defined: bool) -> list[dict[str, Any]]:
    kind, category = competence.intercommunality.kind, competence.category
    if category == Competence.Category.OBLIGATORY:
        article = OBLIGATORY.get(kind)
        reason = f"la loi la confie à l’intercommunalité{f' (CGCT, art. {article})' if article else ''}"
    else:
        reason = TRANSFER[Competence.Category(category)]
    subject, unknown = competence.subject_to_community_interest, category == Competence.Category.UNSTATED
    interest = f"{'défini' if is_defined else 'à définir'} par le conseil communautaire"
    unsaid = "" if unknown else "sans objet"  # a file that tells no category tells nothing of this either
    pairs = [("Catégorie", tied(f"{competence.get_category_display().capitalize()} : {reason}"))]
    if competence.is_exercised:
        shared = competence.shared_with or "oui"
        pairs += [
            ("Exercée depuis le", date_fr(competence.since) if competence.since else ""),
            *([("Exercée jusqu’au", date_fr(competence.ends_on))] if competence.ends_on else []),
            ("Acte", competence.act),
            ("Intérêt communautaire", interest if subject else unsaid),
            ("Partagée avec un autre niveau", shared if competence.is_shared else "" if unknown else "non"),
        ]
    if competence.note:
        pairs.append(("Remarque", competence.note))
    return [{"label": label, "value": value} for label, value in pairs]


def codes_of(competence: Competence) -> list[dict[str, Any]]:
    """The national codes with what they were or became; a declared code that no list knows is shown as such."""
    rows = competence.national.prefetch_related("successors__target", "predecessors__source")
    found = [{"national": row, "other": other_of(row)} for row in rows]
    known = {row.code for row in rows if row.nomenclature == "2025"}
    found += [
        {"national": NationalCompetence(nomenclature="2025", code=code), "other": ""}
        for code in competence.banatic_codes
        if code not in known
    ]
    return sorted(found, key=lambda one: (one["national"].nomenclature, one["national"].code), reverse=True)


def other_of(row: NationalCompetence) -> str:
    """« devient 1505 en 2025 », « sans équivalent en 2025 », « 1502 en 2021 »."""
    after, before = list(row.successors.all()), list(row.predecessors.all())
    if any(one.kind == Crosswalk.Kind.NO_EQUIVALENT for one in after):
        return "sans équivalent en 2025"
    if after:
        codes = ", ".join(one.target.code for one in after if one.target)
        return f"scindé en {codes} en 2025" if len(after) > 1 else f"{codes} en 2025"
    if before:
        split = any(one.kind == Crosswalk.Kind.SPLIT for one in before)
        codes = ", ".join(one.source.code for one in before)
        return f"partie de {codes} en 2021" if split else f"{codes} en 2021"
    return "sans correspondance publiée"


def agreements_of(competence: Competence) -> list[dict[str, Any]]:
    agreements = list(competence.agreements.prefetch_related("positions"))
    communes = list(competence.intercommunality.communes.all()) if agreements else []
    return [agreement_of(agreement, communes) for agreement in agreements]


def agreement_of(agreement: ImplementationAgreement, communes: list[Commune]) -> dict[str, Any]:
    """An agreement with the position of each commune, those that said nothing too, once one of them has spoken."""
    known = {position.commune_id: position for position in agreement.positions.all()}
    rows = [(commune, known.get(commune.pk) or AgreementPosition()) for commune in communes]
    counts = Counter(position.stance for _, position in rows)
    order = (STANCE.AGREES, STANCE.DISCUSSES, STANCE.REFUSES, STANCE.NONE)
    told = [f"{counts[stance]}{NBSP}{stance.label}" for stance in order if counts[stance]]
    spoken = counts[STANCE.NONE] < len(rows)
    return {"agreement": agreement, "rows": rows if spoken else [], "summary": ", ".join(told)}
