"""What is done on the map of actors: place an organisation, link two of them, take a link back, ease a tension."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.actormap.access import require_mapping
from projects.actormap.models import NOT_ITSELF, OrganisationLink, Tension
from projects.actormap.rules import Bond
from projects.proposals.access import steers
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


def why_a_tension_stays(project: Project) -> str:
    """Why a tension of the project is no longer removed, as a sentence; or nothing."""
    if project.submitted_at is not None:
        return "Le projet est déposé : une tension ne s’efface plus, elle se dit apaisée."
    return ""


@transaction.atomic
def weigh(*, actor: Actor, influence: int | None, concern: int | None, by: User) -> Actor:
    """Place an organisation on the grid influence × interest (0 to 4 each)."""
    require_mapping(by, actor.project)
    actor.influence, actor.concern = influence, concern
    actor.full_clean(exclude=["project"])
    actor.save()
    return actor


@transaction.atomic
def link_organisations(
    *, project: Project, source: Actor, target: Actor, kind: str, note: str, by: User
) -> OrganisationLink | Tension:
    """Say what ties an organisation to another one.

    Raises PermissionDenied; ValidationError when it is the same organisation, or when it is said already.
    """
    require_mapping(by, project)
    if {source.project_id, target.project_id} != {project.pk}:
        raise ValidationError("Ces organisations ne sont pas toutes deux des acteurs de ce projet.")
    if source.pk == target.pk:
        raise ValidationError({"target": NOT_ITSELF})
    link = Tension() if kind == Bond.TENSION else OrganisationLink(kind=kind)
    link.intercommunality_id, link.project = project.intercommunality_id, project
    link.source, link.target = source, target
    link.note, link.said_by = note.strip(), by
    link.full_clean()
    link.save()
    return link


@transaction.atomic
def forget_link(*, link: OrganisationLink, by: User) -> None:
    require_mapping(by, link.project)
    link.delete()


@transaction.atomic
def forget_tension(*, tension: Tension, by: User) -> None:
    """Remove a tension without a trace. Raises ValidationError in French once its project is submitted."""
    require_mapping(by, tension.project)
    if fault := why_a_tension_stays(tension.project):
        raise ValidationError(fault)
    tension.delete()


@transaction.atomic
def ease_tension(*, tension: Tension, by: User, on: date) -> Tension:
    """Say that two organisations have made it up: the tension leaves the drawing, its day stays in the table."""
    if not steers(by, tension.project):
        raise PermissionDenied("Seule l’équipe de pilotage du projet parle de ses tensions.")
    held = Tension.objects.select_for_update(of=("self",)).get(pk=tension.pk)
    if held.eased_on is None:
        held.eased_on = on
        held.save()
    return held
