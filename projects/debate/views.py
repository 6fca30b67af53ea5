"""Pages of the debate on a project: read and speak, reply, correct, thank, moderate, gather the file of the élus."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.access import require
from cooperation.answering import carried_out
from cooperation.forms import show_errors
from projects.debate import services
from projects.debate.access import (
    get_contribution,
    get_debated,
    may_contribute,
    may_correct,
    may_moderate,
    voices_of,
)
from projects.debate.forms import ContributionForm, HideForm, WordsForm
from projects.debate.models import TEXT_LIMIT, Contribution
from projects.debate.reads import former_versions, inherited_of, tabs_of, threads_of
from projects.proposals.models import Project

FILE_ACTS = {
    "put": (services.put_into_file, {}, "Le vécu est versé au dossier des élus."),
    "take": (services.take_out_of_file, {}, "Le vécu est retiré du dossier des élus."),
    "up": (services.move_in_file, {"step": -1}, "Le vécu est remonté."),
    "down": (services.move_in_file, {"step": 1}, "Le vécu est descendu."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def debate(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_debated(request.user, pk)
    verdict = may_contribute(request.user, project)
    form = ContributionForm(request.POST or None, project=project, voices=voices_of(request.user, project),
                            initial=prefilled(request)) if verdict else None  # fmt: skip
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(verdict.reason)
        if contribution := speak(request, project, form):
            return redirect(contribution)
    kind = request.GET.get("voir", "")
    page, lines = threads_of(project, request.user, kind=kind, page=request.GET.get("page"))
    context = {
        "project": project,
        "form": form,
        "refusal": verdict.reason,
        "spoken": project.contributions.filter(author=request.user).count() if form else 0,
        "page": page,
        "lines": lines,
        "query": f"&voir={kind}" if kind in Contribution.Kind.values else "",
        "tabs": tabs_of(project, kind),
        "chosen": services.file_of(project),
        "may_moderate": may_moderate(request.user, project),
        "inherited": inherited_of(project, request.user),
    }
    return render(request, "projects/debate/debate.html", context, status=422 if form and form.errors else 200)


def prefilled(request: HttpRequest) -> dict[str, str]:
    """What a link of the platform invites to say; the person reads it before sending it."""
    asked = {"kind": request.GET.get("nature", ""), "text": request.GET.get("texte", "")[:TEXT_LIMIT]}
    return {name: value for name, value in asked.items() if value}


def speak(
    request: HttpRequest, project: Project, form: ContributionForm, parent: Contribution | None = None
) -> Contribution | None:
    """Write what the form says; nothing when it has to be corrected first."""
    if not form.is_valid():
        return None
    try:
        said = services.contribute(
            project=project, by=request.user, now=timezone.now(), parent=parent, **form.cleaned_data
        )
    except ValidationError as error:
        show_errors(form, error)
        return None
    messages.success(request, "Votre contribution est publiée. Vous pouvez la corriger pendant 30 minutes.")
    return said


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_debated(request.user, pk)
    parent = get_contribution(project, contribution_pk)
    if parent.parent_id or parent.is_hidden:
        raise Http404("On ne répond pas ici.")
    require(may_contribute(request.user, project))
    voices = voices_of(request.user, project)
    form = ContributionForm(request.POST or None, project=project, voices=voices, is_reply=True)
    if request.method == "POST" and (said := speak(request, project, form, parent)):
        return redirect(said)
    return write(request, project, parent, form, title="Répondre", label="Publier la réponse")


def write(
    request: HttpRequest, project: Project, about: Contribution, form: Any, *, title: str, label: str, note: str = ""
) -> HttpResponse:
    """The page with one form about one contribution."""
    context = {"project": project, "about": about, "form": form, "title": title, "label": label, "note": note}
    return render(request, "projects/debate/write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_debated(request.user, pk)
    found = get_contribution(project, contribution_pk)
    if not may_correct(request.user, found):
        raise PermissionDenied("Seule la personne qui a écrit peut corriger, tant que le texte est visible.")
    said = {"text": found.text, "service": found.service, "commune": found.commune, "public": found.public}
    form = WordsForm(request.POST or None, project=project, initial=said)
    if request.method == "POST" and form.is_valid():
        services.correct(contribution=found, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "La correction est publiée.")
        return redirect(found)
    note = "Passé 30 minutes, l’ancien texte reste lisible à côté du nouveau."
    return write(request, project, found, form, title="Corriger", label="Publier la correction", note=note)


@require_GET
def versions(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_debated(request.user, pk)
    found = get_contribution(project, contribution_pk)
    if found.is_hidden and not (may_moderate(request.user, project) or found.is_written_by(request.user)):
        raise Http404("Cette contribution est masquée.")
    context = {"project": project, "contribution": found, "former": former_versions(found)}
    return render(request, "projects/debate/versions.html", context)


@require_POST
def thank(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_debated(request.user, pk)
    found = get_contribution(project, contribution_pk)
    require(may_contribute(request.user, project))
    try:
        services.thank(contribution=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_moderated(request, pk)
    found = get_contribution(project, contribution_pk)
    form = HideForm(request.POST or None)
    if done := carried_out(
        request,
        form,
        lambda: services.hide(contribution=found, by=request.user, now=timezone.now(), **form.cleaned_data),
        told="La contribution est masquée ; le motif se lit à sa place.",
        back=found,
    ):
        return done
    note = "Rien n’est supprimé : la coordination et la personne qui a écrit continuent de lire le texte."
    return write(request, project, found, form, title="Masquer", label="Masquer la contribution", note=note)


def get_moderated(request: HttpRequest, pk: int) -> Project:
    """The gate of moderation: 404 if the debate is invisible, 403 if the person does not moderate it."""
    project = get_debated(request.user, pk)
    if not may_moderate(request.user, project):
        raise PermissionDenied("La coordination seule modère le débat.")
    return project


@require_POST
def show(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    project = get_moderated(request, pk)
    found = get_contribution(project, contribution_pk)
    services.show(contribution=found, by=request.user)
    messages.success(request, "La contribution est de nouveau lisible.")
    return redirect(found)


@require_POST
def file(request: HttpRequest, pk: int, contribution_pk: int) -> HttpResponse:
    """Put a testimony into the file of the élus, take it out, or change its place there."""
    project = get_moderated(request, pk)
    found = get_contribution(project, contribution_pk)
    try:
        verb, extra, done = FILE_ACTS[request.POST.get("act", "")]
        verb(contribution=found, by=request.user, **extra)
        messages.success(request, done)
    except KeyError:
        messages.error(request, "Choisissez l’un des actes proposés.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("projects:debate", project.pk)
