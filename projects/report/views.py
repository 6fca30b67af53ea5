"""Pages of the print: ask for it, watch it, take it away."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib import messages
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cooperation import jobs
from cooperation.models import Job
from partners.people.access import get_intercommunality, scope_of
from partners.people.current import require_intercommunality
from partners.people.models import User
from projects.portfolio.filters import Chip, PortfolioFilters
from projects.report import services
from projects.report.choices import Choices
from projects.report.forms import ChoicesForm
from territories.models import Intercommunality

ADDED = re.compile(r"_[A-Za-z0-9]{7}(?=\.pdf$)")  # by the storage; our own names hold no such sign


def get_printed_intercommunality(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they may print its report."""
    return get_intercommunality(request.user, require_intercommunality(request).siren, "print_report")


def get_print(user: User, pk: int | str) -> Job:
    """The only way a view obtains a print: one of an EPCI whose report the person may print, today."""
    prints = Job.objects.filter(kind=services.KIND)
    if not user.is_superuser:
        prints = prints.filter(intercommunality_id__in=scope_of(user).where("print_report"))
    try:
        return get_object_or_404(prints, pk=pk)
    except ValueError as error:
        raise Http404 from error


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Choose what to print; the list of projects may bring the filters of its address."""
    intercommunality = get_printed_intercommunality(request)
    choices = services.remembered_choices(intercommunality)
    filters = PortfolioFilters(request.GET, intercommunality=intercommunality)
    if filters.in_force:
        choices = Choices(audience=choices.audience, chapters=choices.chapters, query=filters.query())
    form = ChoicesForm(intercommunality=intercommunality, choices=choices, today=timezone.localdate())
    return render_report(request, intercommunality, form, chips=filters.chips())


@require_POST
def print_start(request: HttpRequest) -> HttpResponse:
    intercommunality = get_printed_intercommunality(request)
    kept = services.remembered_choices(intercommunality)
    if "audience" not in request.POST:  # « Recommencer »: what that print was asked, or what is remembered
        again = get_print(request.user, request.POST["again"]) if "again" in request.POST else None
        choices = Choices.read(again.order) if again else kept
        return hand_or_follow(
            services.print_or_request(by=request.user, intercommunality=intercommunality, choices=choices)
        )
    today = timezone.localdate()
    form = ChoicesForm(request.POST, intercommunality=intercommunality, choices=kept, today=today)
    if not form.is_valid():
        return render_report(request, intercommunality, form, status=422)
    services.remember_choices(by=request.user, intercommunality=intercommunality, choices=form.choices)
    return hand_or_follow(
        services.print_or_request(by=request.user, intercommunality=intercommunality, choices=form.choices)
    )


def name_given(kept: FieldFile) -> str:
    """The name under which a file is handed over: without the signs that set it apart from others of the same name."""
    return ADDED.sub("", kept.name.rsplit("/", 1)[-1])


def hand_or_follow(job: Job) -> HttpResponse:
    """Lead to the document when it is there and whole, else to the page that says how far it is."""
    is_there = job.state == Job.State.DONE and not job.warning
    return redirect("projects:print_download" if is_there else "projects:print_progress", job.pk)


def render_report(
    request: HttpRequest,
    intercommunality: Intercommunality,
    form: ChoicesForm,
    *,
    chips: Sequence[Chip] = (),
    status: int = 200,
) -> HttpResponse:
    prints = Job.objects.filter(kind=services.KIND, intercommunality_id=intercommunality.pk)
    values = {
        "intercommunality": intercommunality,
        "form": form,
        "chips": chips,
        "prints": [(job, words_of(job)) for job in prints.select_related("requested_by")[:10]],
    }
    return render(request, "projects/report/report.html", values, status=status)


def words_of(job: Job) -> str:
    return Choices.read(job.order).in_words


@require_GET
def print_progress(request: HttpRequest, pk: int) -> HttpResponse:
    job, now = get_print(request.user, pk), timezone.now()
    if jobs.is_silent(job, now, since=jobs.SILENCE):  # who watches a dead worker has its work taken up again
        jobs.sweep(now)
        job.refresh_from_db()
    values = {"job": job, "words": words_of(job), "is_silent": jobs.is_silent(job, now)}
    # The fragment alone is asked for by `print-progress.js`; the page works without it.
    template = "_progress" if "fragment" in request.GET else "progress"
    return render(request, f"projects/report/{template}.html", values)


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
    return FileResponse(content, as_attachment=True, filename=name_given(job.result), content_type="application/pdf")
