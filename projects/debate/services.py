"""What is done in a debate: speak, correct, thank, hide with a reason, gather the file of the élus, add documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Sum

from cooperation.access import require
from projects.debate.access import may_add_documents, may_contribute, may_correct, may_moderate, voices_of
from projects.debate.inspection import Kind, RefusedFile, inspect
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.debate.rules import is_slip, refusal_of_quota
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from territories.places.models import Commune

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def contribute(
    *,
    project: Project,
    by: User,
    organisation: str,
    kind: str,
    text: str,
    now: datetime,
    parent: Contribution | None = None,
    service: str = "",
    commune: Commune | None = None,
    public: str = "",
    mentions: Iterable[Actor] = (),
) -> Contribution:
    """Speak on a project in the name of an organisation; the names are frozen as they are today."""
    require(may_contribute(by, project))
    if organisation not in voices_of(by, project):
        raise PermissionDenied("Vous ne représentez pas cette organisation.")
    if parent is not None and parent.is_hidden:
        raise ValidationError("Cette contribution est masquée : on n’y répond plus.")
    cited = list(mentions)
    if any(actor.project_id != project.pk for actor in cited):
        raise ValidationError("On ne cite que les acteurs de ce projet.")
    contribution = Contribution(
        intercommunality_id=project.intercommunality_id,
        project=project,
        parent=parent,
        kind=kind,
        text=text.strip(),
        author=by,
        author_name=str(by),
        organisation=organisation,
        service=service,
        commune=commune,
        public=public,
        written_at=now,
    )
    contribution.full_clean()
    contribution.save()
    contribution.mentions.set(cited)
    return contribution


def lock(contribution: Contribution) -> Contribution:
    return Contribution.objects.select_for_update(of=("self",)).get(pk=contribution.pk)


@transaction.atomic
def correct(
    *,
    contribution: Contribution,
    by: User,
    now: datetime,
    text: str,
    service: str,
    commune: Commune | None,
    public: str,
) -> Contribution:
    """Correct one's own words: in the first half hour they are replaced, afterwards the former ones stay readable."""
    found = lock(contribution)
    if not may_correct(by, found):
        raise PermissionDenied("Seule la personne qui a écrit peut corriger, tant que le texte est visible.")
    said = {"text": text.strip(), "service": service, "commune": commune, "public": public}
    if all(getattr(found, name) == value for name, value in said.items()):
        return found
    for name, value in said.items():
        setattr(found, name, value)
    if not is_slip(found.written_at, now):
        found.version += 1
        found.corrected_at = now
    found.full_clean()
    found.save()
    return found


@transaction.atomic
def thank(*, contribution: Contribution, by: User) -> bool:
    """Thank, or take one's thanks back; returns whether the person now thanks."""
    if contribution.is_written_by(by):
        raise ValidationError("On ne se remercie pas soi-même.")
    if contribution.is_hidden:
        raise ValidationError("Cette contribution est masquée.")
    thanks, created = Thanks.objects.get_or_create(
        contribution=contribution, person=by, defaults={"intercommunality_id": contribution.intercommunality_id}
    )
    if not created:
        thanks.delete()
    return created


def check_moderator(contribution: Contribution, by: User) -> None:
    if not may_moderate(by, contribution.project):
        raise PermissionDenied("La coordination seule modère le débat.")


@transaction.atomic
def hide(*, contribution: Contribution, by: User, reason: str, now: datetime) -> Contribution:
    """Hide a contribution: the reason stays readable in its place, and it leaves the file of the élus."""
    found = lock(contribution)
    check_moderator(found, by)
    if found.is_hidden:
        raise ValidationError("Cette contribution est déjà masquée.")
    if not reason.strip():
        raise ValidationError({"reason": "Écrivez le motif : il reste lisible à la place du texte."})
    found.hidden_at, found.hidden_reason, found.hidden_by_name = now, reason.strip(), str(by)
    found.file_position = None
    found.full_clean()
    found.save()
    return found


@transaction.atomic
def show(*, contribution: Contribution, by: User) -> Contribution:
    """Show again what was hidden; the history keeps both acts."""
    found = lock(contribution)
    check_moderator(found, by)
    found.hidden_at, found.hidden_reason, found.hidden_by_name = None, "", ""
    found.full_clean()
    found.save()
    return found


def file_of(project: Project) -> list[Contribution]:
    """The testimonies put into the file of the élus, in the order chosen."""
    chosen = project.contributions.filter(file_position__isnull=False).select_related("commune")
    return list(chosen.order_by("file_position", "pk"))


@transaction.atomic
def put_into_file(*, contribution: Contribution, by: User) -> None:
    """Put a testimony at the end of the file of the élus."""
    check_moderator(contribution, by)
    Project.objects.select_for_update(of=("self",)).get(pk=contribution.project_id)
    found = lock(contribution)
    if found.kind != Contribution.Kind.TESTIMONY or found.is_hidden:
        raise ValidationError("Seul un vécu visible peut être versé au dossier des élus.")
    if not found.is_in_file:
        last = found.project.contributions.aggregate(last=Max("file_position"))["last"] or 0
        found.file_position = last + 1
        found.save()


@transaction.atomic
def take_out_of_file(*, contribution: Contribution, by: User) -> None:
    check_moderator(contribution, by)
    found = lock(contribution)
    found.file_position = None
    found.save()


@transaction.atomic
def move_in_file(*, contribution: Contribution, by: User, step: int) -> None:
    """Move a testimony one place up (`step` -1) or down (+1) in the file of the élus."""
    check_moderator(contribution, by)
    project = Project.objects.select_for_update(of=("self",)).get(pk=contribution.project_id)
    chosen = file_of(project)
    keys = [one.pk for one in chosen]
    if contribution.pk not in keys:
        raise ValidationError("Ce vécu n’est pas au dossier.")
    here = keys.index(contribution.pk)
    there = max(0, min(len(keys) - 1, here + step))
    chosen.insert(there, chosen.pop(here))
    for rank, one in enumerate(chosen, start=1):
        if one.file_position != rank:
            one.file_position = rank
            one.save()


# --- Documents -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """A file that was looked into and may be kept; `receive` alone makes one."""

    file: UploadedFile
    kind: Kind
    name: str
    size: int
    content_hash: str


def receive(upload: UploadedFile, name: str = "") -> Received:
    """Look into an uploaded file, before any lock is taken. Raises `ValidationError` with the reason of a refusal."""
    size = upload.size or 0
    if upload.file is None:
        raise ValidationError("Ce fichier n’est pas arrivé : choisissez-le à nouveau.")
    try:
        found = inspect(upload.file, name or upload.name or "", size)
    except RefusedFile as error:
        raise ValidationError(str(error)) from error
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return Received(upload, found.kind, found.name, size, digest.hexdigest())


@transaction.atomic
def add_document(*, project: Project, by: User, title: str, received: Received, now: datetime) -> DocumentVersion:
    """Add a document to the file of a project, as its first version."""
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    check_may_add(locked, by)
    title = title.strip() or received.name.rpartition(".")[0]
    document = Document(intercommunality_id=locked.intercommunality_id, project=locked, title=title)
    document.full_clean()
    document.save()
    return write_version(document, by=by, received=received, now=now)


@transaction.atomic
def add_version(*, document: Document, by: User, received: Received, now: datetime) -> DocumentVersion:
    """Add the next version of a document; the former ones stay readable."""
    locked = Project.objects.select_for_update(of=("self",)).get(pk=document.project_id)
    check_may_add(locked, by)
    same = document.versions.filter(content_hash=received.content_hash).first()
    if same is not None:
        raise ValidationError({"upload": f"Ce fichier est exactement celui de la version {same.number}."})
    return write_version(document, by=by, received=received, now=now)


def check_may_add(project: Project, by: User) -> None:
    if not may_add_documents(by, project):
        raise PermissionDenied("Les documents sont ajoutés par l’auteur, les acteurs du projet ou la coordination.")


def write_version(document: Document, *, by: User, received: Received, now: datetime) -> DocumentVersion:
    """Store the file under a name drawn at random; the caller holds the lock on the project."""
    held = DocumentVersion.objects.filter(document__project=document.project_id)
    if refusal := refusal_of_quota(held.aggregate(sum=Sum("size"))["sum"] or 0, received.size):
        raise ValidationError({"upload": refusal})
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        intercommunality_id=document.intercommunality_id,
        document=document,
        number=last + 1,
        file=received.file,
        name=received.name,
        kind=received.kind.key,
        size=received.size,
        content_hash=received.content_hash,
        uploaded_by=by,
        uploaded_by_name=str(by),
        uploaded_at=now,
    )
    version.full_clean(exclude=["file"])
    version.save()
    return version
