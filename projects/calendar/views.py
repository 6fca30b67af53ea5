"""Pages of the calendar: everything, one project, one meeting; and the address that a diary reads."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.forms import show_errors
from cooperation.icalendar import calendar_of
from partners.people.current import require_intercommunality
from projects.calendar import services
from projects.calendar.access import REFUSED, get_meeting, get_milestone, may_plan
from projects.calendar.forms import (
    CalendarFilter,
    CancelForm,
    MeetingForm,
    MilestoneChangeForm,
    MilestoneForm,
    MinutesForm,
    NewMeetingForm,
)
from projects.calendar.models import CalendarAddress, Meeting
from projects.calendar.reads import (
    conflicts_in,
    events_of,
    gantt_of,
    meeting_row,
    meetings_of,
    milestones_of,
    stage_rows,
    within,
)
from projects.proposals.access import get_project
from projects.proposals.models import Project

GET_POST = ["GET", "HEAD", "POST"]
PAGE, DRAWN = 50, 40


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Meetings and stages of the territory, on the projects that the person sees, from today or of one month."""
    epci, now = require_intercommunality(request), timezone.now()
    today = timezone.localdate(now)
    filters = CalendarFilter(request.GET, epci=epci, user=request.user, today=today)
    seen, stages = meetings_of(epci, request.user), milestones_of(epci, request.user)
    conflicts = conflicts_in(seen, now)
    if project := filters.cleaned_data.get("projet"):
        seen, stages = seen.filter(project=project), stages.filter(project=project)
    if month := filters.cleaned_data.get("mois"):
        first = date.fromisoformat(f"{month}-01")
        last = first.replace(day=monthrange(first.year, first.month)[1])
        here = timezone.get_current_timezone()
        bounds = [datetime.combine(*one, tzinfo=here) for one in ((first, time.min), (last, time.max))]
        seen, stages = seen.filter(starts_at__lte=bounds[1], ends_at__gte=bounds[0]), stages.filter(within(first, last))
    else:
        seen, stages = seen.filter(ends_at__gte=now), stages.filter(actual_end=None)
    page = Paginator(seen, PAGE).get_page(request.GET.get("page"))
    found = list(stages[: DRAWN + 1])
    rows = stage_rows(found[:DRAWN], today)
    context = {
        "filters": filters,
        "page": page,
        "rows": [meeting_row(one) for one in page],
        "stages": rows,
        "gantt": gantt_of(rows, today),
        "has_more": len(found) > DRAWN,
        "drawn": DRAWN,
        "conflicts": conflicts,
        "query": "".join(
            f"&{name}={request.GET[name]}" for name in ("projet", "mois") if filters.cleaned_data.get(name)
        ),
        "may_add": may_plan(request.user, None, epci.pk)
        or Project.objects.of(epci).filter(author=request.user).exists(),
    }
    return render(request, "projects/calendar/calendar.html", context)


@require_http_methods(GET_POST)
def project_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The stages and the meetings of one project; a form to add a stage for those who plan it."""
    project = get_project(request.user, pk)
    now, plans = timezone.now(), may_plan(request.user, project, project.intercommunality_id)
    if request.method == "POST" and not plans:
        raise PermissionDenied(REFUSED)
    form = MilestoneForm(request.POST or None) if plans else None
    if request.method == "POST" and form and form.is_valid():
        try:
            services.add_milestone(project=project, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "L’étape est inscrite.")
            return redirect("projects:project_calendar", pk)
    today = timezone.localdate(now)
    rows = stage_rows(project.milestones.select_related("project"), today)
    page = Paginator(project.meetings.select_related("project", "commune"), PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "form": form,
        "stages": rows,
        "gantt": gantt_of(rows, today),
        "page": page,
        "rows": [meeting_row(one) for one in page],
    }
    status = 422 if form and form.errors else 200
    return render(request, "projects/calendar/project.html", context, status=status)


@require_http_methods(GET_POST)
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
    asked = {"project": request.GET.get("projet")}
    form = NewMeetingForm(request.POST or None, epci=epci, user=request.user, initial=asked)
    if form.fields["project"].required and not form.fields["project"].queryset.exists():
        raise PermissionDenied(REFUSED)
    return act(
        request,
        form,
        lambda: services.add_meeting(intercommunality=epci, by=request.user, **form.said()),
        title="Prévoir une réunion",
        back=reverse("projects:calendar"),
    )


@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting, what stands in its way, and what may be done."""
    found, now = get_meeting(request.user, pk), timezone.now()
    plans = may_plan(request.user, found.project, found.intercommunality_id)
    is_planned = found.state == Meeting.State.PLANNED
    has_begun = found.starts_at <= now and found.state != Meeting.State.CANCELLED
    offered = [
        (
            plans and has_begun,
            "Écrire le compte rendu" if is_planned else "Corriger le compte rendu",
            "meeting_minutes",
        ),
        (plans and is_planned, "Modifier", "meeting_edit"),
        (plans and is_planned, "Annuler la réunion", "meeting_cancel"),
    ]
    context = {
        "row": meeting_row(found),
        "conflicts": conflicts_in(meetings_of(found.intercommunality, request.user), now, about=found),
        "actions": [
            {"label": label, "url": reverse(f"projects:{name}", args=[pk])} for open_, label, name in offered if open_
        ],
    }
    return render(request, "projects/calendar/meeting.html", context)


@require_http_methods(GET_POST)
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
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(request.user, pk, to_plan=True)
    form = CancelForm(request.POST or None)
    return act(
        request,
        form,
        lambda: services.cancel_meeting(meeting=found, by=request.user, **form.cleaned_data),
        title="Annuler la réunion",
        about=found.label,
        back=found.get_absolute_url(),
    )


@require_http_methods(GET_POST)
def meeting_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(request.user, pk, to_plan=True)
    form = MinutesForm(request.POST or None, initial={"minutes": found.minutes})
    return act(
        request,
        form,
        lambda: services.write_minutes(meeting=found, by=request.user, now=timezone.now(), **form.cleaned_data),
        title="Écrire le compte rendu",
        about=found.label,
        back=found.get_absolute_url(),
    )


def act(request, form, verb, *, title: str, back: str, about: str = "") -> HttpResponse:
    """A form on its page, its verb, and the way back: what the acts of this room have in common."""
    if request.method == "POST" and form.is_valid():
        try:
            done = verb()
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "C’est noté.")
            return redirect(done)
    context = {"form": form, "title": title, "about": about, "back": back}
    return render(request, "projects/calendar/act.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(GET_POST)
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make the secret address of one's diary, told this once, or make it stop."""
    told = ""
    if request.method == "POST" and "remove" in request.POST:
        services.revoke_address(person=request.user)
        messages.success(request, "L’adresse ne répond plus.")
        return redirect("projects:calendar_address")
    if request.method == "POST":
        token = services.make_address(person=request.user, now=timezone.now())
        told = settings.SITE_URL + reverse("projects:calendar_feed", args=[token])
    held = CalendarAddress.objects.filter(person=request.user).first()
    return render(request, "projects/calendar/address.html", {"held": held, "told": told})


@login_not_required
@never_cache
@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a diary reads, as its person would see it now; 404 when the secret is unknown or the account closed."""
    found = CalendarAddress.objects.select_related("person").filter(digest=services.digest_of(token)).first()
    if found is None or not found.person.is_active:
        raise Http404
    now = timezone.now()
    text = calendar_of(events_of(found.person, now), name="Commun’accord", now=now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
