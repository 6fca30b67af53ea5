"""Pages of the print: ask for it, watch it, take it away."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from cooperation import jobs
from cooperation.models import Job
from partners.people.access import get_intercommunality, scope_of
from partners.people.current import require_intercommunality
from partners.people.models import User
from projects.report import services
from territories.models import Intercommunality


def get_printed_intercommunality(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they may print its report."""
    return get_intercommunality(request.user, require_intercommunality(request).siren, "print_report")


def get_print(user: User, pk: int) -> Job:
    """The only way a view obtains a print: one of an EPCI whose report the person may print, today."""
    prints = Job.objects.filter(kind=services.KIND)
    if not user.is_superuser:
        prints = prints.filter(intercommunality_id__in=scope_of(user).where("print_report"))
    return get_object_or_404(prints, pk=pk)


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    intercommunality = get_printed_intercommunality(request)
    prints = Job.objects.filter(kind=services.KIND, intercommunality_id=intercommunality.pk).select_related(
        "requested_by"
    )[:10]
    return render(request, "projects/report/report.html", {"intercommunality": intercommunality, "prints": prints})


@require_POST
def print_start(request: HttpRequest) -> HttpResponse:
    job = services.request_print(by=request.user, intercommunality=get_printed_intercommunality(request))
    return redirect("projects:print_progress", job.pk)


@require_GET
def print_progress(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_print(request.user, pk)
    # The fragment alone is asked for by `print-progress.js`; the page works without it.
    template = "_progress" if "fragment" in request.GET else "progress"
    return render(request, f"projects/report/{template}.html", {"job": job})


@require_POST
def print_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    jobs.cancel(get_print(request.user, pk))
    return redirect("projects:print_progress", pk)


@require_GET
def print_download(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_print(request.user, pk)
    if not job.result:
        messages.info(request, "Ce document n’est pas prêt.")
        return redirect("projects:print_progress", job.pk)
    try:
        content = job.result.open("rb")
    except FileNotFoundError as error:
        raise Http404("Ce document n’est plus conservé : relancez l’impression.") from error
    name = job.result.name.rsplit("/", 1)[-1]
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
