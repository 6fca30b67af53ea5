"""Pages where the strategy is changed, one part at a time; it is read in `projects.portfolio`, with its money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.ordering import asked_order
from cooperation.shared import one_writer
from partners.people.current import require_intercommunality
from projects.strategy import services
from projects.strategy.access import get_node, get_orientation, require_manage
from projects.strategy.forms import LevelsForm, MandateForm, NodeForm, OrientationForm, PlanForm
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from projects.strategy.tree import current_mandate, current_plan
from territories.places.models import Intercommunality

GET_POST = ["GET", "HEAD", "POST"]


def get_managed(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they may change its strategy."""
    intercommunality = require_intercommunality(request)
    require_manage(request.user, intercommunality.pk)
    return intercommunality


@require_GET
def strategy_edit(request: HttpRequest) -> HttpResponse:
    return show_workshop(request, get_managed(request))


def show_workshop(
    request: HttpRequest, intercommunality: Intercommunality, levels_form: LevelsForm | None = None
) -> HttpResponse:
    """Where the strategy is changed; a refused form of levels comes back with what was typed."""
    plan, mandate = current_plan(intercommunality), current_mandate(intercommunality)
    context = {
        "plan": plan,
        "mandate": mandate,
        "axes": plan.nodes.filter(level=1) if plan else [],
        "orientations": mandate.orientations.all() if mandate else [],
        "levels_form": levels_form or (LevelsForm(plan=plan) if plan else None),
    }
    context["axes_order"], context["orientations_order"] = as_items(context["axes"]), as_items(context["orientations"])
    return render(request, "projects/strategy/workshop.html", context, status=422 if levels_form else 200)


def as_items(rows: Any) -> list[dict[str, Any]]:
    return [{"id": row.pk, "label": str(row)} for row in rows]


def the_plan(request: HttpRequest) -> QuerySet:
    return TerritorialPlan.objects.filter(intercommunality=get_managed(request), is_current=True)


@require_POST
@one_writer(the_plan)
def levels(request: HttpRequest) -> HttpResponse:
    intercommunality = get_managed(request)
    plan = get_object_or_404(the_plan(request))
    form = LevelsForm(request.POST, plan=plan)
    saved = form.is_valid() and try_to(
        form, lambda: services.set_levels(plan=plan, labels=form.cleaned_data["labels"], by=request.user)
    )
    if not saved:
        return show_workshop(request, intercommunality, form)
    messages.success(request, "Les niveaux sont enregistrés.")
    return redirect("projects:strategy_edit")


def try_to(form: forms.BaseForm, verb: Callable[[], Any]) -> bool:
    """Run a verb; what it refuses is told in the form."""
    try:
        verb()
    except ValidationError as error:
        for message in error.messages:
            form.add_error(None, message)
        return False
    return True


def edit(request: HttpRequest, form: forms.ModelForm, back: str, **context: Any) -> HttpResponse:
    """One form on one record, then back to where the person came from."""
    if request.method == "POST" and form.is_valid():
        record = form.save(commit=False)
        if try_to(form, lambda: services.save(record=record, by=request.user)):
            messages.success(request, "C’est enregistré.")
            return redirect(back)
    status = 422 if form.errors else 200
    return render(request, "projects/strategy/edit.html", {"form": form, "back": back, **context}, status=status)


def remove(request: HttpRequest, part: services.Part, back: str) -> HttpResponse:
    name = str(part)
    try:
        services.remove(part=part, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"« {name} » est retiré.")
    return redirect(back)


def put_in_order(request: HttpRequest, items: QuerySet, back: str) -> HttpResponse:
    """Answer the buttons with the page, and a drop with nothing."""
    try:
        ids = asked_order(request.POST, [item.pk for item in items])
        services.reorder(by=request.user, items=items, ids=ids)
    except ValidationError as error:
        if "order" in request.POST:
            return HttpResponse(error.messages[0], status=400, content_type="text/plain; charset=utf-8")
        messages.error(request, error.messages[0])
    return HttpResponse(status=204) if "order" in request.POST else redirect(back)


def address_of(node: StrategyNode | None) -> str:
    """Where the sisters hanging under a node are changed; the axes and orientations are on the first page."""
    return reverse("projects:strategy_node", args=[node.pk]) if node else reverse("projects:strategy_edit")


@require_http_methods(GET_POST)
@one_writer(the_plan)
def plan(request: HttpRequest) -> HttpResponse:
    intercommunality = get_managed(request)
    found = current_plan(intercommunality) or TerritorialPlan(intercommunality=intercommunality)
    form = PlanForm(request.POST or None, instance=found)
    return edit(request, form, address_of(None), heading="Le projet de territoire")


@require_http_methods(GET_POST)
@one_writer(lambda request: Mandate.objects.filter(intercommunality=get_managed(request)))
def mandate(request: HttpRequest) -> HttpResponse:
    intercommunality = get_managed(request)
    found = current_mandate(intercommunality) or Mandate(intercommunality=intercommunality)
    return edit(request, MandateForm(request.POST or None, instance=found), address_of(None), heading="Le mandat")


@require_http_methods(GET_POST)
def node_create(request: HttpRequest, parent_pk: int | None = None) -> HttpResponse:
    intercommunality = get_managed(request)
    parent = get_node(request.user, parent_pk) if parent_pk else None
    current = TerritorialPlan.objects.filter(intercommunality=intercommunality, is_current=True)
    plan = parent.plan if parent else get_object_or_404(current)
    new = StrategyNode(intercommunality_id=plan.intercommunality_id, plan=plan, parent=parent)
    level = parent.level if parent else 0
    label = plan.level_labels[level] if level < plan.depth else "élément"
    form = NodeForm(request.POST or None, instance=new)
    return edit(request, form, address_of(parent), heading=f"Ajouter : {label.lower()}", parent=parent)


@require_http_methods(GET_POST)
@one_writer(lambda pk: StrategyNode.objects.filter(pk=pk))
def node(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_node(request.user, pk)
    heading, children = f"{found.level_label} {found}", list(found.children.all())
    child_label = found.plan.level_labels[found.level] if found.level < found.plan.depth else ""
    return edit(
        request,
        NodeForm(request.POST or None, instance=found),
        address_of(found.parent),
        heading=heading,
        node=found,
        parent=found.parent,
        children=children,
        children_order=as_items(children),
        child_label=child_label.lower(),
        why_it_stays=services.why_it_stays(found),
        remove_url=reverse("projects:strategy_node_remove", args=[pk]),
    )


@require_POST
def node_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_node(request.user, pk)
    return remove(request, found, address_of(found.parent))


@require_POST
def nodes_order(request: HttpRequest, parent_pk: int | None = None) -> HttpResponse:
    intercommunality = get_managed(request)
    if parent_pk:
        parent = get_node(request.user, parent_pk)
        return put_in_order(request, parent.children.all(), address_of(parent))
    axes = StrategyNode.objects.filter(plan__intercommunality=intercommunality, plan__is_current=True, level=1)
    return put_in_order(request, axes, address_of(None))


@require_http_methods(GET_POST)
def orientation_create(request: HttpRequest) -> HttpResponse:
    intercommunality = get_managed(request)
    mandate = current_mandate(intercommunality)
    if mandate is None:
        messages.info(request, "Décrivez d’abord le mandat : les orientations lui appartiennent.")
        return redirect("projects:strategy_mandate")
    new = Orientation(intercommunality=intercommunality, mandate=mandate)
    form = OrientationForm(request.POST or None, instance=new)
    return edit(request, form, address_of(None), heading="Ajouter une orientation")


@require_http_methods(GET_POST)
@one_writer(lambda pk: Orientation.objects.filter(pk=pk))
def orientation(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_orientation(request.user, pk)
    return edit(
        request,
        OrientationForm(request.POST or None, instance=found),
        address_of(None),
        heading=f"Orientation {found}",
        why_it_stays=services.why_it_stays(found),
        remove_url=reverse("projects:strategy_orientation_remove", args=[pk]),
    )


@require_POST
def orientation_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return remove(request, get_orientation(request.user, pk), address_of(None))


@require_POST
def orientations_order(request: HttpRequest) -> HttpResponse:
    mandate = current_mandate(get_managed(request))
    items = mandate.orientations.all() if mandate else Orientation.objects.none()
    return put_in_order(request, items, address_of(None))
