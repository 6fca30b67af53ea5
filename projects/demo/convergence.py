"""Loading what the demo says of interests compared, and the grid of actors of its hardest project."""

from __future__ import annotations

from typing import Any

from partners.directory.models import Partner
from projects.convergence.models import InterestLink
from projects.demo.files import DemoData, DemoDataError
from projects.demo.saving import save
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project


def load_convergence(data: DemoData, projects: dict[str, Project], partners: dict[str, Partner]) -> None:
    for told in data.projects:
        project = projects[told["ref"]]
        actors = {actor.name: actor for actor in project.actors.prefetch_related("interests")}
        for link in told.get("interest_links", []):
            write_link(project, [interest_of(actors, name) for name in link["between"]], link)
    grid = data.diagnosis["actor_map"]
    for place in grid["organisations"]:
        write_place(projects[grid["project"]], place, partners)


def interest_of(actors: dict[str, Actor], name: str) -> Any:
    if name not in actors or not actors[name].interests.all():
        raise DemoDataError(f"« {name} » ne dit aucun intérêt dans ce projet du jeu de démonstration.")
    return actors[name].interests.all()[0]


def write_link(project: Project, pair: list[Any], link: dict[str, Any]) -> None:
    first, second = sorted(pair, key=lambda interest: interest.pk)
    save(
        InterestLink(
            intercommunality=project.intercommunality,
            project=project,
            first=first,
            second=second,
            kind=link["kind"],
            note=link.get("note", ""),
        )
    )


def write_place(project: Project, place: dict[str, Any], partners: dict[str, Partner]) -> None:
    """Place an organisation that takes part in the project; the others are not actors of it."""
    for actor in project.actors.select_related("commune"):
        same = actor.name == place["organisation"]
        same = same or bool(actor.commune and actor.commune.insee_code == place.get("commune"))
        same = same or bool(
            actor.partner_id and actor.partner_id == getattr(partners.get(place.get("partner")), "pk", 0)
        )
        if same:
            actor.influence, actor.concern = place["influence"], place["interest"]
            save(actor)
