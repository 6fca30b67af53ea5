"""Pages of the surveys of beneficiaries: all of them, one, what the coordination enters."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.paging import page_numbered
from cooperation.shared import one_writer
from partners.people.current import require_intercommunality
from projects.effects import survey_services as services
from projects.effects.access import REFUSED, Act, get_survey, may_change, may_survey
from projects.effects.forms import SurveyForm, VerbatimForm
from projects.effects.survey_models import Survey
from projects.effects.survey_reads import reading_of, readings_of, with_words
from projects.effects.views import GET_POST, act

PAGE = 20


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """What beneficiaries said in the territory, of the projects that the person sees and of services."""
    epci = require_intercommunality(request)
    seen = with_words(Survey.objects.visible_to(request.user).filter(intercommunality=epci))
    page = page_numbered(seen, request.GET.get("page", ""), size=PAGE)
    context = {"page": page, "readings": readings_of(page), "may_add": may_survey(request.user, epci)}
    return render(request, "projects/effects/surveys.html", context)


@require_http_methods(GET_POST)
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """One survey, and for the coordination a form to add words that were read over."""
    now = timezone.now()
    found = get_survey(request.user, pk, timezone.localdate(now))
    writes = may_change(request.user, found, timezone.localdate(now))
    if request.method == "POST" and not writes:
        raise PermissionDenied(writes.reason)
    form = VerbatimForm(request.POST or None) if writes else None
    if request.method == "POST" and form and form.is_valid():
        services.add_verbatim(survey=found, text=form.cleaned_data["text"], by=request.user, now=now)
        messages.success(request, "La parole est ajoutée.")
        return redirect(found)
    told = with_words(Survey.objects.filter(pk=found.pk)).get()
    context = {
        "survey": found,
        "reading": reading_of(told),
        "form": form,
        "kept": told.read_over if writes else [],
    }
    return render(request, "projects/effects/survey.html", context, status=422 if form and form.errors else 200)


@require_http_methods(GET_POST)
def survey_add(request: HttpRequest) -> HttpResponse:
    epci, today = require_intercommunality(request), timezone.localdate()
    if not may_survey(request.user, epci):
        raise PermissionDenied(REFUSED[Act.SURVEY])
    asked = {"project": request.GET.get("projet")}
    form = SurveyForm(request.POST or None, epci=epci, user=request.user, initial=asked)
    return act(
        request,
        form,
        lambda: services.write_survey(intercommunality=epci, by=request.user, today=today, **form.cleaned_data),
        title="Saisir une enquête",
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk: Survey.objects.filter(pk=pk))
def survey_edit(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    found = get_survey(request.user, pk, today, to_write=True)
    epci = found.intercommunality
    form = SurveyForm(request.POST or None, instance=Survey.objects.get(pk=pk), epci=epci, user=request.user)
    return act(
        request,
        form,
        lambda: services.write_survey(
            intercommunality=epci, survey=found, by=request.user, today=today, **form.cleaned_data
        ),
        title="Modifier l’enquête",
    )


@require_POST
def verbatim_remove(request: HttpRequest, pk: int, verbatim_pk: int) -> HttpResponse:
    """Remove words for good."""
    today = timezone.localdate()
    found = get_survey(request.user, pk, today, to_write=True)
    words = get_object_or_404(found.verbatims, pk=verbatim_pk)
    services.remove_verbatim(verbatim=words, by=request.user, today=today)
    messages.success(request, "La parole est retirée, sans trace.")
    return redirect(found)
