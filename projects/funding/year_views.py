"""The page on which the years of the funders are said."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.forms import show_errors
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
    if request.method == "POST" and form.is_valid():
        try:
            write_years(plan=plan, amounts=form.amounts(), by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "Les années des financeurs sont enregistrées.")
            return redirect("projects:money", pk)
    context = {"project": project, "plan": plan, "form": form, "rows": form.rows()}
    return render(request, "projects/funding/funder_years.html", context, status=422 if form.errors else 200)
