"""Pages of the circuit: the one in force in plain words, a new version written step by step, its adoption."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.answering import carried_out
from cooperation.ordering import asked_order
from cooperation.shared import one_writer
from partners.governance import circuit_services as services
from partners.governance.access import MANAGE, get_circuit, managed, may_manage, require_manage
from partners.governance.circuit_forms import AdoptForm, DraftForm, StepForm
from partners.governance.circuit_rules import conditions_of
from partners.governance.circuits import Circuit, CircuitStep
from partners.governance.views import GET_POST, answer
from partners.people.access import scope_of
from partners.people.current import require_intercommunality


def steps_told(circuit: Circuit | None) -> list[dict[str, Any]]:
    """Each step in plain words: who speaks, to advise or to decide, on which projects."""
    return [
        {
            "step": step,
            "bodies": [str(body) for body in step.bodies.all()],
            "act": act_of(step),
            "conditions": conditions_of(step.as_step()),
        }
        for step in (circuit.steps.all() if circuit else [])
    ]


def act_of(step: CircuitStep) -> str:
    if not step.is_deciding:
        return "donne un avis"
    return "décide" if any(body.is_council for body in step.bodies.all()) else "décide ce qui lui est délégué"


@require_safe
def circuit(request: HttpRequest) -> HttpResponse:
    """The circuit in force: every member of the territory reads it."""
    epci = require_intercommunality(request)
    in_force = services.circuit_on(epci.pk, timezone.localdate())
    manages = may_manage(request.user, epci.pk)
    versions = list(epci.circuits.all())
    context = {
        "epci": epci,
        "circuit": in_force,
        "steps": steps_told(in_force),
        "versions": [one for one in versions if not one.is_draft and one != in_force],
        "draft": next((one for one in versions if one.is_draft), None) if manages else None,
        "form": DraftForm() if manages else None,
    }
    return render(request, "partners/governance/circuit.html", context)


@require_http_methods(GET_POST)
def circuit_add(request: HttpRequest) -> HttpResponse:
    epci = managed(request)
    form = DraftForm(request.POST or None)
    lead = "Rien ne change pour les projets tant qu’elle n’est pas adoptée."
    if services.circuit_on(epci.pk, timezone.localdate()):
        lead = f"Elle reprend les étapes d’avant. {lead}"
    return answer(
        request,
        form,
        lambda: services.open_draft(epci=epci, by=request.user, **form.cleaned_data),
        told="La nouvelle version reprend les étapes d’avant : changez ce qui doit l’être, puis adoptez-la.",
        back=reverse("partners:circuit"),
        parent="Circuit des projets",
        title="Écrire une nouvelle version du circuit",
        lead=lead,
        submit="Commencer",
    )


@require_safe
def circuit_version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version: read when it is adopted; written while it is not, by whoever holds the circuit."""
    found = get_circuit(request.user, pk)
    return show_version(request, found)


def show_version(request: HttpRequest, found: Circuit, *, form: Any = None, status: int = 200) -> HttpResponse:
    manages = may_manage(request.user, found.intercommunality_id)
    writes = manages and found.is_draft
    steps = steps_told(found)
    tomorrow = timezone.localdate() + timedelta(days=1)
    context = {
        "circuit": found,
        "steps": steps,
        "writes": writes,
        "order": [{"id": one["step"].pk, "label": one["step"].label} for one in steps] if len(steps) > 1 else [],
        "form": form or (AdoptForm(tomorrow=tomorrow) if writes else None),
        "may_preview": manages or scope_of(request.user).may("review_projects", found.intercommunality_id),
    }
    return render(request, "partners/governance/circuit_version.html", context, status=status)


@require_POST
def circuit_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_circuit(request.user, pk, MANAGE)
    now, today = timezone.now(), timezone.localdate()
    form = AdoptForm(request.POST, tomorrow=today + timedelta(days=1))
    done = carried_out(
        request,
        form,
        lambda: services.adopt(circuit=found, by=request.user, now=now, today=today, **form.cleaned_data),
        told="Cette version est adoptée. Les projets déjà déposés gardent la leur.",
        back="partners:circuit",
    )
    return done or show_version(request, found, form=form, status=422)


@require_POST
def circuit_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_circuit(request.user, pk, MANAGE)
    try:
        services.drop_draft(circuit=found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("partners:circuit")


@require_POST
def steps_order(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_circuit(request.user, pk, MANAGE)
    try:
        ids = asked_order(request.POST, list(found.steps.values_list("pk", flat=True)))
        services.order_steps(circuit=found, ids=ids, by=request.user)
    except ValidationError as error:
        if "order" in request.POST:
            return HttpResponse(error.messages[0], status=400, content_type="text/plain; charset=utf-8")
        messages.error(request, error.messages[0])
    return HttpResponse(status=204) if "order" in request.POST else redirect("partners:circuit_version", pk)


def get_step(request: HttpRequest, pk: int) -> CircuitStep:
    """A step, for whoever holds the circuit: 404 where the person has no place."""
    mine = CircuitStep.objects.filter(circuit__intercommunality__in=scope_of(request.user).intercommunalities)
    step = get_object_or_404(mine.select_related("circuit"), pk=pk)
    require_manage(request.user, step.circuit.intercommunality_id)
    return step


def write_step(request: HttpRequest, step: CircuitStep, title: str, told: str) -> HttpResponse:
    form = StepForm(request.POST or None, instance=step)
    return answer(
        request,
        form,
        lambda: services.write_step(form=form, by=request.user),
        told=told,
        back=reverse("partners:circuit_version", args=[step.circuit_id]),
        parent=str(step.circuit),
        title=title,
        submit="Enregistrer l’étape",
    )


@require_http_methods(GET_POST)
def step_add(request: HttpRequest, pk: int) -> HttpResponse:
    step = CircuitStep(circuit=get_circuit(request.user, pk, MANAGE))
    return write_step(request, step, "Ajouter une étape au circuit", "L’étape est ajoutée à la fin : placez-la.")


@require_http_methods(GET_POST)
@one_writer(lambda pk: Circuit.objects.filter(steps=pk))
def step_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return write_step(request, get_step(request, pk), "Modifier une étape du circuit", "L’étape est enregistrée.")


@require_POST
def step_remove(request: HttpRequest, pk: int) -> HttpResponse:
    step = get_step(request, pk)
    try:
        services.remove_step(step=step, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("partners:circuit_version", step.circuit_id)
