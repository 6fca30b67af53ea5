"""The pages on which years are said: those of the funders, and those of the running that are not ordinary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Manager
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.funding.models import FundingPlan
from projects.funding.services import current_plan
from projects.funding.views import get_money, the_project
from projects.funding.year_forms import FunderYearsForm, OperatingYearsForm
from projects.funding.year_services import write_operating_years, write_years


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(the_project)
def funder_years(request: HttpRequest, pk: int) -> HttpResponse:
    return answer(
        request,
        pk,
        lines=lambda plan: plan.lines,
        first="Écrivez d’abord qui paie : les années se disent financeur par financeur.",
        make=FunderYearsForm,
        write=write_years,
        told="Les années des financeurs sont enregistrées.",
        page="projects/funding/funder_years.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(the_project)
def operating_years(request: HttpRequest, pk: int) -> HttpResponse:
    return answer(
        request,
        pk,
        lines=lambda plan: plan.operating_lines,
        first="Écrivez d’abord une année ordinaire : les autres années partent d’elle.",
        make=OperatingYearsForm,
        write=write_operating_years,
        told="Les années de fonctionnement sont enregistrées.",
        page="projects/funding/operating_years.html",
    )


def answer(
    request: HttpRequest,
    pk: int,
    *,
    lines: Callable[[FundingPlan], Manager[Any]],
    first: str,
    make: Callable[..., Any],
    write: Callable[..., None],
    told: str,
    page: str,
) -> HttpResponse:
    """Show and write a table of lines and years of the version in force; `first` is said while it has no line."""
    project = get_money(request, pk)
    plan = current_plan(project)
    if plan is None or not lines(plan).exists():
        messages.error(request, first)
        return redirect("projects:money", pk)
    form = make(request.POST or None, plan=plan, this_year=timezone.localdate().year)
    if done := carried_out(
        request,
        form,
        lambda: write(plan=plan, amounts=form.amounts(), by=request.user),
        told=told,
        back=reverse("projects:money", args=[pk]),
    ):
        return done
    context = {"project": project, "plan": plan, "form": form, "rows": form.rows()}
    return render(request, page, context, status=422 if form.errors else 200)
