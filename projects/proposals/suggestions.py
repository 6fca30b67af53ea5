"""Who could be named beside the actors of a project, and why: found by competence, by commune, in past projects.

Bounded reads, whatever the number of projects and of partners: the latest that share a competence or a commune. A past
project is cited only to whoever sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from cooperation.alphabetical import Alphabetical
from cooperation.french import listed
from partners.directory.models import Partner
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from projects.proposals.places import EPCI, WORDS, Place, who_of
from territories.competences.models import Competence

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Commune

SHOWN = 6
LATEST = 200  # past projects looked at, and partners of the directory
LONGEST = 200  # characters of the name of an actor
ENOUGH = 2  # a commune in common is not enough: every association of the town would be named
WELCOMING = {Partner.Kind.CCAS, Partner.Kind.CIAS, Partner.Kind.PUBLIC_PLACE}
# What a shared competence, a shared commune and a past project weigh.
COMPETENCE, COMMUNE, PAST = 3, 1, 3


@dataclass
class Suggestion:
    """Somebody to name: `who` is the value that the form of an actor takes, `places` what they held before."""

    who: str
    name: str
    reasons: list[str]
    places: tuple[Place, ...] = ()
    weight: int = field(default=0, repr=False)

    @property
    def reason(self) -> str:
        text = " ; ".join(self.reasons)
        return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True)
class Past:
    """A partner as it stood in an earlier project."""

    partner: Partner
    places: tuple[Place, ...]
    reason: str
    weight: int


def suggestions_for(project: Project, user: User) -> list[Suggestion]:
    """At most six, the nearest first; whoever is already named is left out.

    Half of the places are kept for partners: the communes of a large project would take them all.
    """
    actors = list(project.actors.all())
    competences = list(project.competences.all())
    communes = list(project.communes.all())
    if project.scale == Project.Scale.ALL and len(communes) > SHOWN:
        communes = []  # a commune in common tells nothing where all are concerned: everybody would be near
    structures = {who_of(actor) for actor in actors}
    names = {actor.name.casefold() for actor in actors}

    def new(found: Iterable[Suggestion]) -> list[Suggestion]:
        return [one for one in found if one.who not in structures and one.name.casefold() not in names]

    near = new(
        [
            *suggested_intercommunality(project, competences),
            *suggested_communes(communes),
            *suggested_public(project, actors),
        ]
    )
    partners = new(suggested_partners(project, user, competences, communes))
    return [*near[: SHOWN - min(len(partners), SHOWN // 2)], *partners][:SHOWN]


def suggested_intercommunality(project: Project, competences: Sequence[Competence]) -> Iterable[Suggestion]:
    held = [one.label for one in competences if one.category != Competence.Category.MUNICIPAL]
    if held:
        words = f"elle exerce la compétence « {held[0]} »"
        yield Suggestion(EPCI, str(project.intercommunality), [words], (Place.DECIDES,))


def suggested_communes(communes: Sequence[Commune]) -> Iterable[Suggestion]:
    for commune in communes[:SHOWN]:
        yield Suggestion(f"commune:{commune.pk}", commune.name, ["le projet se passe chez elle"], (Place.TOUCHED,))


def suggested_public(project: Project, actors: Sequence[Actor]) -> Iterable[Suggestion]:
    """Those whom the author wrote to be the beneficiaries, as long as nobody is named who uses."""
    name = project.beneficiaries.strip()
    if name and len(name) <= LONGEST and not any(actor.uses for actor in actors):
        yield Suggestion(WORDS, name, ["vous avez écrit que le projet leur bénéficie"], (Place.USES,))


def suggested_partners(
    project: Project, user: User, competences: Sequence[Competence], communes: Sequence[Commune]
) -> list[Suggestion]:
    """Partners of the directory that the project concerns, and those who took part in such projects."""
    found: dict[int, Suggestion] = {}
    for partner in of_the_directory(project, competences, communes):
        found[partner.pk] = described(partner, competences, communes)
    for past in of_past_projects(project, user, competences, communes):
        who = past.partner
        one = found.setdefault(who.pk, Suggestion(f"partner:{who.pk}", who.name, []))
        one.reasons.append(past.reason)
        one.weight += past.weight
        one.places = past.places
    near = [one for one in found.values() if one.weight >= ENOUGH]
    return sorted(near, key=lambda one: (-one.weight, one.name))[:SHOWN]


def of_the_directory(
    project: Project, competences: Sequence[Competence], communes: Sequence[Commune]
) -> Iterable[Partner]:
    listed_here = Partner.objects.listed().filter(intercommunality=project.intercommunality_id)
    by_competence = Partner.competences.through.objects.filter(partner=OuterRef("pk"), competence__in=competences)
    by_commune = Partner.communes.through.objects.filter(partner=OuterRef("pk"), commune__in=communes)
    near = Q(Exists(by_competence)) | (Q(Exists(by_commune)) & Q(kind__in=WELCOMING))
    return (
        listed_here.filter(near)
        .prefetch_related("competences", "communes")
        .order_by(Alphabetical("name"), "pk")[:LATEST]
    )


def described(partner: Partner, competences: Sequence[Competence], communes: Sequence[Commune]) -> Suggestion:
    """A partner of the directory, with what it has in common with the project."""
    said = Suggestion(f"partner:{partner.pk}", partner.name, [])
    if shared := [one.label for one in partner.competences.all() if one in competences]:
        said.reasons.append(f"l’annuaire lui donne la compétence « {shared[0]} »")
        said.weight += COMPETENCE
    if served := [one.name for one in partner.communes.all() if one in communes]:
        said.reasons.append(f"dessert {listed(served, most=3)}")
        said.weight += COMMUNE
    said.weight += COMMUNE * (partner.kind in WELCOMING)
    return said


def of_past_projects(
    project: Project, user: User, competences: Sequence[Competence], communes: Sequence[Commune]
) -> Iterable[Past]:
    """Each partner once, with an adopted project in which it took part: of the same competence, else of a commune."""
    near = [
        (PAST, "même compétence", latest_of(Project.competences.through, project, competence__in=competences)),
        (COMMUNE, "même commune", latest_of(Project.communes.through, project, commune__in=communes)),
    ]
    everything = {pk for _, _, pks in near for pk in pks}
    carried = Project.objects.visible_to(user).carried().filter(pk__in=everything)
    titles = dict(carried.order_by().values_list("pk", "title")) if everything else {}
    # Partners are sorted out below: asked of the database, it would read every actor rather than follow the projects.
    actors = Actor.objects.filter(project__in=titles).order_by().select_related("partner")
    by_project: dict[int, list[Actor]] = defaultdict(list)
    for actor in actors if titles else ():
        by_project[actor.project_id].append(actor)
    told: set[int] = set()
    for weight, what, pks in near:
        for pk in pks:
            for actor in by_project[pk]:
                if actor.partner and not actor.partner.merged_into_id and actor.partner.pk not in told:
                    told.add(actor.partner.pk)
                    yield Past(
                        actor.partner, tuple(actor.places), f"a pris part au projet « {titles[pk]} » ({what})", weight
                    )


def latest_of(through: Any, project: Project, **held: Sequence[object]) -> list[int]:
    """The latest projects tied to one of the things held; none when nothing is held."""
    [things] = held.values()
    links = through.objects.filter(**held).exclude(project=project.pk).order_by("-pk")
    return list(dict.fromkeys(links.values_list("project_id", flat=True)[:LATEST])) if things else []
