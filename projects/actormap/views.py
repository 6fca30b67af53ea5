"""Pages of the map of actors: where each organisation stands, and what ties them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.actormap import services
from projects.actormap.access import get_link, get_tension, require_mapping
from projects.actormap.forms import LinkForm, WeightForm
from projects.actormap.reading import page_of
from projects.convergence.access import get_actor
from projects.proposals.access import get_project
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project


def show(
    request: HttpRequest, project: Project, *, status: int = 200, weight_form: Any = None, **refused: object
) -> HttpResponse:
    context = page_of(project, request.user) | refused
    if weight_form:
        mine = weight_form.actor
        context["weights"] = [weight_form if one.actor == mine else one for one in context["weights"]]
        context["is_placing"] = True
    return render(request, "projects/actormap/map.html", context, status=status)


@require_GET
def actor_map(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, get_project(request.user, pk))


@require_POST
def organisation_link(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    require_mapping(request.user, project)
    form = LinkForm(request.POST, project=project)
    if done := carried_out(
        request,
        form,
        lambda: services.link_organisations(project=project, by=request.user, **form.cleaned_data),
        told="Le lien est sur la carte.",
        back=reverse("projects:actor_map", args=[pk]) + "#liens",
    ):
        return done
    return show(request, project, status=422, link_form=form)


@require_POST
@one_writer(lambda pk, actor_pk: Actor.objects.filter(pk=actor_pk))
def weigh(request: HttpRequest, pk: int, actor_pk: int) -> HttpResponse:
    actor = get_actor(request.user, pk, actor_pk)
    require_mapping(request.user, actor.project)
    form = WeightForm(request.POST, actor=actor)
    if done := carried_out(
        request,
        form,
        lambda: services.weigh(actor=actor, by=request.user, **form.cleaned_data),
        told=f"« {actor.name} » est situé sur la carte.",
        back=reverse("projects:actor_map", args=[pk]),
    ):
        return done
    return show(request, actor.project, status=422, weight_form=form)


@require_POST
def organisation_link_forget(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    services.forget_link(link=get_link(request.user, pk, link_pk), by=request.user)
    messages.success(request, "Le lien est retiré de la carte.")
    return back_to_links(pk)


@require_POST
def tension_forget(request: HttpRequest, pk: int, tension_pk: int) -> HttpResponse:
    tension = get_tension(request.user, pk, tension_pk)
    try:
        services.forget_tension(tension=tension, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "La tension est effacée, sans trace.")
    return back_to_links(pk)


@require_POST
def tension_ease(request: HttpRequest, pk: int, tension_pk: int) -> HttpResponse:
    tension = get_tension(request.user, pk, tension_pk)
    services.ease_tension(tension=tension, by=request.user, on=timezone.localdate())
    messages.success(request, "La tension est dite apaisée.")
    return back_to_links(pk)


def back_to_links(pk: int) -> HttpResponse:
    return redirect(reverse("projects:actor_map", args=[pk]) + "#liens")
