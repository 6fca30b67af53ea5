"""Pages of the portfolio: the home of each person, and the projects they may see."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from partners.people.access import scope_of
from partners.people.current import (
    SESSION_KEY,
    current_intercommunality,
    intercommunalities_of,
    require_intercommunality,
)
from projects.followup.reads import health_words, with_health
from projects.marks.models import Mark
from projects.portfolio import home as reads
from projects.portfolio.context import address_of
from projects.portfolio.filters import PortfolioFilters, listed
from projects.portfolio.grouped_views import MENU
from projects.portfolio.paging import page_after, read_key
from projects.portfolio.programme import programme_of
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.sharing import sharing_by_project

EXPORTS = (
    ("xlsx", "Un classeur XLSX (Excel, LibreOffice), 5 000 projets au plus"),
    ("ods", "Un classeur ODS (LibreOffice), 5 000 projets au plus"),
    ("csv", "La liste seule, en CSV, quel que soit le nombre de projets"),
    ("json", "Les projets adoptés, en données ouvertes (schéma « projets-territoire »)"),
)
COUNTED_UP_TO = 1000  # beyond, nobody reads the exact number


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Welcome the visitor, or tell the person what waits for them where they are working."""
    if not request.user.is_authenticated:
        return render(request, "projects/portfolio/welcome.html")
    epci = current_intercommunality(request)
    if epci is None:
        return render(request, "projects/portfolio/no_place.html")
    today = timezone.localdate()
    return render(
        request,
        "projects/portfolio/home.html",
        {
            "epci": epci,
            "waiting": reads.waiting_for(request.user, epci, today),
            "moves": reads.latest_moves(request.user, epci),
            "late": reads.late_projects(request.user, epci, today),
            "may_propose": scope_of(request.user).may("submit_projects", epci.pk),
            "propose_url": address_of("projects:start"),
        },
    )


@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    filters = PortfolioFilters(request.GET, intercommunality=epci, person=request.user)
    # Databases ask in the order written: one row tells a choice where several tell a reader, or what is missing.
    every, number, first = Project.objects.all(), None, None
    if "manque" in filters.in_force:
        found = filters.apply(every.visible_in(epci, request.user))
    else:
        found = filters.apply(every).visible_in(epci, request.user)
    chips, after = filters.chips(), request.GET.get("apres", "")
    if chips:
        found, first = counted(found)
        number = len(first)
    known = None if read_key(after) else first
    page = page_after(found, after, known=known, shown=lambda rows: with_health(listed(rows)))
    for project in page.rows:
        project.health_said = health_words(project.health, project.health_on, timezone.localdate())
    sharing = sharing_by_project(page.rows)
    marks = {mark.project_id: mark for mark in Mark.objects.of(request.user).filter(project__in=page.rows)}
    may_group = scope_of(request.user).may("review_projects", epci.pk)
    return render(
        request,
        "projects/portfolio/list.html",
        {
            "filters": filters,
            "chips": chips,
            "number": number,
            "is_beyond_count": number is not None and number > COUNTED_UP_TO,
            "counted_up_to": COUNTED_UP_TO,
            "page": page,
            "rows": [(project, marks.get(project.pk), sharing[project.pk]) for project in page.rows],
            "query": filters.query(),
            "menu": MENU if may_group else [],
            "exports": EXPORTS,
            "is_first": "apres" not in request.GET,
            "propose_url": address_of("projects:start")
            if scope_of(request.user).may("submit_projects", epci.pk)
            else "",
            # A choice made of private marks is not printed: the document is for several people.
            "print_url": f"{address_of('projects:report')}?{filters.query()}"
            if scope_of(request.user).may("print_report", epci.pk) and "marque" not in filters.in_force
            else "",
        },
    )


def counted(found: ProjectQuerySet) -> tuple[ProjectQuerySet, list[int]]:
    """The latest projects that answer, up to a bound; up to there they are named, and looked for once only."""
    keys = found.newest(COUNTED_UP_TO + 1)
    return (found if len(keys) > COUNTED_UP_TO else Project.objects.filter(pk__in=keys)), keys


@require_GET
def programme(request: HttpRequest) -> HttpResponse:
    """The investments year by year, of the projects that the person sees."""
    epci = require_intercommunality(request)
    context = programme_of(epci, request.user, request.GET.get("apres", ""))
    return render(request, "projects/portfolio/programme.html", context)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Work in another of one's EPCIs."""
    chosen = request.POST.get("intercommunality", "")
    epci = next((one for one in intercommunalities_of(request) if str(one.pk) == chosen), None)
    if epci is None:
        raise Http404("Cette intercommunalité n’est pas rattachée à votre compte.")
    request.session[SESSION_KEY] = epci.pk
    messages.success(request, f"Vous travaillez maintenant dans : {epci.name}.")
    return redirect("projects:home")
