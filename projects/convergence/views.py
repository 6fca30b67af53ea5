"""Pages of convergence: the interests compared, stating one's own, comparing two."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.convergence import services
from projects.convergence.access import get_actor, get_interest, may_state_for
from projects.convergence.forms import InterestForm, LinkForm
from projects.convergence.models import InterestLink
from projects.convergence.reading import page_of, readable_interests
from projects.proposals.access import get_project
from projects.proposals.actor_models import Interest
from projects.proposals.models import Project

GET_POST = ["GET", "HEAD", "POST"]


def show(request: HttpRequest, project: Project, *, status: int = 200, **refused: object) -> HttpResponse:
    context = page_of(project, request.user) | refused
    return render(request, "projects/convergence/convergence.html", context, status=status)


@require_GET
def convergence(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, get_project(request.user, pk))


@require_http_methods(GET_POST)
def interest_state(request: HttpRequest, pk: int, actor_pk: int) -> HttpResponse:
    """A new interest of an actor for whom the person speaks."""
    actor = get_actor(request.user, pk, actor_pk)
    return write(request, Interest(actor=actor))


@require_http_methods(GET_POST)
@one_writer(lambda pk, interest_pk: Interest.objects.filter(pk=interest_pk))
def interest_edit(request: HttpRequest, pk: int, interest_pk: int) -> HttpResponse:
    return write(request, get_interest(request.user, pk, interest_pk))


def write(request: HttpRequest, interest: Interest) -> HttpResponse:
    if not may_state_for(request.user, interest.actor):
        raise PermissionDenied(services.NOT_YOURS)
    form = InterestForm(request.POST or None, instance=interest)
    if done := carried_out(
        request,
        form,
        lambda: services.state_interest(interest=form.instance, by=request.user),
        told="L’intérêt est enregistré.",
        back=reverse("projects:convergence", args=[interest.actor.project_id]),
    ):
        return done
    context = {"form": form, "actor": interest.actor, "project": interest.actor.project, "interest": interest}
    return render(request, "projects/convergence/interest.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
def interest_withdraw(request: HttpRequest, pk: int, interest_pk: int) -> HttpResponse:
    """Asked once, on a page of its own: what was said cannot be typed again by somebody else."""
    interest = get_interest(request.user, pk, interest_pk)
    actor = interest.actor
    if not may_state_for(request.user, actor):
        raise PermissionDenied(services.NOT_YOURS)
    if request.method == "POST":
        services.withdraw_interest(interest=interest, by=request.user)
        messages.success(request, "L’intérêt est retiré.")
        return redirect("projects:convergence", pk)
    context = {"interest": interest, "actor": actor, "project": actor.project}
    return render(request, "projects/convergence/withdraw.html", context)


@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    services.require_facilitation(request.user, project)
    form = LinkForm(request.POST, interests=readable_interests(project, request.user))
    if done := carried_out(
        request,
        form,
        lambda: services.compare(project=project, by=request.user, **form.cleaned_data),
        told="La comparaison est enregistrée.",
        back=reverse("projects:convergence", args=[pk]),
    ):
        return done
    return show(request, project, status=422, link_form=form)


@require_POST
def link_forget(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    link = get_object_or_404(InterestLink.objects.filter(project=project), pk=link_pk)
    services.forget_link(link=link, by=request.user)
    messages.success(request, "La comparaison est retirée.")
    return redirect("projects:convergence", pk)
