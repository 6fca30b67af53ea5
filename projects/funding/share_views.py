"""The pages that split the money of a project: between its objectives, between the communes that bear it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.funding import share_services
from projects.funding.services import current_plan, may_write_money
from projects.funding.share_forms import ChargeKeyForm, ObjectiveSharesForm
from projects.funding.share_reading import cost_of, objectives_of
from projects.proposals.access import get_project
from projects.proposals.models import Project

GET_POST = ["GET", "HEAD", "POST"]


def the_project(pk: int) -> QuerySet[Project]:
    return Project.objects.filter(pk=pk)


@require_http_methods(GET_POST)
@one_writer(the_project)
def project_objectives(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk, "review_project")
    form = ObjectiveSharesForm(request.POST or None, project=project)
    if done := carried_out(
        request,
        form,
        lambda: share_services.split_between_objectives(
            project=project,
            percents=form.cleaned_data["percents"],
            main=form.cleaned_data["main_node"],
            by=request.user,
        ),
        told="La répartition entre les objectifs est enregistrée.",
        back=reverse("projects:project_objectives" if "more" in request.POST else "projects:detail", args=[pk]),
    ):
        return done
    context = {"project": project, "form": form, "parts": objectives_of(project), "cost": cost_of(project)}
    return render(request, "projects/funding/objectives.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
@one_writer(the_project)
def money_communes(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    if not may_write_money(request.user, project):
        raise PermissionDenied("Votre rôle ne permet pas de répartir ce projet entre les communes.")
    communes = share_services.bearers_of(project)
    form = ChargeKeyForm(request.POST or None, project=project, communes=communes)
    if done := carried_out(
        request,
        form,
        lambda: share_services.split_between_communes(
            project=project, method=form.cleaned_data["method"], percents=form.percents(), by=request.user
        ),
        told="La répartition entre les communes est enregistrée.",
        back=reverse("projects:money", args=[pk]),
    ):
        return done
    context = {"project": project, "form": form, "has_plan": current_plan(project) is not None}
    return render(request, "projects/funding/communes.html", context, status=422 if form.errors else 200)
