"""Tells in words what a print holds: the whole projet de territoire or an extract, and of which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Model

from partners.models import Body
from projects.models import Orientation, Status
from projects.report.choices import Choices
from territories.models import Commune

GONE = "qui n’existe plus"


def tell_selections(prints: Sequence[Choices]) -> list[str]:
    """What each print holds: « Extrait : orientation O1 Des services, projets adoptés ; tel qu’au 31/12/2025 »."""
    orientations = names_of(Orientation, (one.orientation for one in prints))
    communes = names_of(Commune, (one.commune for one in prints))
    bodies = names_of(Body, (one.body for one in prints))
    return [tell_selection(one, orientations, communes, bodies) for one in prints]


def names_of(model: type[Model], keys: Iterable[int | None]) -> Mapping[int, str]:
    wanted = {key for key in keys if key}
    return {one.pk: str(one) for one in model._default_manager.filter(pk__in=wanted)} if wanted else {}


def tell_selection(
    choices: Choices, orientations: Mapping[int, str], communes: Mapping[int, str], bodies: Mapping[int, str]
) -> str:
    chosen = []
    if choices.orientation:
        chosen.append(f"orientation {orientations.get(choices.orientation, GONE)}")
    if choices.commune:
        chosen.append(f"commune {communes.get(choices.commune, GONE)}")
    if choices.body:
        chosen.append(f"projets examinés par : {bodies.get(choices.body, GONE)}")
    if choices.states:
        chosen.append(f"projets dans l’état {' ou '.join(f'« {Status(state).label} »' for state in choices.states)}")
    if choices.query:
        chosen.append("projets filtrés dans la liste")
    told = f"Extrait : {', '.join(chosen)}" if chosen else "Tout le projet de territoire"
    told += ", document public" if choices.is_public else ", document interne"
    return f"{told} ; tel qu’au {choices.day:%d/%m/%Y}" if choices.day else told
