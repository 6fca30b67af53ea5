"""The page that tells what changed in a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.chronicle.access import readable_since
from projects.chronicle.forms import DaysForm
from projects.chronicle.reads import changes_between, days_of_change
from projects.proposals.access import get_project


@require_safe
def chronicle(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    earliest, today = readable_since(request.user, project), timezone.localdate()
    form = DaysForm(request.GET or {"since": earliest, "until": today}, earliest=earliest)
    changes = None
    if form.is_valid():
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        changes = changes_between(project, since, until, reader=request.user)
    days = days_of_change(project, earliest)
    context = {"project": project, "form": form, "changes": changes, "days": days, "today": today}
    return render(request, "projects/chronicle/chronicle.html", context, status=200 if form.is_valid() else 422)
