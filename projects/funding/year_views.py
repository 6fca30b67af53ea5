"""The page on which the years of the funders are said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.funding.services import current_plan
from projects.funding.views import get_money, the_project
from projects.funding.year_forms import FunderYearsForm
from projects.funding.year_services import write_years


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(the_project)
def funder_years(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    plan = current_plan(project)
    if plan is None or not plan.lines.all():
        messages.error(request, "Écrivez d’abord qui paie : les années se disent financeur par financeur.")
        return redirect("projects:money", pk)
    form = FunderYearsForm(request.POST or None, plan=plan, this_year=timezone.localdate().year)
    if done := carried_out(
        request,
        form,
        lambda: write_years(plan=plan, amounts=form.amounts(), by=request.user),
        told="Les années des financeurs sont enregistrées.",
        back=reverse("projects:money", args=[pk]),
    ):
        return done
    context = {"project": project, "plan": plan, "form": form, "rows": form.rows()}
    return render(request, "projects/funding/funder_years.html", context, status=422 if form.errors else 200)
