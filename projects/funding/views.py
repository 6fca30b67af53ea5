"""The page of the money, beside the guided form: what it costs, who pays, and what the law says of it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.funding.forms import CostForm, FundingLines
from projects.funding.services import checks_for, plan_to_write
from projects.proposals.access import get_project
from projects.proposals.completeness import lacks_of
from projects.proposals.steps import contents, step_of, url_of


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk, "change_project")
    plan = plan_to_write(project)
    form = CostForm(request.POST or None, instance=plan)
    lines = FundingLines(request.POST or None, instance=plan)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        save_plan(form, lines)
        messages.success(request, "Le plan de financement est enregistré.")
        if "more" in request.POST:
            return redirect("projects:funding", pk)
        return redirect(url_of(project, "review"))
    context = {
        "project": project,
        "form": form,
        "lines": lines,
        "checks": checks_for(project, plan) if plan.pk else [],
        "steps": contents(project, step_of("moyens"), lacks_of(project)),
        "back_url": url_of(project, "means"),
    }
    return render(request, "projects/funding/write.html", context, status=422 if form.errors else 200)


@transaction.atomic
def save_plan(form: CostForm, lines: FundingLines) -> None:
    """Save the cost and its lines together: no half plan stays."""
    plan = form.save()
    lines.instance = plan
    for line in lines.save(commit=False):
        line.intercommunality_id = plan.intercommunality_id
        line.save()
    for line in lines.deleted_objects:
        line.delete()
