"""The page where a person marks a project for themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.marks import services
from projects.marks.forms import MarkForm
from projects.marks.models import Mark
from projects.proposals.access import get_project


@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    held = Mark.objects.of(request.user).filter(project=project).first()
    form = MarkForm(request.POST or None, initial={"note": held.note if held else ""})
    if request.method == "POST" and "remove" in request.POST:
        services.unmark(project=project, by=request.user)
        messages.success(request, "Votre marque est retirée.")
        return redirect(project)
    if request.method == "POST" and (not request.POST or form.is_valid()):
        services.mark(project=project, by=request.user, note=form.cleaned_data["note"] if form.is_bound else "")
        messages.success(request, "Le projet est marqué, pour vous seul·e.")
        return redirect(project)
    context = {"project": project, "form": form, "held": held}
    return render(request, "projects/marks/mark.html", context, status=422 if form.errors else 200)
