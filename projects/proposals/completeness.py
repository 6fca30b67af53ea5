"""What a proposal still lacks before it can be submitted, step by step, in plain French.

The same list draws the ticks of the guided form, explains the refusal of « Déposer » and is tested.
"""

from __future__ import annotations

from dataclasses import dataclass

from cooperation.french import counted
from projects.proposals.models import Move, Project
from projects.proposals.states import Status

MINIMUM_ACTORS = 2


@dataclass(frozen=True)
class Lack:
    """One thing missing: in which step, on which field, and what to do."""

    step: str
    field: str
    sentence: str


def lacks_of(project: Project) -> list[Lack]:
    """List what is missing, in the order of the form (`product.md`, life of a project)."""
    return [*_need(project), *_place(project), *_actors(project)]


def asked_of(project: Project) -> Move | None:
    """The last request for a complement, as long as the project waits for it."""
    if project.status != Status.TO_COMPLETE:
        return None
    return project.moves.filter(target=Status.TO_COMPLETE).order_by("-pk").first()


def _need(project: Project) -> list[Lack]:
    questions = [
        ("title", project.title, "Donnez un titre au projet."),
        ("need", project.need, "Décrivez le constat : que se passe-t-il aujourd’hui, et pour qui ?"),
        (
            "shared_objective",
            project.shared_objective,
            "Énoncez l’objectif partagé : que voulez-vous changer ensemble ?",
        ),
        ("service", project.service, "Nommez le service rendu."),
        ("beneficiaries", project.beneficiaries, "Dites qui en bénéficiera."),
    ]
    return [Lack("need", name, sentence) for name, value, sentence in questions if not value.strip()]


def _place(project: Project) -> list[Lack]:
    found = []
    if not project.scale:
        found.append(Lack("place", "scale", "Indiquez à quelle échelle le projet se joue."))
    if project.scale in {Project.Scale.COMMUNE, Project.Scale.SEVERAL}:
        ticked = project.communes.count()
        if not ticked:
            found.append(Lack("place", "communes", "Cochez les communes concernées."))
        elif ticked > 1 and project.scale == Project.Scale.COMMUNE:
            several = Project.Scale.SEVERAL.label
            sentence = f"Vous avez coché {counted(ticked, 'commune')} : choisissez l’échelle « {several} »."
            found.append(Lack("place", "scale", sentence))
    has_competence, fits_none = project.competences.exists(), bool(project.no_competence_reason.strip())
    if has_competence and fits_none:
        sentence = "Vous avez coché une compétence et écrit pourquoi aucune ne convient : gardez l’un des deux."
        found.append(Lack("place", "competences", sentence))
    if not (has_competence or fits_none):
        found.append(
            Lack("place", "competences", "Choisissez une compétence, ou expliquez pourquoi aucune ne convient.")
        )
    return found


def _actors(project: Project) -> list[Lack]:
    actors = list(project.actors.all())
    found = []
    if len(actors) < MINIMUM_ACTORS:
        found.append(Lack("actors", "actors", "Nommez au moins deux acteurs : un projet se fait à plusieurs."))
    if not any(actor.leads for actor in actors):
        found.append(Lack("actors", "actors", "Dites quel acteur porte le projet."))
    found += [
        Lack(
            "actors", "actors", f"« {actor.name} » n’a pas de personne relais : choisissez-la ou cochez « à trouver »."
        )
        for actor in actors
        if not actor.has_relay and not actor.relay_to_be_found
    ]
    return found
