"""Pages of the effects of a project: its indicators, one of them, what is written there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.access import require
from cooperation.answering import carried_out
from cooperation.forms import show_errors
from cooperation.shared import one_writer
from projects.effects import reads, services
from projects.effects.access import Act, get_indicator, verdict
from projects.effects.forms import DropForm, IndicatorForm, MeasureForm
from projects.effects.models import Indicator
from projects.effects.survey_reads import told_of as surveys_of
from projects.proposals.access import get_project

GET_POST = ["GET", "HEAD", "POST"]


@require_GET
def effects(request: HttpRequest, pk: int) -> HttpResponse:
    """What a project changes: its indicators, what beneficiaries say, the words that closed it."""
    project, today = get_project(request.user, pk), timezone.localdate()
    context = {
        "project": project,
        "lines": reads.lines_of(project, today),
        "dropped": project.indicator_set.exclude(dropped_on=None),
        "surveys": surveys_of(project),
        "evaluation": reads.evaluation_of(project),
        "may_define": verdict(request.user, Act.DEFINE, project, today),
        "may_survey": verdict(request.user, Act.SURVEY, project, today),
    }
    return render(request, "projects/effects/effects.html", context)


@require_http_methods(GET_POST)
def indicator(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    """One indicator along time, and a form for those who measure it."""
    project, now = get_project(request.user, pk), timezone.now()
    found, today = get_indicator(project, indicator_pk), timezone.localdate(now)
    measures = verdict(request.user, Act.MEASURE, project, today)
    if request.method == "POST":
        require(measures)
    offered = measures and not found.dropped_on
    form = MeasureForm(request.POST or None, indicator=found, today=today) if offered else None
    if request.method == "POST" and form and form.is_valid():
        said = {"meets_condition": True} | form.cleaned_data
        try:
            services.measure(indicator=found, by=request.user, now=now, **said)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "La mesure est notée.")
            return redirect(found)
    measurements = list(found.measurements.all())
    former = reads.former_values(found)
    context = {
        "project": project,
        "line": reads.line_of(found, today),
        "curve": reads.curve_of(found, measurements),
        "rows": [(one, reads.amount(one.value, found.unit), former.get(one.pk, [])) for one in measurements],
        "story": reads.story_of(found),
        "form": form,
        "may_define": verdict(request.user, Act.DEFINE, project, today) and not found.dropped_on,
    }
    return render(request, "projects/effects/indicator.html", context, status=422 if form and form.errors else 200)


@require_http_methods(GET_POST)
def indicator_add(request: HttpRequest, pk: int) -> HttpResponse:
    project, today = get_project(request.user, pk), timezone.localdate()
    require(verdict(request.user, Act.DEFINE, project, today))
    form = IndicatorForm(request.POST or None)
    return act(
        request,
        form,
        lambda: services.write_indicator(project=project, by=request.user, today=today, **form.cleaned_data),
        title="Ajouter un indicateur",
        project=project,
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk, indicator_pk: Indicator.objects.filter(pk=indicator_pk))
def indicator_edit(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    project, today = get_project(request.user, pk), timezone.localdate()
    found = get_indicator(project, indicator_pk)
    require(verdict(request.user, Act.DEFINE, project, today))
    initial = {name: getattr(found, name) for name in IndicatorForm.base_fields}
    form = IndicatorForm(request.POST or None, initial=initial)
    return act(
        request,
        form,
        lambda: services.write_indicator(
            project=project, indicator=found, by=request.user, today=today, **form.cleaned_data
        ),
        title="Modifier l’indicateur",
        project=project,
    )


@require_http_methods(GET_POST)
def indicator_drop(request: HttpRequest, pk: int, indicator_pk: int) -> HttpResponse:
    project, today = get_project(request.user, pk), timezone.localdate()
    found = get_indicator(project, indicator_pk)
    require(verdict(request.user, Act.DEFINE, project, today))
    form = DropForm(request.POST or None)
    return act(
        request,
        form,
        lambda: services.drop_indicator(indicator=found, by=request.user, on=today, **form.cleaned_data),
        title="Ne plus suivre cet indicateur",
        project=project,
        about=found.name,
    )


def act(request: HttpRequest, form: BaseForm, verb: Callable[[], Any], *, title: str, **context: Any) -> HttpResponse:
    """A form on its page, its verb, and the way to what was written."""
    if done := carried_out(request, form, verb, told="C’est noté."):
        return done
    page = {"form": form, "title": title, **context}
    return render(request, "projects/effects/write.html", page, status=422 if form.errors else 200)
