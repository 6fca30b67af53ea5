"""Pages of the self-assessment: what the groups say of their cooperation, and writing it down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from partners.people.current import require_intercommunality
from projects.diagnosis import services
from projects.diagnosis.access import get_assessment, may_record, require_recording
from projects.diagnosis.forms import AssessmentForm
from projects.diagnosis.models import Assessment
from projects.diagnosis.reading import page_of

GET_POST = ["GET", "HEAD", "POST"]


@require_GET
def diagnosis(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    context = page_of(epci, request.user) | {"may_record": may_record(request.user, epci)}
    return render(request, "projects/diagnosis/diagnosis.html", context)


@require_http_methods(GET_POST)
def assessment_add(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    require_recording(request.user, epci)
    return write(request, Assessment(intercommunality=epci))


@require_http_methods(GET_POST)
@one_writer(lambda pk: Assessment.objects.filter(pk=pk))
def assessment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return write(request, get_assessment(request.user, pk))


def write(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    form = AssessmentForm(request.POST or None, assessment=assessment, user=request.user)
    if done := carried_out(
        request,
        form,
        lambda: services.record(assessment=assessment, by=request.user, **form.told),
        told="Ce que le groupe dit de sa coopération est noté.",
    ):
        return done
    context = {"form": form, "assessment": assessment}
    return render(request, "projects/diagnosis/write.html", context, status=422 if form.errors else 200)
