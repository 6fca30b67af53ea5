"""Pages of the follow-up: the health of a project, what was decided about it, what remains for the territory."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.forms import show_errors
from cooperation.paging import page_numbered
from partners.people.current import require_intercommunality
from projects.followup import services
from projects.followup.access import get_action, may_close, may_note_health, may_write_actions
from projects.followup.forms import ActionForm, CloseForm, HealthForm, RemainingFilter
from projects.followup.reads import health_of, of_person, remaining_in, row_of, rows_of
from projects.proposals.access import get_project

GET_POST = ["GET", "HEAD", "POST"]
PAGE = 50
COUNTED = 100  # beyond, nobody reads the exact number


@require_http_methods(GET_POST)
def health(request: HttpRequest, pk: int) -> HttpResponse:
    """How a project is doing, all that was noted before, and a form for those who say it."""
    project = get_project(request.user, pk)
    today, verdict = timezone.localdate(), may_note_health(request.user, project)
    if request.method == "POST" and not verdict:
        raise PermissionDenied(verdict.reason)
    form = HealthForm(request.POST or None) if verdict else None
    if request.method == "POST" and form and form.is_valid():
        services.note_health(project=project, by=request.user, on=today, **form.cleaned_data)
        messages.success(request, "L’état de santé du projet est noté.")
        return redirect("projects:health", pk)
    context = {
        "project": project,
        "form": form,
        "health": health_of(project, today),
        "former": Paginator(project.health_notes.all()[1:], PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "projects/followup/health.html", context, status=422 if form and form.errors else 200)


@require_http_methods(GET_POST)
def actions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided about a project, and for the coordination a form to write more."""
    project = get_project(request.user, pk)
    today, writes = timezone.localdate(), may_write_actions(request.user, project)
    if request.method == "POST" and not writes:
        raise PermissionDenied("La coordination seule écrit ce qui a été décidé.")
    form = ActionForm(request.POST or None, project=project, today=today) if writes else None
    if request.method == "POST" and form and form.is_valid():
        try:
            services.decide_action(project=project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "C’est inscrit dans ce qui reste à faire.")
            return redirect("projects:actions", pk)
    context = {"project": project, "form": form, "rows": rows_of(project, request.user, today)}
    return render(request, "projects/followup/actions.html", context, status=422 if form and form.errors else 200)


@require_http_methods(GET_POST)
def action_close(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    """Say that an action is done, or given up."""
    project = get_project(request.user, pk)
    found, today = get_action(project, action_pk), timezone.localdate()
    if not may_close(request.user, found, today):
        raise PermissionDenied("La personne qui en est chargée, ou la coordination, clôt cette action.")
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_done, words = form.cleaned_data["outcome"] == "done", form.cleaned_data["words"]
        try:
            services.close_action(action=found, by=request.user, on=today, is_done=is_done, words=words)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "L’action est close.")
            return redirect(found)
    context = {"project": project, "row": row_of(found, today, closes=True), "form": form}
    return render(request, "projects/followup/close.html", context, status=422 if form.errors else 200)


@require_GET
def remaining(request: HttpRequest) -> HttpResponse:
    """What remains to be done in the territory, on the projects that the person sees."""
    epci = require_intercommunality(request)
    today = timezone.localdate()
    filters = RemainingFilter(request.GET, epci=epci)
    found = remaining_in(epci, request.user)
    late = len(found.late(today).values_list("pk")[: COUNTED + 1])
    if body := filters.cleaned_data.get("instance"):
        found = found.filter(body=body)
    match filters.cleaned_data.get("quoi"):
        case "retard":
            found = found.late(today)
        case "moi":
            found = of_person(found, request.user)
    page = page_numbered(found, request.GET.get("page", ""), size=PAGE)
    query = "".join(f"&{name}={request.GET[name]}" for name in ("instance", "quoi") if request.GET.get(name))
    context = {
        "filters": filters,
        "page": page,
        "rows": [row_of(one, today, closes=False) for one in page],
        "late": late,
        "is_beyond": late > COUNTED,
        "query": query if filters.is_valid() else "",
        "is_filtered": any(filters.cleaned_data.values()),
    }
    return render(request, "projects/followup/remaining.html", context)
