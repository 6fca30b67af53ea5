"""The page on which the years of running that are not ordinary are told apart."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.funding.operating_services import write_operating_years
from projects.funding.views import get_money, the_project
from projects.funding.year_forms import OperatingYearsForm


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(the_project)
def operating_years(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    if not project.operating_lines.exists():
        messages.error(request, "Écrivez d’abord une année ordinaire : les autres années partent d’elle.")
        return redirect("projects:money", pk)
    form = OperatingYearsForm(request.POST or None, project=project, this_year=timezone.localdate().year)
    if done := carried_out(
        request,
        form,
        lambda: write_operating_years(project=project, amounts=form.amounts(), by=request.user),
        told="Les années de fonctionnement sont enregistrées.",
        back=reverse("projects:money", args=[pk]),
    ):
        return done
    context = {"project": project, "form": form, "rows": form.rows()}
    return render(request, "projects/funding/operating_years.html", context, status=422 if form.errors else 200)
