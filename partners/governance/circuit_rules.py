"""Which steps of a circuit concern a project, as pure functions on plain values: no project is known here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices

from cooperation.french import euros


class Birth(TextChoices):
    """Where the projects that a step concerns are born."""

    ANY = "any", "Tous les projets, quelle que soit leur origine"
    POLITICAL = "political", "Seulement ceux nés du débat politique"
    FIELD = "field", "Seulement ceux nés du terrain, des communes, des partenaires ou des habitants"


@dataclass(frozen=True)
class Facts:
    """What the conditions read of a project: its cost in euros HT, its competences, its origin, who pays.

    None is what nobody knows yet: the cost, or whether communes pay.
    """

    amount: Decimal | None = None
    competences: frozenset[int] = frozenset()
    is_political: bool = False
    communes_pay: bool | None = False


@dataclass(frozen=True)
class Step:
    """A step as the rules read it; bodies and competences by their keys, `names` for the sentences."""

    pk: int
    label: str
    is_deciding: bool
    bodies: frozenset[int]
    amount_from: Decimal | None = None
    competences: frozenset[int] = frozenset()
    competence_names: tuple[str, ...] = ()
    birth: str = Birth.ANY
    only_if_communes_pay: bool = False


def why_not_concerned(step: Step, facts: Facts) -> str:
    """Why a project does not pass by a step; "" when it does.

    An unknown amount is held for a large one; communes of which nobody knows whether they pay are heard.
    """
    if step.amount_from is not None and facts.amount is not None and facts.amount < step.amount_from:
        return f"son coût, {euros(facts.amount)} HT, est inférieur à {euros(step.amount_from)} HT"
    if step.competences and not step.competences & facts.competences:
        return f"il ne relève pas de : {', '.join(step.competence_names)}"
    if step.birth == Birth.POLITICAL and not facts.is_political:
        return "il n’est pas né du débat politique"
    if step.birth == Birth.FIELD and facts.is_political:
        return "il est né du débat politique"
    if step.only_if_communes_pay and facts.communes_pay is False:
        return "les communes ne participent pas à son financement"
    return ""


def why_kept(step: Step, facts: Facts) -> str:
    """Why a project passes by a step of which nobody knows yet whether it concerns it; "" when it is known."""
    if step.only_if_communes_pay and facts.communes_pay is None:
        return (
            "Le financement du projet n’est pas encore écrit : cette étape est gardée, car des communes peuvent y "
            "participer."
        )
    return ""


def conditions_of(step: Step) -> list[str]:
    """The conditions of a step in words; none: every project passes by it."""
    found = []
    if step.amount_from is not None:
        found.append(f"à partir de {euros(step.amount_from)} HT")
    if step.competences:
        found.append(f"pour {' ; '.join(step.competence_names)}")
    if step.birth == Birth.POLITICAL:
        found.append("pour les projets nés du débat politique")
    if step.birth == Birth.FIELD:
        found.append("pour les projets qui ne sont pas nés du débat politique")
    if step.only_if_communes_pay:
        found.append("quand des communes participent au financement")
    return found


def faults_of_circuit(steps: list[Step], council: frozenset[int]) -> list[str]:
    """Why a circuit may not be adopted, in French: the conseil decides what nobody else may, so it comes last."""
    if not steps:
        return ["Ce circuit n’a pas d’étape : ajoutez-les dans l’ordre où un projet les franchit."]
    faults = [f"« {step.label} » n’a pas d’instance : choisissez-en une." for step in steps if not step.bodies]
    last = steps[-1]
    if not (last.is_deciding and last.bodies & council) or conditions_of(last):
        faults.append(
            "Un circuit finit par le conseil communautaire, qui décide sans condition : lui seul décide ce qui n’est "
            "pas délégué (CGCT, art. L. 5211-10)."
        )
    return faults
