"""How many actors of a project share its objective as it is worded today, among those who may answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef

from cooperation.french import counted
from projects.proposals.actor_models import Actor, Endorsement
from projects.proposals.models import Project


def answer_said(endorses: bool | None, *, has_voice: bool = True, is_over: bool = False) -> str:
    """What an actor answered on the objective, in the words of the buttons by which it answers.

    « Pas encore » is no refusal: nobody is said to have taken a position that was not offered.
    """
    if endorses is None:
        waits = "Sans réponse" if is_over else "Pas encore de réponse"
        return waits if has_voice else "Personne ne peut répondre ici au nom de ce groupe"
    return "Oui" if endorses else "Pas encore"


@dataclass(frozen=True)
class Sharing:
    """Who shares the objective, who may answer, and the groups named in words, in whose name nobody can."""

    sharing: int
    voices: int
    groups: int = 0

    @property
    def words(self) -> str:
        verb = "partage" if self.sharing <= 1 else "partagent"
        return f"{counted(self.sharing, 'acteur')} sur {self.voices} {verb} l’objectif"

    @property
    def sentence(self) -> str:
        """The same read in full, with the groups that nobody speaks for; nothing is counted where nobody may answer."""
        asked = f"Aucun des {self.voices} acteurs" if self.voices > 1 else "Aucun acteur"
        nobody = f"{asked} n’a encore dit qu’il partage l’objectif"
        words = [self.words if self.sharing else nobody] if self.voices else []
        if self.groups:
            have = "n’a" if self.groups == 1 else "n’ont"
            words.append(f"{counted(self.groups, 'groupe')} {have} personne pour répondre ici")
        return f"{' ; '.join(words)}." if words else ""


def shares(actor: Actor, version: int) -> bool:
    """Whether it said so of this version of the objective; its endorsements are already read."""
    return any(one.endorses and one.objective_version == version for one in actor.endorsements.all())


def sharing_of(actors: Iterable[Actor], version: int) -> Sharing:
    """Read from the actors of one project, with their endorsements."""
    known = list(actors)
    voices = [actor for actor in known if actor.has_voice]
    return Sharing(sum(shares(actor, version) for actor in voices), len(voices), len(known) - len(voices))


def sharing_by_project(projects: Collection[Project]) -> dict[int, Sharing]:
    """The same for the rows of a list, in one query."""
    said = Endorsement.objects.filter(
        actor=OuterRef("pk"), endorses=True, objective_version=OuterRef("project__objective_version")
    )
    rows = (
        Actor.objects.filter(Actor.WITH_VOICE, project__in=[project.pk for project in projects])
        .order_by()
        .values(key=F("project"))
        .annotate(voices=Count("pk"), sharing=Count("pk", filter=Exists(said)))
    )
    found = {row["key"]: Sharing(row["sharing"], row["voices"]) for row in rows}
    return {project.pk: found.get(project.pk, Sharing(0, 0)) for project in projects}
