"""Pages that regroup, copy and split projects: each shows what will happen before it does."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.forms import show_errors
from partners.people.access import scope_of
from projects.lineage import services
from projects.lineage.forms import CopyForm, ReasonForm, SplitForm, SurvivorForm
from projects.proposals.access import get_project
from projects.proposals.actor_models import Interest
from projects.proposals.workflow import workflow

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
def absorb(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk, "absorb_project")
    verdict = workflow.verdict(project, "absorb", request.user)
    asked = request.POST if request.method == "POST" else request.GET
    choice = SurvivorForm(asked if "avec" in asked else None, project=project, person=request.user)
    survivor = choice.cleaned_data["avec"] if verdict and choice.is_valid() else None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and survivor and form.is_valid():
        try:
            services.absorb(
                absorbed=project, survivor=survivor, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{project.reference} est regroupé avec {survivor.reference}.")
            return redirect(survivor)
    context = {
        "project": project,
        "refusal": verdict.reason,
        "choice": choice,
        "survivor": survivor,
        "form": form,
        "newcomers": services.newcomers_of(survivor, project) if survivor else [],
        "contributions": project.contributions.count(),
    }
    refused = request.method == "POST"
    return render(request, "projects/lineage/absorb.html", context, status=422 if refused else 200)


@require_http_methods(GET_POST)
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    if not scope_of(request.user).may("submit_projects", project.intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas de proposer un projet ici.")
    form = CopyForm(request.POST or None, initial={"title": f"{project.title[:190]} (copie)"})
    if request.method == "POST" and form.is_valid():
        made = services.copy(project=project, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, f"Votre brouillon {made.reference} est ouvert. Relisez-le avant de le déposer.")
        return redirect("projects:write", made.pk, "besoin")
    context = {
        "project": project,
        "form": form,
        "actors": project.actors.count(),
        "interests": Interest.objects.shared().filter(actor__project=project).count(),
    }
    return render(request, "projects/lineage/copy.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
def split(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk, "split_project")
    asked = request.POST if request.method == "POST" else request.GET
    form = SplitForm(asked if "titles" in asked or request.method == "POST" else None)
    refusal = services.why_it_cannot_be_split(project)
    ready = not refusal and form.is_valid()
    if request.method == "POST" and ready:
        try:
            parts = services.split(project=project, by=request.user, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
            ready = False
        else:
            names = ", ".join(part.reference for part in parts)
            messages.success(request, f"{project.reference} est divisé : {names}.")
            return redirect(project)
    context = {
        "project": project,
        "form": form,
        "refusal": refusal,
        "titles": form.cleaned_data["titles"] if ready else [],
        "author": project.author or request.user,
    }
    return render(request, "projects/lineage/split.html", context, status=422 if request.method == "POST" else 200)
