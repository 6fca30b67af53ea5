"""Pages to read the calendar: meetings, stages, places, one project, one meeting; the address that a diary reads."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.forms import show_errors
from cooperation.french import date_fr
from cooperation.icalendar import calendar_of
from cooperation.paging import Slice, page_after, read_key
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.calendar import services
from projects.calendar.access import REFUSED, get_meeting, may_plan, may_plan_something
from projects.calendar.forms import CalendarFilter, MilestoneForm, PlacesFilter, ProjectsFilter, StagesFilter
from projects.calendar.guests import invited_to
from projects.calendar.models import CalendarAddress, Meeting, Milestone
from projects.calendar.places import hosting_of, never_hosting
from projects.calendar.reads import by_month, conflicts_in, events_of, limits_of_feed, meeting_row, session_row
from projects.calendar.stages import extent_of, gantt_of, groups_of, spans_of, stage_rows, told_of
from projects.calendar.windows import (
    asked_for,
    late,
    meetings_of,
    meetings_seen,
    milestones_seen,
    running_between,
    sessions_seen,
    starting_between,
    starting_from,
    to_come,
)
from projects.proposals.access import get_project

GET_POST = ["GET", "HEAD", "POST"]
PAGE, DRAWN = 50, 30
SESSIONS = 200  # told among the meetings of a page: nobody plans as many
WAYS = (("calendar", "Les réunions"), ("calendar_stages", "Les étapes"), ("calendar_places", "Les lieux"))


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The meetings of the territory, on the projects that the person sees, from today on or of one month."""
    epci, today = require_intercommunality(request), timezone.localdate()
    filters = CalendarFilter(request.GET, epci=epci, today=today)
    projects = asked_for(epci, request.user, filters.narrow)
    seen = meetings_of(epci, request.user, projects)
    month = filters.month()
    window = starting_between(*month) if month else starting_from(today)
    found = seen.filter(window).select_related("project", "commune")
    after = request.GET.get("apres", "")
    page = page_after(found, after, by="starts_at", size=PAGE)
    others = seen if projects is None else meetings_of(epci, request.user)
    conflicts = conflicts_in(others, page.rows)
    rows = [meeting_row(one, conflicts.get(one.pk, ())) for one in page.rows]
    held = sessions_seen(epci, request.user, projects).filter(held_beside(page, after, month, today))
    held = held.select_related("body").annotate(item_count=Count("items")).order_by("held_on", "pk")
    context = {
        "tabs": tabs_of("calendar", filters),
        "filters": filters,
        "page": page,
        "months": by_month([*rows, *map(session_row, held[:SESSIONS])]),
        "conflicts": sum(map(bool, conflicts.values())),
        "may_add": may_plan_something(request.user, epci.pk),
        "reads_sessions": scope_of(request.user).may("view_sessions", epci.pk),
    }
    return render(request, "projects/calendar/calendar.html", context | paging_of(request, filters))


def held_beside(page: Slice[Meeting], after: str, month: tuple[date, date] | None, today: date) -> Q:
    """The sessions told with a page of meetings: from the day on which the page begins, to that of the next one."""
    first, last = month or (today, None)
    key = read_key(after, Meeting._meta.get_field("starts_at"))
    begins = timezone.localdate(key[0]) if key else first
    window = Q(held_on__gte=begins)
    if page.next_key:
        return window & Q(held_on__lt=timezone.localdate(page.rows[-1].starts_at))
    return window & Q(held_on__lte=last) if last else window


@require_GET
def calendar_stages(request: HttpRequest) -> HttpResponse:
    """The stages drawn along time, gathered by project: of everything, of an orientation, of a part of the strategy."""
    epci, today = require_intercommunality(request), timezone.localdate()
    filters = StagesFilter(request.GET, epci=epci, today=today)
    asked = asked_for(epci, request.user, filters.narrow)
    stages, are_few = milestones_seen(epci, request.user, asked)
    month, is_late = filters.month(), filters.cleaned_data.get("mois") == filters.LATE
    window = running_between(*month) if month else late(today) if is_late else to_come(today)
    page = page_after(
        stages.filter(window).select_related("project"), request.GET.get("apres", ""), by="planned_end", size=DRAWN
    )
    context = {
        "tabs": tabs_of("calendar_stages", filters),
        "filters": filters,
        "page": page,
        "drawn": DRAWN,
        "shown": groups_of(page.rows, today),
        # Among those of a large part of the territory, the first and the last would be looked for among all the others.
        "extent": extent_of(stages) if are_few or scope_of(request.user).sees_all(epci.pk) else "",
        "is_narrow": asked is not None,
        "is_late": is_late,
        "late": 0 if is_late or month else late_in(stages, today),
        "late_url": f"?{joined(filters.query_without('mois'), f'mois={filters.LATE}')}",
    }
    return render(request, "projects/calendar/stages.html", context | paging_of(request, filters))


@require_GET
def calendar_places(request: HttpRequest) -> HttpResponse:
    """Where meetings are held: the map of the communes, the table beside it, and who never receives any."""
    epci, now = require_intercommunality(request), timezone.now()
    filters = PlacesFilter(request.GET, epci=epci, today=timezone.localdate(now))
    projects = asked_for(epci, request.user, filters.narrow)
    seen, are_few = meetings_seen(epci, request.user, projects)
    is_whole = projects is None and scope_of(request.user).sees_all(epci.pk)
    never = partial(never_hosting, seen, are_few=are_few, is_whole=is_whole)
    first, last = filters.days()
    words = f"du {date_fr(first)} au {date_fr(last)}"
    context = {
        "tabs": tabs_of("calendar_places", filters),
        "filters": filters,
        "words": words,
        "hosting": hosting_of(epci, seen, never, window=starting_between(first, last), now=now, words=words),
    }
    return render(request, "projects/calendar/places.html", context)


def late_in(stages: QuerySet[Milestone], today: date) -> int:
    """How many stages should have ended; one more than are drawn when there are more."""
    return len(stages.filter(late(today)).order_by("planned_end", "pk").values_list("pk")[: DRAWN + 1])


def tabs_of(current: str, filters: ProjectsFilter) -> list[dict[str, Any]]:
    """The three ways to look at the calendar; what narrows the projects goes along."""
    query = filters.query_without("mois", "periode")
    return [
        {
            "label": label,
            "url": reverse(f"projects:{name}") + (f"?{query}" if query else ""),
            "is_current": name == current,
        }
        for name, label in WAYS
    ]


def joined(*parts: str) -> str:
    return "&".join(part for part in parts if part)


def paging_of(request: HttpRequest, filters: ProjectsFilter) -> dict[str, Any]:
    """What the links between pages need: the filters in force, and whether this is the first page."""
    return {"query": filters.query_without(), "is_first": not request.GET.get("apres")}


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
    meetings = project.meetings.select_related("project", "commune")
    page = page_after(meetings, request.GET.get("apres", ""), by="starts_at", size=PAGE)
    conflicts = conflicts_in(meetings_of(project.intercommunality, request.user), page.rows)
    context = {
        "project": project,
        "form": form,
        "stages": rows,
        "gantt": gantt_of(rows, today),
        "dates": told_of(spans_of([project])[project.pk]),
        "page": page,
        "is_first": not request.GET.get("apres"),
        "rows": [meeting_row(one, conflicts.get(one.pk, ())) for one in page.rows],
    }
    status = 422 if form and form.errors else 200
    return render(request, "projects/calendar/project.html", context, status=status)


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
        (plans and is_planned, "Inviter", "meeting_guests"),
        (plans and is_planned, "Modifier", "meeting_edit"),
        (plans and is_planned, "Annuler la réunion", "meeting_cancel"),
    ]
    conflicts = conflicts_in(meetings_of(found.intercommunality, request.user), [found])
    guests = invited_to(found, timezone.localdate(now))
    context = {
        "row": meeting_row(found, conflicts.get(pk, ())),
        "guests": guests,
        "alone": [str(one.guest) for one in guests if one.is_alone] if plans and is_planned else [],
        "is_planned": is_planned,
        "actions": [
            {"label": label, "url": reverse(f"projects:{name}", args=[pk])} for open_, label, name in offered if open_
        ],
    }
    return render(request, "projects/calendar/meeting.html", context)


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
    return render(request, "projects/calendar/address.html", {"held": held, "told": told, "limits": limits_of_feed()})


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
