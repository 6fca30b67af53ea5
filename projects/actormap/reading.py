"""The map of the actors of a project as one person may read it: where each stands, what ties them, in words first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cooperation.drawing.networks import Network, Strand, draw_network
from cooperation.drawing.quadrants import Quadrants, draw_quadrants
from cooperation.french import listed
from projects.actormap.forms import LinkForm, WeightForm
from projects.actormap.models import Between, Tension
from projects.actormap.rules import HIGH_AFTER, MOST, QUARTERS, Bond, Placed
from projects.actormap.services import why_a_tension_stays
from projects.convergence.access import may_facilitate
from projects.proposals.access import steers
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

FAMILIES = {bond: family for family, bond in enumerate(Bond)}
SPELT = 12  # organisations named one by one in a sentence
GRID_HEADERS = ["N°", "Organisation", "Influence", "Intérêt", "Conduite proposée"]


@dataclass(frozen=True)
class Line:
    """A link in the table; a tension has its own acts, and leaves the drawing once it is eased."""

    link: Between
    bond: Bond
    is_tension: bool
    is_eased: bool


def page_of(project: Project, user: User) -> dict[str, Any]:
    """Everything the page shows, in a number of queries that does not grow with the actors nor with the links."""
    actors = list(project.actors.select_related("relay"))
    for actor in actors:
        actor.project = project
    is_steering, maps = steers(user, project), may_facilitate(user, project)
    lines = lines_of(project, with_tensions=is_steering)
    placed = placed_of(actors)
    return {
        "project": project,
        "actors": actors,
        "grid": grid_of(placed),
        "grid_headers": GRID_HEADERS,
        "quadrants": quadrants_of(placed),
        "unplaced": listed([one.name for one in actors if one.influence is None or one.concern is None], most=SPELT),
        "lines": lines,
        "network": network_of(actors, lines),
        "untied": listed(untied(actors, lines), most=SPELT),
        "is_steering": is_steering,
        "maps": maps,
        "why_a_tension_stays": why_a_tension_stays(project),
        "link_form": LinkForm(project=project) if maps else None,
        "is_placing": False,
        "weights": [WeightForm(actor=actor) for actor in actors] if maps else [],
    }


def lines_of(project: Project, *, with_tensions: bool) -> list[Line]:
    """The links that everybody reads, then the tensions for whoever steers, the live ones first."""
    links: list[Between] = list(project.organisationlinks.select_related("source", "target"))
    if with_tensions:
        found = project.tensions.select_related("source", "target")
        tensions = sorted(found, key=lambda tension: tension.eased_on is not None)
        links += tensions
    return [
        Line(link, link.bond, is_tension=isinstance(link, Tension), is_eased=bool(getattr(link, "eased_on", None)))
        for link in links
    ]


def untied(actors: Sequence[Actor], lines: Sequence[Line]) -> list[str]:
    """The organisations of which no link is told yet."""
    tied = {end for line in lines for end in (line.link.source_id, line.link.target_id)}
    return [actor.name for actor in actors if actor.pk not in tied]


def network_of(actors: Sequence[Actor], lines: Sequence[Line]) -> Network | None:
    place = {actor.pk: rank for rank, actor in enumerate(actors)}
    strands = [
        Strand(place[line.link.source_id], place[line.link.target_id], line.bond.label, FAMILIES[line.bond])
        for line in lines
        if not line.is_eased
    ]
    return draw_network([actor.name for actor in actors], strands, title="Liens entre les organisations")


def placed_of(actors: Sequence[Actor]) -> list[Placed]:
    """Organisations placed by influence and interest, the most influential first; nobody is placed by default."""
    placed = [
        Placed(actor.name, actor.influence, actor.concern)
        for actor in actors
        if actor.influence is not None and actor.concern is not None
    ]
    return sorted(placed, key=lambda one: (-one.influence, -one.concern, one.name))


def quadrants_of(placed: Sequence[Placed]) -> Quadrants | None:
    """The grid drawn: interest across, influence upward, and in each quarter how to work with those in it."""
    return draw_quadrants(
        [(one.name, one.concern, one.influence) for one in placed],
        title="Influence et intérêt de chaque organisation",
        across="Intérêt pour le projet",
        upward="Influence sur le projet",
        words=QUARTERS,
        cut=HIGH_AFTER,
    )


def grid_of(placed: Sequence[Placed]) -> list[list[Any]]:
    """The same in figures, with how to work with each."""
    return [
        [number, one.name, f"{one.influence} sur {MOST}", f"{one.concern} sur {MOST}", one.advice]
        for number, one in enumerate(placed, 1)
    ]
