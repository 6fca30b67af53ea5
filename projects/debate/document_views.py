"""Pages of the documents of a project: the list with its versions, what is added, and the one door to a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.files import FilesOutOfReach
from cooperation.forms import show_errors
from projects.debate import services
from projects.debate.access import get_document, get_version, may_add_documents
from projects.debate.forms import DocumentForm, VersionForm
from projects.debate.inspection import KINDS
from projects.debate.reads import documents_of
from projects.debate.rules import held_said
from projects.proposals.access import get_project


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    may_add = may_add_documents(request.user, project)
    form = DocumentForm(*handed_over(request)) if may_add else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("Les documents sont ajoutés par l’auteur, les acteurs du projet ou la coordination.")
        if form.is_valid() and added(request, form, services.add_document, project=project,
                                     title=form.cleaned_data["title"]):  # fmt: skip
            return redirect("projects:documents", project.pk)
    found = documents_of(project)
    held = sum(version.size for document in found for version in document.versions.all())
    context = {
        "project": project,
        "form": form,
        "may_add": may_add,
        "documents": found,
        "held": held_said(held),
    }
    return render(request, "projects/debate/documents.html", context, status=422 if form and form.errors else 200)


def handed_over(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def added(request: HttpRequest, form: DocumentForm | VersionForm, verb: Any, **what: Any) -> bool:
    """Keep the file handed over; a refusal is told in the form."""
    try:
        version = verb(by=request.user, received=form.cleaned_data["upload"], now=timezone.now(), **what)
    except (ValidationError, FilesOutOfReach) as error:
        show_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
        return False
    messages.success(request, f"« {version.document} », version {version.number}, est au dossier.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def version_add(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    document = get_document(project, document_pk)
    if not may_add_documents(request.user, project):
        raise PermissionDenied("Les documents sont ajoutés par l’auteur, les acteurs du projet ou la coordination.")
    form = VersionForm(*handed_over(request))
    if request.method == "POST" and form.is_valid() and added(request, form, services.add_version, document=document):
        return redirect("projects:documents", project.pk)
    context = {"project": project, "document": document, "form": form}
    return render(request, "projects/debate/version.html", context, status=422 if form.errors else 200)


@require_GET
def download(request: HttpRequest, pk: int, document_pk: int, number: int) -> HttpResponse:
    """Hand a file back, to be saved and never opened in the page: the one door to it."""
    project = get_project(request.user, pk)
    version = get_version(project, document_pk, number)
    try:
        content = version.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier de cette version manque : prévenez l’administrateur.") from error
    answer = FileResponse(
        content,
        as_attachment=True,
        filename=version.name,
        content_type=KINDS[version.kind].media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
