"""Pages of the prints: hand over, offer to prepare, watch, cancel, begin again, take away."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cooperation import jobs
from cooperation.answering import file_to_keep
from cooperation.models import Job
from cooperation.printing import PrintingError
from projects.prints import services
from projects.prints.access import get_print
from projects.prints.papers import Paper

OFFERED = "a-preparer"  # in the address: the paper is known to be long
ADDED = re.compile(r"_[A-Za-z0-9]{7}(?=\.pdf$)")  # by the storage; our own names hold no such sign


def hand_or_prepare(request: HttpRequest, paper: Paper) -> HttpResponseBase:
    """Answer with a short paper; offer to prepare a long one, which a POST asks for: following a link starts nothing.

    The view has checked that it is open to the person.
    """
    if request.method == "POST":
        return hand_or_follow(services.request_print(by=request.user, paper=paper))
    if job := services.under_way(request.user, paper):
        return redirect("projects:print_progress", job.pk)
    try:
        printed = None if OFFERED in request.GET else services.print_now(paper, by=request.user)
    except PrintingError as error:
        messages.error(request, str(error))
        return redirect(paper.home)
    if printed is None:
        # Where `prepare.js` finds the same page again, without a second try at what proved to be long.
        asked = request.GET.copy()
        asked[OFFERED] = "1"
        offer = render(request, "projects/prints/prepare.html", {"paper": paper})
        offer["Content-Location"] = f"{request.path}?{asked.urlencode()}"
        return offer
    name, content = printed
    return file_to_keep(content, name=name, content_type="application/pdf")


def hand_or_follow(job: Job) -> HttpResponse:
    """Lead to the document when it is there and whole, else to the page that says how far it is."""
    is_there = job.result and not job.warning
    return redirect("projects:print_download" if is_there else "projects:print_progress", job.pk)


@require_GET
def print_progress(request: HttpRequest, pk: int) -> HttpResponse:
    job, paper = get_print(request.user, pk)
    now = timezone.now()
    if jobs.is_silent(job, now, since=jobs.SILENCE):  # who watches a dead worker has its work taken up again
        jobs.sweep(now)
        job.refresh_from_db()
    values = {"job": job, "paper": paper, "is_silent": jobs.is_silent(job, now)}
    # The fragment alone is asked for by `print-progress.js`; the page works without it.
    template = "_progress" if "fragment" in request.GET else "progress"
    return render(request, f"projects/prints/{template}.html", values)


@require_POST
def print_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job, _ = get_print(request.user, pk)
    jobs.cancel(job)
    return redirect("projects:print_progress", pk)


@require_POST
def print_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask again for what that print was asked; only what changed since is laid out."""
    _, paper = get_print(request.user, pk)
    return hand_or_follow(services.print_or_request(by=request.user, paper=paper))


@require_GET
def print_download(request: HttpRequest, pk: int) -> HttpResponse:
    job, _ = get_print(request.user, pk)
    if not job.result:
        if not job.is_over:
            messages.info(request, "Ce document n’est pas prêt.")
        return redirect("projects:print_progress", job.pk)
    try:
        content = job.result.open("rb")
    except FileNotFoundError as error:
        raise Http404("Ce document n’est plus conservé : relancez l’impression.") from error
    return FileResponse(content, as_attachment=True, filename=name_given(job.result), content_type="application/pdf")


def name_given(kept: FieldFile) -> str:
    """The name under which a file is handed over: without the signs that set it apart from others of the same name."""
    return ADDED.sub("", kept.name.rsplit("/", 1)[-1])
