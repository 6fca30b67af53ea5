"""The pages of the money: what it costs and who pays, the years, the versions compared, what the law says of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.checks import Check
from cooperation.forms import show_errors
from cooperation.french import listed
from cooperation.shared import one_writer
from projects.funding.forms import CostForm, Credits, FundingLines, OperatingLines, VersionForm
from projects.funding.models import FundingPlan
from projects.funding.services import (
    checks_for,
    checks_of_typed,
    may_write_money,
    open_version,
    plan_to_write,
)
from projects.funding.share_reading import charge_of
from projects.funding.share_services import bearers_of
from projects.funding.versions import money_page
from projects.proposals.access import get_project, may
from projects.proposals.completeness import lacks_of
from projects.proposals.models import Project
from projects.proposals.steps import contents, step_of, url_of

GET_POST = ["GET", "HEAD", "POST"]
COSTS = ("cost_excl_tax", "cost_incl_tax", "eligible_cost")  # what the rules read of the cost


def the_project(pk: int) -> QuerySet[Project]:
    return Project.objects.filter(pk=pk)


def get_money(request: HttpRequest, pk: int) -> Project:
    """A project whose money the person may write: its author while writing, the coordination at any time."""
    project = get_project(request.user, pk)
    if not may_write_money(request.user, project):
        raise PermissionDenied("Votre rôle ne permet pas de modifier ce plan de financement.")
    return project


@require_http_methods(GET_POST)
@one_writer(the_project)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    plan = plan_to_write(project)
    form = CostForm(request.POST or None, instance=plan)
    lines = FundingLines(request.POST or None, instance=plan)
    is_author = may(request.user, "change_project", project)
    if request.method == "POST" and "check" not in request.POST and form.is_valid() and lines.is_valid():
        save_plan(form, lines)
        messages.success(request, "Le plan de financement est enregistré.")
        if "more" in request.POST:
            return redirect("projects:funding", pk)
        return redirect(url_of(project, "review")) if is_author else redirect("projects:money", pk)
    if request.method == "POST":
        checks = checks_while_typing(project, form, lines)
    else:
        checks = checks_for(project, plan) if plan.tells_investment else []
    context = {
        "project": project,
        "form": form,
        "lines": lines,
        "checks": checks,
        "steps": contents(project, step_of("moyens"), lacks_of(project)) if is_author else [],
        "back_url": url_of(project, "means") if is_author else project.get_absolute_url(),
    }
    return render(request, "projects/funding/write.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the law says of a plan while it is typed: nothing is saved."""
    project = get_money(request, pk)
    plan = plan_to_write(project)
    form, lines = CostForm(request.POST, instance=plan), FundingLines(request.POST, instance=plan)
    return render(request, "projects/funding/_checks.html", {"checks": checks_while_typing(project, form, lines)})


def checks_while_typing(project: Project, form: CostForm, lines: BaseInlineFormSet) -> list[Check]:
    """What the rules say of what is typed, and what of it they cannot read yet."""
    form.is_valid()
    lines.is_valid()
    unread = [str(error) for name in (*COSTS, NON_FIELD_ERRORS) for error in form.errors.get(name, [])]
    numbers = [str(n) for n, line in enumerate(lines.forms, 1) if line.errors and not line.cleaned_data.get("DELETE")]
    if numbers:
        which, fate = (
            ("Ressources", "elles ne comptent pas") if len(numbers) > 1 else ("Ressource", "elle ne compte pas")
        )
        unread.append(f"{which} {listed(numbers, most=9)} : à compléter ; {fate} encore.")
    waiting = [Check("typed", "", False, sentence) for sentence in unread]
    if form.errors.keys() & set(COSTS):
        return waiting  # rules on another cost than the one meant would mislead
    return waiting + checks_of_typed(
        project, form.instance, (line.cleaned_data for line in lines.forms if line.is_valid())
    )


@transaction.atomic
def save_plan(form: CostForm, lines: BaseInlineFormSet) -> None:
    """Save the cost and its lines together: no half plan stays."""
    plan = form.save()
    lines.instance = plan
    save_rows(lines, plan.intercommunality_id)


def save_rows(rows: BaseInlineFormSet, intercommunality_id: int) -> None:
    for row in rows.save(commit=False):
        row.intercommunality_id = intercommunality_id
        row.save()
    for row in rows.deleted_objects:
        row.delete()


@require_GET
def money(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    return show_money(request, project)


def show_money(request: HttpRequest, project: Project, *, status: int = 200, **refused: Any) -> HttpResponse:
    communes = bearers_of(project)
    context = money_page(project, first=request.GET.get("avant", ""), second=request.GET.get("apres", ""))
    context["shared"] = charge_of(project, context["current"], communes)
    if may_write_money(request.user, project):
        plan = context["in_force"] or plan_to_write(project)
        credits_form = Credits(instance=plan, form_kwargs=kwargs_of_credits(plan))
        context |= {"may_write": True, "version_form": VersionForm()}
        context |= {"credits_form": credits_form, "operating_form": OperatingLines(instance=plan)}
    return render(request, "projects/funding/money.html", context | refused, status=status)


@require_POST
@one_writer(the_project)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            made = open_version(project=project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"La version {made.number} est ouverte : la précédente reste lisible.")
            return redirect("projects:funding", pk)
    return show_money(request, project, status=422, version_form=form)


@require_POST
@one_writer(the_project)
def years(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    plan = plan_to_write(project)
    rows = Credits(request.POST, instance=plan, form_kwargs=kwargs_of_credits(plan))
    return write_rows(request, plan, rows, name="credits_form", said="Les crédits de paiement sont enregistrés.")


@require_POST
@one_writer(the_project)
def operating(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_money(request, pk)
    plan = plan_to_write(project)
    rows = OperatingLines(request.POST, instance=plan)
    said = "Le coût d’une année ordinaire de fonctionnement est enregistré."
    return write_rows(request, plan, rows, name="operating_form", said=said)


def kwargs_of_credits(plan: FundingPlan) -> dict[str, bool]:
    """A budget that recovers its tax is asked for no amount with it."""
    return {"recovers_vat": plan.recovers_vat}


def write_rows(
    request: HttpRequest, plan: FundingPlan, rows: BaseInlineFormSet, *, name: str, said: str
) -> HttpResponse:
    """Save the rows of one table of the version in force, all or none; the first row of all makes the first version.

    What is refused comes back with its words.
    """
    if rows.is_valid():
        with transaction.atomic():
            if plan.pk is None and rows.has_changed():
                plan.save()
            save_rows(rows, plan.intercommunality_id)
        messages.success(request, said)
        return redirect("projects:money", plan.project_id)
    return show_money(request, plan.project, status=422, **{name: rows})
