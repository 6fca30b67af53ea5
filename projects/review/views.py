"""Pages of the instruction: the queue of the coordination, and the sheet of one project."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.french import elapsed
from cooperation.paging import AHEAD, number_of
from cooperation.shared import one_writer
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.opinions.legal import with_opinions
from projects.opinions.reads import summary_of
from projects.proposals.access import get_project, told_of_the_author
from projects.proposals.completeness import lacks_of
from projects.proposals.legal import legal_cases_of
from projects.proposals.models import Move, Project
from projects.proposals.places import identify
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import Status
from projects.proposals.workflow import workflow
from projects.review import services
from projects.review.checklist import checklist_of
from projects.review.forms import QUEUE, FitForm, GroundForm, OpinionForm, QueueFilter, VerdictForm

PAGE = 25
DONE = {
    "accept": "Le projet est déclaré recevable : la personne qui le propose en est prévenue.",
    "return": "La demande de complément est partie : la personne qui propose le projet la lira.",
    "refuse": "Le projet est déclaré non recevable : la personne qui le propose lira pourquoi.",
    "ground": "Votre constat est enregistré.",
    "fit": "Les orientations sont enregistrées.",
    "opinion": "Les objectifs et l’avis des services sont enregistrés.",
}
KEPT = "La demande est gardée."  # then why nobody else reads it


@require_GET
def review_queue(request: HttpRequest) -> HttpResponse:
    intercommunality = require_intercommunality(request)
    if not scope_of(request.user).may("review_projects", intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas d’instruire les projets.")
    form = QueueFilter(request.GET)
    state = form.cleaned_data["statut"] if form.is_valid() else ""
    waiting = Project.objects.of(intercommunality)
    page = in_order(waiting, [state] if state else QUEUE, number_of(request.GET.get("page", "")))
    sent_again = Move.objects.filter(
        project=OuterRef("pk"), project__status=Status.SUBMITTED, transition="submit", source=Status.TO_COMPLETE
    )
    told = Project.objects.select_related("author").annotate(came_back=Exists(sent_again))
    shown = told.in_bulk(page.object_list)
    today = timezone.localdate()
    rows = [(shown[pk], elapsed(timezone.localdate(shown[pk].submitted_at), today)) for pk in page]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "has_authors": any(project.author_id for project in shown.values()),
        "query": f"&statut={state}" if state else "",
    }
    return render(request, "projects/review/queue.html", context)


def in_order(waiting: ProjectQuerySet, states: Sequence[Status], number: int) -> Page[int]:
    """The numbers of a page of the queue, read state by state as the index has them, a few pages further at most."""
    keys: list[int] = []
    for state in states:
        oldest = waiting.filter(status=state).order_by("submitted_at", "pk").values_list("pk", flat=True)
        keys += oldest[: (number + AHEAD) * PAGE - len(keys)]
    return Paginator(keys, PAGE).get_page(number)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(lambda pk: Project.objects.filter(pk=pk))
def review(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk, "review_project")
    verdicts = [(t, v) for t, v in workflow.actions(project, request.user) if t.name in services.VERDICTS]
    asked = request.POST.get("form", "")
    forms = {
        "verdict": VerdictForm(
            request.POST if asked == "verdict" else None, choices=[(t.name, t.label) for t, v in verdicts if v]
        ),
        "ground": GroundForm(request.POST if asked == "ground" else None, project=project),
        "fit": FitForm(request.POST if asked == "fit" else None, project=project),
        "opinion": OpinionForm(request.POST if asked == "opinion" else None, project=project),
    }
    status = 200
    if asked in forms:
        form = forms[asked]
        if form.is_valid() and save(request, project, asked, form):
            return redirect("projects:review", pk)
        status = 422
    today = timezone.localdate()
    actors = list(project.actors.select_related("relay").prefetch_related("endorsements"))
    read = {
        "lacks": lacks_of(project),
        "actors": actors,
        "identification": identify(actors),
        "opinions": summary_of(project, request.user, today),
    }
    legal_cases = with_opinions(legal_cases_of(project, today), project, read["opinions"], today)
    context = {
        "project": project,
        "checklist": checklist_of(project, cases=legal_cases, **read),
        "legal_cases": legal_cases,
        "forms": forms,
        "may_answer": any(verdict for _, verdict in verdicts),
        "refusal": services.refusal_of(project, request.user),
        "communes": list(project.communes.all()),
        "competences": list(project.competences.all()),
        **read,
    }
    return render(request, "projects/review/review.html", context, status=status)


def save(
    request: HttpRequest, project: Project, asked: str, form: VerdictForm | GroundForm | FitForm | OpinionForm
) -> bool:
    """Perform the act asked for; a refusal is told in its form."""
    try:
        match asked:
            case "verdict":
                services.give_verdict(project=project, by=request.user, **form.cleaned_data)
            case "ground":
                services.state_ground(project=project, by=request.user, **form.cleaned_data)
            case "fit":
                data = form.cleaned_data
                services.state_fit(
                    project=project,
                    fits=form.fits(),
                    none_fits=data["none_fits"],
                    statement=data["statement"],
                    by=request.user,
                )
            case _:
                services.write_opinion(project=project, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    done = form.cleaned_data["name"] if asked == "verdict" else asked
    alone = told_of_the_author(project) if done == "return" else ""
    messages.success(request, f"{KEPT} {alone}" if alone else DONE[done])
    return True
