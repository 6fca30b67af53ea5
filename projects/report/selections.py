"""Tells in words what a print holds: the whole projet de territoire or an extract, and of which day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Model

from cooperation.french import with_de
from partners.models import Body
from projects.models import Orientation, Status
from projects.report.choices import Choices
from territories.models import Commune

GONE = "qui n’existe plus"


def tell_selections(prints: Sequence[Choices]) -> list[str]:
    """What each print holds: « Extrait : orientation O1 Des services, document public ; tel qu’au 31/12/2025 »."""
    return [tell_selection(one, chosen) for one, chosen in zip(prints, tell_chosen(prints), strict=True)]


def tell_selection(choices: Choices, chosen: str) -> str:
    told = f"Extrait : {chosen}" if chosen else "Tout le projet de territoire"
    told += ", document public" if choices.is_public else ", document interne"
    return f"{told} ; tel qu’au {choices.day:%d/%m/%Y}" if choices.day else told


def tell_chosen(prints: Sequence[Choices]) -> list[str]:
    """Which projects each print was asked for: « orientation O1 Des services, commune d’Orvelle »; nothing for all."""
    orientations = names_of(Orientation, (one.orientation for one in prints))
    communes = names_of(Commune, (one.commune for one in prints), say=lambda one: with_de(one.name, one.tncc))
    bodies = names_of(Body, (one.body for one in prints))
    return [", ".join(name_chosen(one, orientations, communes, bodies)) for one in prints]


def names_of(model: type[Model], keys: Iterable[int | None], *, say: Callable[[Any], str] = str) -> Mapping[int, str]:
    wanted = {key for key in keys if key}
    return {one.pk: say(one) for one in model._default_manager.filter(pk__in=wanted)} if wanted else {}


def name_chosen(
    choices: Choices, orientations: Mapping[int, str], communes: Mapping[int, str], bodies: Mapping[int, str]
) -> Iterator[str]:
    if choices.orientation:
        yield f"orientation {orientations.get(choices.orientation, GONE)}"
    if choices.commune:
        yield f"commune {communes.get(choices.commune, GONE)}"
    if choices.body:
        yield f"projets examinés par : {bodies.get(choices.body, GONE)}"
    if choices.states:
        yield f"projets dans l’état {' ou '.join(f'« {Status(state).label} »' for state in choices.states)}"
    if choices.query:
        yield "projets filtrés dans la liste"
