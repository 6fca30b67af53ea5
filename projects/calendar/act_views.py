"""What is done to the calendar: move a stage, plan a meeting, change it, call it off, write what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from partners.people.current import require_intercommunality
from projects.calendar import services
from projects.calendar.access import REFUSED, get_guest, get_meeting, get_milestone, may_plan, may_plan_something
from projects.calendar.forms import CancelForm, GuestForm, MeetingForm, MilestoneChangeForm, MinutesForm, NewMeetingForm
from projects.calendar.guests import invited_to
from projects.calendar.models import Meeting, Milestone
from projects.calendar.reads import when_of, where_of
from projects.proposals.access import get_project

GET_POST = ["GET", "HEAD", "POST"]


def the_meeting(pk: int) -> QuerySet[Meeting]:
    return Meeting.objects.filter(pk=pk)


@require_http_methods(GET_POST)
@one_writer(lambda pk, milestone_pk: Milestone.objects.filter(pk=milestone_pk))
def milestone_edit(request: HttpRequest, pk: int, milestone_pk: int) -> HttpResponse:
    """Move a stage, or say when it really began and ended."""
    project = get_project(request.user, pk)
    found = get_milestone(project, milestone_pk)
    if not may_plan(request.user, project, project.intercommunality_id):
        raise PermissionDenied(REFUSED)
    initial = {name: getattr(found, name) for name in MilestoneChangeForm.base_fields}
    form = MilestoneChangeForm(request.POST or None, initial=initial)
    return act(
        request,
        form,
        lambda: services.change_milestone(milestone=found, by=request.user, **form.cleaned_data),
        title="Modifier l’étape",
        about=project.title,
        back=found.get_absolute_url(),
    )


@require_http_methods(GET_POST)
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Plan a meeting, about a project or about the territory."""
    epci = require_intercommunality(request)
    if not may_plan_something(request.user, epci.pk):
        raise PermissionDenied(REFUSED)
    asked = {"project": request.GET.get("projet")}
    form = NewMeetingForm(request.POST or None, epci=epci, user=request.user, initial=asked)
    return act(
        request,
        form,
        lambda: services.add_meeting(intercommunality=epci, by=request.user, **form.said()),
        title="Prévoir une réunion",
        back=reverse("projects:calendar"),
    )


@require_http_methods(GET_POST)
@one_writer(the_meeting)
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(request.user, pk, to_plan=True)
    form = MeetingForm(request.POST or None, epci=found.intercommunality, meeting=found)
    return act(
        request,
        form,
        lambda: services.change_meeting(meeting=found, by=request.user, **form.said()),
        title="Modifier la réunion",
        about=found.label,
        back=found.get_absolute_url(),
    )


@require_http_methods(GET_POST)
def meeting_guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is expected at a meeting: add somebody, or expect them no more."""
    found, today = get_meeting(request.user, pk, to_plan=True), timezone.localdate()
    if "remove" in request.POST:
        return guest_remove(request, found)
    form = GuestForm(request.POST or None, meeting=found, today=today)
    here = reverse("projects:meeting_guests", args=[pk])
    told = "C’est noté : les personnes qui ont un compte seront prévenues dans dix minutes."
    if done := carried_out(
        request,
        form,
        lambda: services.invite(meeting=found, by=request.user, **form.cleaned_data),
        told=told,
        back=here,
    ):
        return done
    context = {"meeting": found, "form": form, "guests": invited_to(found, today)}
    return render(request, "projects/calendar/guests.html", context, status=422 if form.errors else 200)


def guest_remove(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Expect somebody no more; nothing tells them so, and whoever removes them is reminded of it."""
    key = request.POST["remove"]
    guest = get_guest(meeting, int(key) if key.isascii() and key.isdigit() else 0)
    name = str(guest)
    try:
        services.uninvite(guest=guest, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{name} : l’invitation est retirée. Si elle était déjà lue, prévenez de vive voix.")
    return redirect("projects:meeting_guests", meeting.pk)


@require_http_methods(GET_POST)
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(request.user, pk, to_plan=True)
    form = CancelForm(request.POST or None)
    return act(
        request,
        form,
        lambda: services.cancel_meeting(meeting=found, by=request.user, **form.cleaned_data),
        title="Annuler la réunion",
        about=f"{found.label}, le {when_of(found)}. {where_of(found)}",
        lead="Elle reste au calendrier, marquée annulée, avec ce motif.",
        back=found.get_absolute_url(),
        submit="Annuler la réunion",
        grave=True,
    )


@require_http_methods(GET_POST)
@one_writer(the_meeting)
def meeting_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(request.user, pk, to_plan=True)
    form = MinutesForm(request.POST or None, initial={"minutes": found.minutes})
    return act(
        request,
        form,
        lambda: services.write_minutes(meeting=found, by=request.user, now=timezone.now(), **form.cleaned_data),
        title="Écrire le compte rendu",
        about=f"{found.label}, le {when_of(found)}",
        back=found.get_absolute_url(),
    )


def act(request, form, verb, *, title: str, back: str, submit: str = "Enregistrer", **told: Any) -> HttpResponse:
    """A form on its page, its verb, and the way back: what the acts of this room have in common."""
    if done := carried_out(request, form, verb, told="C’est noté."):
        return done
    context = {"form": form, "title": title, "back": back, "submit": submit} | told
    return render(request, "projects/calendar/act.html", context, status=422 if form.errors else 200)
