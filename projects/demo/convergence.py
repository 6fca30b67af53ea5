"""Loading what the demo says of interests compared."""

from __future__ import annotations

from typing import Any

from projects.convergence.models import InterestLink
from projects.demo.files import DemoData, DemoDataError
from projects.demo.saving import save
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project


def load_convergence(data: DemoData, projects: dict[str, Project]) -> None:
    for told in data.projects:
        project = projects[told["ref"]]
        actors = {actor.name: actor for actor in project.actors.prefetch_related("interests")}
        for link in told.get("interest_links", []):
            write_link(project, [interest_of(actors, name) for name in link["between"]], link)


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
