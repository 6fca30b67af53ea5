"""Pages of the print: choose what it holds and ask for it; `prints` has those that follow it and hand it over."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cooperation.models import Job
from partners.people.access import get_intercommunality
from partners.people.current import require_intercommunality
from projects.portfolio.filters import Chip, PortfolioFilters
from projects.prints.services import print_or_request
from projects.prints.views import hand_or_follow
from projects.report import services
from projects.report.choices import Choices
from projects.report.forms import ChoicesForm
from projects.report.papers import TerritoryReport
from territories.models import Intercommunality


def get_printed_intercommunality(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they may print its report."""
    return get_intercommunality(request.user, require_intercommunality(request).siren, "print_report")


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
    if "audience" not in request.POST:  # without a form, what is remembered
        return hand_or_follow(print_or_request(by=request.user, paper=TerritoryReport(intercommunality, kept)))
    today = timezone.localdate()
    form = ChoicesForm(request.POST, intercommunality=intercommunality, choices=kept, today=today)
    if not form.is_valid():
        return render_report(request, intercommunality, form, status=422)
    services.remember_choices(by=request.user, intercommunality=intercommunality, choices=form.choices)
    return hand_or_follow(print_or_request(by=request.user, paper=TerritoryReport(intercommunality, form.choices)))


def render_report(
    request: HttpRequest,
    intercommunality: Intercommunality,
    form: ChoicesForm,
    *,
    chips: Sequence[Chip] = (),
    status: int = 200,
) -> HttpResponse:
    prints = Job.objects.filter(kind=TerritoryReport.kind, intercommunality_id=intercommunality.pk)
    prints = prints.exclude(state=Job.State.DONE, result="")  # those that are no longer kept
    values = {
        "intercommunality": intercommunality,
        "form": form,
        "chips": chips,
        "prints": [(job, words_of(job)) for job in prints.select_related("requested_by")[:10]],
    }
    return render(request, "projects/report/report.html", values, status=status)


def words_of(job: Job) -> str:
    return Choices.read(job.order).in_words
