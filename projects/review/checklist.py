"""The checklist of the instruction: what is done and what remains, read from the file itself. Nobody ticks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from cooperation.french import counted
from projects.funding.services import checks_for, current_plan
from projects.opinions.reads import Summary
from projects.proposals.actor_models import Actor
from projects.proposals.completeness import Lack
from projects.proposals.models import Project
from projects.proposals.places import Identification
from projects.proposals.states import Status
from territories.competences.legal_case import LegalCase
from territories.competences.rules import Kind


@dataclass(frozen=True)
class Point:
    """One thing that an instruction settles: whether it is, in words, and where to go."""

    title: str
    is_done: bool
    said: str
    url: str


@dataclass(frozen=True)
class Checklist:
    points: Sequence[Point]

    @property
    def sentence(self) -> str:
        """How far the instruction is, in a few words."""
        remaining = sum(not point.is_done for point in self.points)
        if not remaining:
            return "Tout est fait."
        return f"Il reste {counted(remaining, 'point')} sur {len(self.points)}."


def checklist_of(
    project: Project,
    *,
    lacks: Sequence[Lack],
    cases: Sequence[LegalCase],
    actors: Sequence[Actor],
    identification: Identification,
    opinions: Summary,
) -> Checklist:
    """What `product.md` asks of the instruction: admissibility, legal case, orientation, funding, actors, opinions."""
    return Checklist(
        [
            completeness(lacks),
            admissibility(project),
            law(cases),
            orientation(project),
            objectives(project),
            places(identification),
            endorsement(project, actors),
            funding(project),
            asked(opinions, cases),
            Point(
                "Avis des services",
                bool(project.recommendation.strip()),
                "" if project.recommendation.strip() else "Il n’est pas encore écrit.",
                "#avis-des-services",
            ),
        ]
    )


def completeness(lacks: Sequence[Lack]) -> Point:
    said = " ".join(lack.sentence for lack in lacks)
    return Point("Proposition complète", not lacks, said, "#recevabilite")


def admissibility(project: Project) -> Point:
    """Not said while a complement is awaited: what comes back is judged again."""
    said = {
        Status.SUBMITTED: "Déclarez le projet recevable, demandez un complément ou refusez-le.",
        Status.TO_COMPLETE: "Un complément est demandé : la recevabilité se dira quand le projet reviendra.",
    }.get(Status(project.status), "")
    return Point("Recevabilité", not said, said, "#recevabilite")


def law(cases: Sequence[LegalCase]) -> Point:
    """Every case lets the project go on, or what had to come first was done."""
    open_cases = [case for case in cases if case.level != "good"]
    return Point("Cas juridique", not open_cases, " ".join(case.first for case in open_cases), "#droit")


def orientation(project: Project) -> Point:
    is_said = project.fits_no_orientation or project.orientation_fits.exists()
    said = "" if is_said else "Sans orientation, ou sans dire pourquoi aucune ne convient, rien ne vient en séance."
    return Point("Orientations du mandat", is_said, said, "#orientations")


def objectives(project: Project) -> Point:
    is_tied = project.objectives.exists()
    said = "" if is_tied else "Le projet n’est rattaché à aucun objectif."
    return Point("Objectif du projet de territoire", is_tied, said, "#avis-des-services")


def places(identification: Identification) -> Point:
    return Point("Places des acteurs", not identification.holes, " ".join(identification.holes), "#acteurs")


def endorsement(project: Project, actors: Sequence[Actor]) -> Point:
    """Whoever may answer on the objective as it is worded today has done so, whatever the answer."""
    voices = [actor for actor in actors if actor.has_voice]
    heard = [
        actor
        for actor in voices
        if any(one.objective_version == project.objective_version for one in actor.endorsements.all())
    ]
    return Point(
        "Réponses des acteurs sur l’objectif",
        len(heard) == len(voices),
        f"{counted(len(heard), 'réponse')} sur {len(voices)}." if voices else "",
        reverse("projects:convergence", args=[project.pk]),
    )


def funding(project: Project) -> Point:
    """A plan that balances and that the law allows, or a service that costs no investment."""
    plan = current_plan(project)
    if plan is None or not plan.cost:
        is_done = plan is not None and plan.operating_lines.exists()
        said = "Seul un fonctionnement est inscrit." if is_done else "Aucun coût n’est inscrit."
    else:
        wrong = [check.sentence for check in checks_for(project, plan) if check.holds is False]
        is_done, said = not wrong, " ".join(wrong)
    return Point("Financement", is_done, said, reverse("projects:money", args=[project.pk]))


def asked(opinions: Summary, cases: Sequence[LegalCase]) -> Point:
    """Nothing is awaited any more, and what the law wants to be asked first has been."""
    is_owed = any(case.kind == Kind.ONE_COMMUNE and not case.done for case in cases)
    if is_owed and not opinions.awaited:
        said = "L’avis de la commune concernée reste à demander."
    else:
        said = opinions.sentence or "Aucun avis n’est attendu."
    return Point("Avis demandés", not (opinions.awaited or is_owed), said, "#avis")
