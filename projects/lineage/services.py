"""What is done between projects: one takes over another, one is copied, one is split; nothing is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.history import sign
from partners.people.access import scope_of
from projects.actormap.models import OrganisationLink
from projects.lineage.models import ProjectLink
from projects.proposals.access import may
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.models import Move, Project
from projects.proposals.places import Place
from projects.proposals.services import next_reference
from projects.proposals.states import BEFORE_ADMISSIBILITY, GIVEN_UP, Origin, Status
from projects.proposals.workflow import workflow

if TYPE_CHECKING:
    from partners.people.models import User

Kind = ProjectLink.Kind
MOST_PARTS = 6
ITSELF = "Un projet ne se regroupe pas avec lui-même : nommez-en un autre."

# What a project tells to everyone who sees it. The opinion of the services, the remarks, what the instruction found,
# the money asked for and the endorsements belong to the first project alone.
COPIED_TEXT = (
    "need", "shared_objective", "service", "beneficiaries", "scale", "communes_text", "no_competence_reason",
    "competence_text", "owner_kind", "owner_name", "resources", "full_time_equivalents", "levers", "indicators",
)  # fmt: skip
COPIED_RELATIONS = ("communes", "competences", "shared_services")
COPIED_ACTOR = ("name", "commune", "partner", "is_intercommunality", "leads", *Place.values, "position")
COPIED_INTEREST = ("text", "gains", "gives", "contribution", "fears", "stance", "strength")


def why_it_cannot_take_over(survivor: Project, absorbed: Project) -> str:
    """Why a project may not take over the other one, as a sentence; or nothing."""
    if survivor.pk == absorbed.pk:
        return ITSELF
    if survivor.intercommunality_id != absorbed.intercommunality_id:
        return "Ces deux projets ne sont pas de la même intercommunalité."
    if survivor.status in (*GIVEN_UP, *BEFORE_ADMISSIBILITY, Status.DRAFT):
        return (
            f"« {survivor} » est à l’état « {survivor.get_status_display()} » : il ne peut pas en reprendre un autre."
        )
    return ""


def newcomers_of(survivor: Project, absorbed: Project) -> list[Actor]:
    """The actors of the absorbed project that the survivor does not know yet: they join it."""
    known = {actor.name.casefold() for actor in survivor.actors.all()}
    return [actor for actor in absorbed.actors.all() if actor.name.casefold() not in known]


@transaction.atomic
def absorb(*, absorbed: Project, survivor: Project, reason: str, by: User, now: datetime) -> ProjectLink:
    """Close a project into another, which goes on: its actors join, both histories and both debates stay readable.

    The text, the territory and the money of the survivor do not change: whoever keeps them writes what is taken over.
    Raises `ValidationError` in French when one of the two may not.
    """
    pks = sorted({absorbed.pk, survivor.pk})  # always the same order: two regroupings never wait for each other
    locked = {one.pk: one for one in Project.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")}
    absorbed, survivor = locked[absorbed.pk], locked[survivor.pk]
    if not may(by, "absorb_project", survivor):
        raise PermissionDenied("Votre rôle ne permet pas de regrouper ces projets.")
    if fault := why_it_cannot_take_over(survivor, absorbed):
        raise ValidationError(fault)
    newcomers = newcomers_of(survivor, absorbed)
    absorbed = workflow.perform(absorbed, "absorb", by=by, reason=reason)
    for actor in newcomers:
        copy_actor(actor, survivor, leads=False, position=survivor.actors.count() + 1)
    copy_links(absorbed, survivor)
    record(survivor, "absorb", f"Reprend le projet {absorbed.reference}", reason, by)
    survivor.save()
    return link(Kind.ABSORBED, origin=absorbed, result=survivor, reason=reason, by=by, now=now)


@transaction.atomic
def copy(*, project: Project, title: str, by: User, now: datetime, reason: str = "") -> Project:
    """Open a draft of one's own from a project that one sees; never an interest kept among actors, never the money."""
    if not Project.objects.visible_to(by).filter(pk=project.pk).exists():
        raise PermissionDenied("Vous ne voyez pas ce projet.")
    if not scope_of(by).may("submit_projects", project.intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas de proposer un projet ici.")
    made = born_from(project, title=title, author=by, status=Status.DRAFT, origin=Origin.FIELD)
    link(Kind.COPIED, origin=project, result=made, reason=reason, by=by, now=now)
    return made


def why_it_cannot_be_split(project: Project) -> str:
    """Why a project may not be split, as a sentence; or nothing."""
    state = f"Ce projet est à l’état « {project.get_status_display()} »"
    if project.status in GIVEN_UP:
        return f"{state} : il ne se divise plus."
    if project.submitted_at is None:
        return f"{state} : il ne se divise pas encore. Cela se fait une fois qu’il est déposé."
    return ""


@transaction.atomic
def split(*, project: Project, titles: Sequence[str], reason: str, by: User, now: datetime) -> list[Project]:
    """Detach parts of a project, one for each title; each goes back to the author of the whole, to be completed.

    The first project goes on as it stands, with its money: nothing says how to share it, and it is never counted twice.
    """
    if not may(by, "split_project", project):
        raise PermissionDenied("Votre rôle ne permet pas de diviser ce projet.")
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    titles = [title.strip() for title in titles if title.strip()]
    if fault := why_it_cannot_be_split(project):
        raise ValidationError(fault)
    if not 1 <= len(titles) <= MOST_PARTS:
        raise ValidationError(f"Écrivez de 1 à {MOST_PARTS} titres, un par ligne.")
    if len({title.casefold() for title in titles}) < len(titles):
        raise ValidationError("Deux parties portent le même titre.")
    if not reason.strip():
        raise ValidationError("Dites pourquoi le projet est divisé.")
    parts = []
    for title in titles:
        part = born_from(
            project,
            title=title,
            author=project.author or by,
            status=Status.TO_COMPLETE,
            origin=project.origin,
            submitted_at=project.submitted_at,
        )
        record(part, "split", f"Détaché du projet {project.reference}", reason, by)
        link(Kind.SPLIT, origin=project, result=part, reason=reason, by=by, now=now)
        parts.append(part)
    names = ", ".join(part.reference for part in parts)
    record(project, "split", f"Divisé : {names}", reason, by)
    project.save()
    return parts


def born_from(project: Project, *, title: str, author: User, status: str, origin: str, **fields: object) -> Project:
    """A new project with what the first one tells everyone: its text, its place, its actors, their shared words."""
    made = Project(
        intercommunality=project.intercommunality,
        reference=next_reference(project.intercommunality, timezone.localdate()),
        title=title,
        author=author,
        status=status,
        origin=origin,
        **{name: getattr(project, name) for name in COPIED_TEXT},
        **fields,
    )
    made.full_clean()
    made.save()
    for name in COPIED_RELATIONS:
        getattr(made, name).set(getattr(project, name).all())
    for actor in project.actors.all():
        taken = copy_actor(actor, made)
        for interest in actor.interests.shared():
            told = {name: getattr(interest, name) for name in COPIED_INTEREST}
            row = Interest(intercommunality_id=made.intercommunality_id, actor=taken, **told)
            row.full_clean()
            row.save()
    copy_links(project, made)
    return made


def copy_actor(actor: Actor, project: Project, **fields: object) -> Actor:
    """The same organisation in another project; who answers for it there is to be asked again."""
    told = {name: getattr(actor, name) for name in COPIED_ACTOR} | fields
    row = Actor(intercommunality_id=project.intercommunality_id, project=project, relay_to_be_found=True, **told)
    row.full_clean()
    row.save()
    return row


def copy_links(project: Project, other: Project) -> None:
    """What ties the same organisations in another project, unless it says so already; a tension goes nowhere else."""
    there = {actor.name.casefold(): actor for actor in other.actors.all()}
    known = set(other.organisationlinks.values_list("source", "target", "kind"))
    for link in project.organisationlinks.select_related("source", "target"):
        source, target = (there.get(end.name.casefold()) for end in (link.source, link.target))
        if source and target and (source.pk, target.pk, link.kind) not in known:
            row = OrganisationLink(
                intercommunality_id=other.intercommunality_id,
                project=other,
                source=source,
                target=target,
                kind=link.kind,
                note=link.note,
                said_by_id=link.said_by_id,
            )
            row.full_clean()
            row.save()


def record(project: Project, name: str, label: str, reason: str, by: User) -> None:
    """Say in the course of a project what happened to it, without a change of state."""
    sign(project, because=f"{label} : {reason}")
    Move.objects.create(
        intercommunality_id=project.intercommunality_id,
        project=project,
        transition=name,
        label=label[:100],
        source=project.status,
        target=project.status,
        reason=reason,
        moved_by=by,
        moved_by_name=str(by),
    )


def link(kind: str, *, origin: Project, result: Project, reason: str, by: User, now: datetime) -> ProjectLink:
    made = ProjectLink(
        intercommunality_id=origin.intercommunality_id,
        kind=kind,
        origin=origin,
        result=result,
        reason=reason.strip(),
        made_at=now,
        made_by=by,
        made_by_name=str(by),
    )
    made.full_clean()
    made.save()
    return made
