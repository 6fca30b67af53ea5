"""What is done with competences: write them, define their community interest, agree upon how they are carried out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.french import counted
from territories.competences.access import Person, require_manage
from territories.competences.codes import tie_codes
from territories.competences.models import AgreementPosition, CommunityInterest, Competence, ImplementationAgreement
from territories.places.models import Commune


@dataclass(frozen=True, slots=True)
class Position:
    """Where a commune stands, as it was typed."""

    commune: Commune
    stance: str
    stated_on: date | None = None
    act: str = ""


@transaction.atomic
def save_competence(*, competence: Competence, communes: Iterable[Commune], by: Person) -> Competence:
    """Write a competence; `communes` are those concerned when it is à la carte (CGCT, art. L. 5211-17-2)."""
    require_manage(by, competence.intercommunality)
    communes = list(communes) if competence.category == Competence.Category.OPT_IN else []
    refuse_contradictions(competence, communes)
    competence.full_clean()
    competence.save()
    if {commune.pk for commune in communes} != set(competence.communes.values_list("pk", flat=True)):
        competence.communes.set(communes)
    tie_codes(competence)
    return competence


def refuse_contradictions(competence: Competence, communes: list[Commune]) -> None:
    category = competence.category
    if category == Competence.Category.OPT_IN and not communes:
        raise ValidationError({"communes": "Cochez les communes qui ont transféré cette compétence à la carte."})
    if any(commune.intercommunality_id != competence.intercommunality_id for commune in communes):
        raise ValidationError({"communes": "Cette commune n’est pas membre de votre intercommunalité."})
    if category == Competence.Category.MUNICIPAL and competence.subject_to_community_interest:
        raise ValidationError(
            {"subject_to_community_interest": "Une compétence communale n’est pas soumise à l’intérêt communautaire."}
        )
    if category != Competence.Category.OBLIGATORY and competence.pk and competence.agreements.exists():
        raise ValidationError(
            {"category": "Un accord de mise en œuvre porte sur cette compétence : elle reste obligatoire."}
        )


@transaction.atomic
def remove_competence(*, competence: Competence, by: Person) -> None:
    """Remove a competence entered by mistake; one that is no longer exercised gets an end date instead."""
    require_manage(by, competence.intercommunality)
    if reason := why_competence_stays(competence):
        raise ValidationError(reason)
    competence.delete()


def why_competence_stays(competence: Competence) -> str:
    """Why a competence may not be removed, or nothing."""
    if number := competence.projects.count():
        return f"{counted(number, 'projet s’y rattache', 'projets s’y rattachent')} : elle reste inscrite."
    if competence.agreements.exists():
        return "Un accord de mise en œuvre porte sur elle : elle reste inscrite."
    return ""


@transaction.atomic
def record_interest(*, interest: CommunityInterest, by: Person) -> CommunityInterest:
    """Record a definition of the community interest, with the date and the act of the council."""
    require_manage(by, interest.intercommunality)
    if not interest.competence.subject_to_community_interest:
        raise ValidationError("Cette compétence n’est pas soumise à l’intérêt communautaire : modifiez-la d’abord.")
    if interest.decided_on and interest.decided_on > timezone.localdate():
        raise ValidationError({"decided_on": "Cette date est à venir : inscrivez la définition quand elle est votée."})
    interest.full_clean()
    interest.save()
    return interest


@transaction.atomic
def save_agreement(*, agreement: ImplementationAgreement, by: Person) -> ImplementationAgreement:
    """Write what is agreed upon to carry out an obligatory competence."""
    require_manage(by, agreement.intercommunality)
    agreement.full_clean()
    agreement.save()
    return agreement


@transaction.atomic
def state_positions(*, agreement: ImplementationAgreement, positions: Iterable[Position], by: Person) -> int:
    """Write where communes stand on an agreement; return how many changed. What is unchanged leaves no trace."""
    require_manage(by, agreement.intercommunality)
    agreement = ImplementationAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    known = {position.commune_id: position for position in agreement.positions.all()}
    changed = 0
    for told in positions:
        if told.commune.intercommunality_id != agreement.intercommunality_id:
            raise ValidationError(f"{told.commune} n’est pas membre de votre intercommunalité.")
        row = known.get(told.commune.pk) or AgreementPosition(
            intercommunality_id=agreement.intercommunality_id, agreement=agreement, commune=told.commune
        )
        if (row.stance, row.stated_on, row.act) == (told.stance, told.stated_on, told.act):
            continue
        row.stance, row.stated_on, row.act = told.stance, told.stated_on, told.act
        row.full_clean()
        row.save()
        changed += 1
    return changed
