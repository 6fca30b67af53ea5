"""Loading the map of actors of the hardest project, and what the groups of the demo say of their cooperation."""

from __future__ import annotations

from typing import Any

from partners.directory.models import Partner
from partners.people.models import User
from projects.actormap.models import OrganisationLink, Tension
from projects.actormap.rules import Bond
from projects.demo.files import COORDINATOR, DemoData, DemoDataError
from projects.demo.proposals import places_of
from projects.demo.saving import save
from projects.diagnosis.dimensions import Dimension
from projects.diagnosis.models import Assessment, Score
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project


def load_actor_map(data: DemoData, projects: dict[str, Project], partners: dict[str, Partner]) -> None:
    """Place the organisations, those that no sheet names among them, then say what ties them."""
    told = data.diagnosis["actor_map"]
    project = projects[told["project"]]
    sheet = next(one for one in data.projects if one["ref"] == told["project"])
    actors = {actor.name: actor for actor in project.actors.select_related("commune", "partner")}
    for place in told["organisations"]:
        actor = find(list(actors.values()), place) or join(project, place, sheet, partners)
        actor.influence, actor.concern = place["influence"], place["interest"]
        actors[place["organisation"]] = save(actor)
    for link in told["links"]:
        for kind in link["kinds"]:
            write_link(named(actors, link["from"]), named(actors, link["to"]), kind)


def find(actors: list[Actor], place: dict[str, Any]) -> Actor | None:
    """The actor that the sheet of the project names, perhaps otherwise."""
    commune, partner = place.get("commune"), place.get("partner")
    for actor in actors:
        same_commune = actor.commune is not None and actor.commune.insee_code == commune
        same_partner = actor.partner is not None and actor.partner.code == partner
        if actor.name == place["organisation"] or same_commune or same_partner:
            return actor
    return None


def join(project: Project, place: dict[str, Any], sheet: dict[str, Any], partners: dict[str, Partner]) -> Actor:
    """An organisation of the map that joins the actors; one that has nobody to call is shown as lacking a relay."""
    partner = partners.get(place.get("partner", ""))
    relay = partner.relays.first() if partner else None
    told = {"name": place["organisation"]} | ({"partner": place["partner"]} if partner else {})
    return Actor(
        intercommunality=project.intercommunality,
        project=project,
        name=place["organisation"],
        partner=partner,
        relay=relay,
        relay_to_be_found=relay is None,
        position=project.actors.count() + 1,
        **places_of(told, sheet),
    )


def named(actors: dict[str, Actor], name: str) -> Actor:
    if name not in actors:
        raise DemoDataError(f"diagnosis.yaml : « {name} » n’est pas un acteur du projet.")
    return actors[name]


def write_link(source: Actor, target: Actor, kind: str) -> None:
    ends = {"intercommunality": source.intercommunality, "project": source.project, "source": source, "target": target}
    save(Tension(**ends) if kind == Bond.TENSION else OrganisationLink(kind=kind, **ends))


def load_assessments(data: DemoData, users: dict[str, User], projects: dict[str, Project]) -> None:
    """Write what each group gives itself, with the sentences of proof that the specification tells."""
    proofs = {(one["group"], one["dimension"]): one["sentence"] for one in data.diagnosis["evidence"]}
    labels = {one.label: one.value for one in Dimension}
    for told in data.diagnosis["groups"]:
        about = [projects[reference] for reference in told["projects"]]
        assessment = save(
            Assessment(
                intercommunality=about[0].intercommunality,
                group=told["title"],
                assessed_on=data.diagnosis["assessed_on"],
                written_by=users[COORDINATOR],
            )
        )
        assessment.projects.set(about)
        for label, value in told["scores"].items():
            save(
                Score(
                    intercommunality=assessment.intercommunality,
                    assessment=assessment,
                    dimension=labels[label],
                    value=value,
                    evidence=proofs.get((told["code"], label), ""),
                )
            )
