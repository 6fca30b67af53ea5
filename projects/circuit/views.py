"""Pages of the circuit: where a project stands, a step passed over, what a version would change."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.forms import show_errors
from cooperation.shared import one_writer
from partners.governance.access import get_circuit, may_read_draft
from partners.governance.circuit_services import circuit_on
from partners.governance.circuits import CircuitStep
from projects.circuit import services
from projects.circuit.forms import DepartureForm, NatureForm
from projects.circuit.models import Nature
from projects.circuit.preview import preview_of
from projects.circuit.reads import ahead_of_turn, next_words, path_of, standing_of, started_on
from projects.proposals.access import get_project
from projects.proposals.models import Project

GET_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_POST)
@one_writer(lambda pk: Project.objects.filter(pk=pk))
def project_circuit(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the project stands; for the coordination, a form to say the nature of the decision."""
    project = get_project(request.user, pk)
    allowed = services.may_state_nature(request.user, project)
    if request.method == "POST" and not allowed:
        raise PermissionDenied(allowed.reason)
    nature = Nature.objects.filter(project=project).first()
    form = NatureForm(request.POST or None, instance=nature) if allowed else None
    if request.method == "POST" and form and form.is_valid():
        services.state_nature(project=project, matter=form.cleaned_data["matter"], by=request.user)
        messages.success(request, "La nature de la décision est dite.")
        return redirect("projects:project_circuit", pk)
    standing = standing_of(project, timezone.localdate(), reader=request.user)
    context = {
        "project": project,
        "standing": standing,
        "path": path_of(standing, is_own_page=True),
        "next": next_words(standing, above_path=True),
        "ahead": ahead_of_turn(project, standing, request.user),
        "started_on": started_on(project),
        "form": form,
        "nature": nature,
        "may_depart": bool(services.may_depart(request.user, project)),
    }
    status = 422 if form and form.errors else 200
    return render(request, "projects/circuit/project.html", context, status=status)


@require_http_methods(GET_POST)
def circuit_depart(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Pass over an opinion, with a reason that stays."""
    project = get_project(request.user, pk)
    allowed = services.may_depart(request.user, project)
    if not allowed:
        raise PermissionDenied(allowed.reason)
    found = get_object_or_404(CircuitStep, circuit__intercommunality=project.intercommunality_id, pk=step)
    today = timezone.localdate()
    form = DepartureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"reason": form.cleaned_data["reason"], "now": timezone.now(), "today": today}
        try:
            services.depart(project=project, step=found, by=request.user, **told)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "On se passe de cette étape ; le motif reste dans l’histoire du projet.")
            return redirect("projects:project_circuit", pk)
    refusal = services.may_pass(project, found, on=today).reason
    context = {"project": project, "step": found, "form": form, "refusal": refusal}
    return render(request, "projects/circuit/depart.html", context, status=422 if form.errors else 200)


@require_GET
def circuit_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """How many projects in hand each step would concern; which ones, for whoever sees them."""
    circuit = get_circuit(request.user, pk)
    if not may_read_draft(request.user, circuit.intercommunality_id):
        raise PermissionDenied("L’administration et la coordination mesurent les effets d’un circuit.")
    today = timezone.localdate()
    context = {
        "circuit": circuit,
        "preview": preview_of(circuit, request.user, today),
        "is_in_force": circuit_on(circuit.intercommunality_id, today) == circuit,
    }
    return render(request, "projects/circuit/preview.html", context)
