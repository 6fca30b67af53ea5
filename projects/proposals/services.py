"""What is done with a proposal: open it, write it, name its actors, submit it, endorse its objective."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from partners.directory.models import Relay
from partners.people.access import scope_of
from projects.proposals.access import may_speak_for
from projects.proposals.actor_models import Actor, Endorsement, Interest
from projects.proposals.models import ObjectiveVersion, Project, SubmissionDocument
from projects.proposals.places import EPCI
from projects.proposals.states import OVER, Origin
from projects.proposals.suggestions import suggestions_for
from projects.proposals.workflow import workflow
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

SUBMISSIONS = {"submit", "open_politically"}


class Conflict(Exception):
    """Somebody else saved the text meanwhile; carries what is stored now."""

    def __init__(self, stored: Project) -> None:
        self.stored = stored


@transaction.atomic
def open_draft(*, by: User, intercommunality: Intercommunality, political: bool = False) -> Project:
    """Open a draft in the name of the person. Raises `PermissionDenied` without the right to propose."""
    right = "open_political_projects" if political else "submit_projects"
    if not scope_of(by).may(right, intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas de proposer un projet ici.")
    project = Project(
        intercommunality=intercommunality,
        reference=next_reference(intercommunality, timezone.localdate()),
        origin=Origin.POLITICAL if political else Origin.FIELD,
        author=by,
    )
    project.full_clean()
    project.save()
    return project


def next_reference(intercommunality: Intercommunality, today: date) -> str:
    """The next « 2026-007 » of the EPCI; its row is locked, so that two drafts never get the same."""
    Intercommunality.objects.select_for_update().get(pk=intercommunality.pk)
    prefix = f"{today.year}-"
    taken = (
        Project.objects.of(intercommunality).filter(reference__startswith=prefix).values_list("reference", flat=True)
    )
    numbers = [int(number) for reference in taken if (number := reference.removeprefix(prefix)).isdigit()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"


@transaction.atomic
def save_step(*, form: Any, by: User, version: str) -> Project:
    """Save what is valid in the form, even when something else is not: nothing typed is lost.

    Raises `Conflict` when the stored text is newer than the one the person started from.
    """
    project = Project.objects.select_for_update(of=("self",)).get(pk=form.instance.pk)
    if str(project.version) != version:
        raise Conflict(project)
    columns = {field.name for field in Project._meta.get_fields()}
    valid = {name: value for name, value in form.cleaned_data.items() if name in columns - set(form.errors)}
    relations = {field.name for field in Project._meta.many_to_many}
    if valid.get("shared_objective", project.shared_objective) != project.shared_objective:
        ask_endorsements_again(project, valid["shared_objective"], why=form.cleaned_data.get("why") or "", by=by)
    if "competences" in valid and set(valid["competences"]) != set(project.competences.all()):
        project.legal_ground = ""  # it was stated of other competences
    for name, value in valid.items():
        if name not in relations:
            setattr(project, name, value)
    project.version += 1
    project.save()
    for name in relations & valid.keys():
        getattr(project, name).set(valid[name])
    return project


def is_endorsed(project: Project) -> bool:
    """Whether some actor has already answered on the objective as it is worded now."""
    given = Endorsement.objects.filter(actor__project=project, objective_version=project.objective_version)
    return given.exists()


def ask_endorsements_again(project: Project, text: str, *, why: str, by: User) -> None:
    """An endorsement bears on one wording: a new wording is a new version, endorsed by nobody yet, with its reason."""
    if not is_endorsed(project):
        return
    told = {"intercommunality_id": project.intercommunality_id, "written_by": by}
    ObjectiveVersion.objects.get_or_create(
        project=project, number=project.objective_version, defaults=told | {"text": project.shared_objective}
    )
    project.objective_version += 1
    version = ObjectiveVersion(project=project, number=project.objective_version, text=text, reason=why, **told)
    version.full_clean()
    version.save()


@transaction.atomic
def save_actor(*, form: Any, by: User) -> Actor:
    """Save an actor and the interest stated for it, until it speaks for itself."""
    actor = form.save(commit=False)
    if actor.pk is None:
        actor.position = actor.project.actors.count() + 1
    actor.save()
    if form.has_spoken:
        return actor
    said = {name: form.cleaned_data.get(name) or "" for name in ("gives", "fears", "stance")}
    text = (form.cleaned_data.get("interest") or "").strip()
    interest = actor.interests.shared().first() or Interest(intercommunality_id=actor.intercommunality_id, actor=actor)
    if text:
        interest.text = text
        for name, value in said.items():
            setattr(interest, name, value)
        interest.full_clean(exclude=["intercommunality"])
        interest.save()
    elif interest.pk:
        interest.delete()
    return actor


@transaction.atomic
def name_suggested(*, project: Project, who: str, name: str, by: User) -> Actor:
    """Name an actor that is suggested now, with the places it held before and its relay person when there is one.

    Raises `ValidationError` when it is suggested no longer: nothing is named that the person was not shown.
    """
    locked = Project.objects.select_for_update(of=("self",)).select_related("intercommunality").get(pk=project.pk)
    found = next((one for one in suggestions_for(locked, by) if (one.who, one.name) == (who, name)), None)
    if found is None:
        raise ValidationError("Cette suggestion ne tient plus : relisez la liste, ou ajoutez l’acteur vous-même.")
    kind, _, pk = who.partition(":")
    structure = {f"{kind}_id": int(pk)} if pk else {"is_intercommunality": kind == EPCI}
    relays = list(Relay.objects.known().filter(**structure)[:2]) if pk else []
    actor = Actor(
        intercommunality_id=locked.intercommunality_id,
        project=locked,
        name=found.name,
        position=locked.actors.count() + 1,
        relay=relays[0] if len(relays) == 1 else None,  # between two persons, the author chooses
        relay_to_be_found=not relays,
        **structure,
        **{place.value: True for place in found.places},
    )
    actor.full_clean()
    actor.save()
    return actor


@transaction.atomic
def remove_actor(*, actor: Actor, by: User) -> None:
    """Take an actor out of a proposal. Raises `ValidationError` once it has spoken: nobody is silenced that way."""
    if reason := why_it_stays(actor):
        raise ValidationError(reason)
    actor.delete()


def why_it_stays(actor: Actor) -> str:
    """Why an actor cannot be taken out of a proposal, in one sentence; empty when it can."""
    if not actor.has_spoken():
        return ""
    return f"« {actor.name} » s’est exprimé dans ce projet : un acteur qui a parlé n’en sort plus."


@transaction.atomic
def move(*, project: Project, name: str, by: User, reason: str = "") -> Project:
    """Perform a transition; a submission also leaves a dated document in the file."""
    extra = {"submitted_at": timezone.now()} if name in SUBMISSIONS else {}
    moved = workflow.perform(project, name, by=by, reason=reason, **extra)
    if name in SUBMISSIONS:
        document = SubmissionDocument.objects.create(
            intercommunality_id=moved.intercommunality_id, project=moved, submitted_at=moved.submitted_at
        )
        transaction.on_commit(partial(print_submission, document.pk))
    return moved


def print_submission(document_id: int) -> None:
    """Have the worker print the document; printing lives above this room and is named by the settings."""
    import_string(settings.SUBMISSION_PRINTER).enqueue(document_id)


@transaction.atomic
def endorse(*, actor: Actor, endorses: bool, by: User, on: date) -> Endorsement:
    """Say, in the name of an actor, whether it shares the objective as it is worded now."""
    if not may_speak_for(by, actor):
        raise PermissionDenied("Vous ne pouvez pas vous prononcer au nom de cet acteur.")
    project = Project.objects.select_for_update(of=("self",)).get(pk=actor.project_id)
    if not project.shared_objective:
        raise ValidationError("Ce projet n’a pas encore d’objectif partagé : il n’y a rien à approuver.")
    if project.status in OVER:
        state = project.get_status_display()
        raise ValidationError(f"Ce projet est à l’état « {state} » : ce que chacun a dit de l’objectif ne change plus.")
    endorsement, _ = Endorsement.objects.get_or_create(
        actor=actor,
        objective_version=project.objective_version,
        defaults={
            "intercommunality_id": actor.intercommunality_id,
            "endorses": endorses,
            "given_on": on,
            "given_by_name": str(by),
        },
    )
    endorsement.endorses, endorsement.given_by, endorsement.given_by_name = endorses, by, str(by)
    endorsement.given_on = on
    endorsement.save()
    return endorsement
