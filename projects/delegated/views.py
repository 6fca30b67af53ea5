"""Pages of what is done between two sessions: open an act on a project, read what was decided by delegation."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.forms import show_errors
from projects.delegated import services
from projects.delegated.forms import ActForm
from projects.deliberation.access import get_session, sessions_read_by
from projects.proposals.access import get_project


@require_http_methods(["GET", "HEAD", "POST"])
def act_between(request: HttpRequest, pk: int) -> HttpResponse:
    """The coordination opens the act; the presidency, or the coordination with the answers, then proclaims."""
    project = get_project(request.user, pk, "plan_sessions")
    today = timezone.localdate()
    form = ActForm(request.POST or None, intercommunality_id=project.intercommunality_id, today=today)
    told = {"by": request.user, "today": today}
    if request.method == "POST" and form.is_valid():
        try:
            item = services.open_act(project=project, **told, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "L’acte est ouvert : il reste à le proclamer.")
            return redirect("projects:session", item.session_id)
    status = 422 if form.errors else 200
    return render(request, "projects/delegated/act.html", {"project": project, "form": form}, status=status)


@require_GET
def delegated_report(request: HttpRequest, pk: int) -> HttpResponse:
    """What the conseil is told of at this session; decisions not yet published are read by those who hold sessions."""
    council = get_session(request.user, pk)
    if not council.body.is_council:
        raise Http404("Ce compte rendu se fait au conseil communautaire.")
    found = services.delegated_since(council)
    read = sessions_read_by(request.user, [one.item.session for one in found])
    readable = [one for one in found if one.item.session_id in read]
    return render(request, "projects/delegated/report.html", {"session": council, "decisions": readable})
