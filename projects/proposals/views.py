"""Pages of the proposal: start, write step by step, name the actors, act, endorse."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.difference import difference
from cooperation.shared import in_words, one_writer
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.proposals import aside_services, services
from projects.proposals.access import get_project, told_of_the_author
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.completeness import asked_of, lacks_of
from projects.proposals.forms import ActorForm
from projects.proposals.legal import legal_cases_of
from projects.proposals.models import Project
from projects.proposals.places import identify
from projects.proposals.similar import looked_at, similar_to
from projects.proposals.steps import Step, contents, next_key, step_of, url_of, with_links
from projects.proposals.suggestions import suggestions_for
from projects.proposals.workflow import HAVE_THEIR_PAGE, label_of, workflow
from territories.competences.legal_case import LegalCase

STEPS_TITLE = "Étapes de la proposition"
WHAT_FOLLOWS = {"submit": " La coordination regarde s’il est recevable ; sa réponse vous sera annoncée ici."}
LOOKED_AROUND = {"need", "place"}  # the steps at which one may still join rather than duplicate


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    scope = scope_of(request.user)
    if not scope.may("submit_projects", epci.pk):
        raise PermissionDenied("Votre rôle ne permet pas de proposer un projet.")
    if request.method == "POST":
        project = services.open_draft(by=request.user, intercommunality=epci, political="political" in request.POST)
        return redirect(url_of(project, "need"))
    may_open = scope.may("open_political_projects", epci.pk)
    return render(request, "projects/proposals/start.html", {"may_open_political": may_open})


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    project = get_project(request.user, pk, "change_project")
    step = step_of(slug)
    if step.form is None:
        return show_actors(request, project, step) if step.key == "actors" else show_review(request, project, step)
    form = step.form(request.POST or None, instance=project)
    if request.method != "POST":
        return render_step(request, project, step, form)
    form.is_valid()
    try:
        saved = services.save_step(form=form, by=request.user, version=request.POST.get("version", ""))
    except services.Conflict as conflict:
        return answer_conflict(request, conflict.stored, step, form)
    if "X-Autosave" in request.headers:
        return answer_saved(request, saved, step, form)
    is_about_others = step.key in LOOKED_AROUND and tell_of_others(request, saved)
    if form.errors:
        return render_step(request, saved, step, form, status=422)
    if is_about_others:
        return redirect(f"{url_of(saved, step.key)}#proches")
    if "later" in request.POST:
        messages.success(request, "C’est enregistré. Vous pouvez reprendre quand vous voulez.")
        return redirect("projects:detail", saved.pk)
    return redirect(url_of(saved, next_key(step)))


def tell_of_others(request: HttpRequest, project: Project) -> bool:
    """Record, with the step, what the person says of a project like theirs; whether they said something."""
    try:
        if other := request.POST.get("set_aside"):
            aside_services.set_aside(project=project, other=other, by=request.user, on=timezone.localdate())
            messages.success(request, "C’est noté : ce n’est pas le même projet, il ne vous sera plus proposé.")
        elif other := request.POST.get("bring_back"):
            aside_services.bring_back(project=project, other=other, by=request.user)
            messages.success(request, "Ce projet peut de nouveau vous être proposé.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return bool(request.POST.get("set_aside") or request.POST.get("bring_back"))


# What follows the words while they are written, each with what is said to the person when it changes.
AROUND = (
    {"name": "law", "template": "projects/proposals/_law.html", "news": "Ce que dit le droit a changé, plus bas."},
    {"name": "lacks", "template": "projects/proposals/_lacks.html", "news": ""},
    {"name": "similar", "template": "projects/proposals/_similar.html", "news": "Des projets proches sont plus bas."},
)


def told_of_step(request: HttpRequest, project: Project, step: Step, form: Any) -> dict[str, Any]:
    """What the page of a step says of what is stored, and what was refused: contents, law, lacks, projects to join."""
    lacks = lacks_of(project)
    return {
        "steps": contents(project, step, lacks, len(form.errors) if form else 0),
        "lacks": [lack for lack in lacks if lack.step == step.key],
        "legal_cases": told_of_the_law(project) if step.key in {"place", "review"} else [],
        "similar": similar_to(project, request.user) if step.key in LOOKED_AROUND else [],
        "looked_at": looked_at(project, request.user) if step.key in LOOKED_AROUND else [],
    }


def render_step(
    request: HttpRequest, project: Project, step: Step, form: Any, status: int = 200, **extra: Any
) -> HttpResponse:
    context = {
        "project": project,
        "step": step,
        "form": form,
        "asked": asked_of(project),
        "alone": told_of_the_author(project),
        **told_of_step(request, project, step, form),
        "around": AROUND,
        "steps_title": STEPS_TITLE,
        "help_template": f"projects/proposals/help/_{step.key}.html",
        **extra,
    }
    return render(request, "projects/proposals/write.html", context, status=status)


def answer_saved(request: HttpRequest, saved: Project, step: Step, form: Any) -> JsonResponse:
    """After a save that nobody asked for: the parts of the page that follow what is written, as they are now."""
    told = told_of_step(request, saved, step, form)
    around = {part["name"]: render_to_string(part["template"], told) for part in AROUND}
    around["steps"] = render_to_string("components/_steps.html", {"title": STEPS_TITLE, **told})
    return JsonResponse({"version": saved.version, "errors": form.errors.get_json_data(), "around": around})


def told_of_the_law(project: Project) -> list[LegalCase]:
    """What the author is told of the law, once there is something to tell."""
    if not project.no_competence_reason.strip() and not project.competences.exists():
        return []
    return legal_cases_of(project, timezone.localdate())


def answer_conflict(request: HttpRequest, stored: Project, step: Step, form: Any) -> HttpResponse:
    """Somebody saved meanwhile: both texts are shown, nothing is overwritten until the person chooses."""
    if "X-Autosave" in request.headers:
        return JsonResponse({"conflict": True}, status=409)
    before = step.form(instance=stored)
    others = []
    for name, field in before.fields.items():
        was = in_words(field, before.get_initial_for_field(field, name))
        typed = in_words(field, form.cleaned_data.get(name, form[name].data))
        if was != typed:
            others.append({"label": before[name].label, "pieces": difference(was, typed)})
    return render_step(request, stored, step, form, status=409, others=others, version=stored.version)


def interests_for(request: HttpRequest) -> Prefetch:
    """What the actors let this person read."""
    return Prefetch("interests", Interest.objects.visible_to(request.user))


def show_actors(request: HttpRequest, project: Project, step: Step) -> HttpResponse:
    actors = project.actors.select_related("relay", "commune", "partner").prefetch_related(interests_for(request))
    return render_step(
        request,
        project,
        step,
        None,
        actors=actors,
        identification=identify(actors, is_written=True),
        suggestions=suggestions_for(project, request.user),
    )


def show_review(request: HttpRequest, project: Project, step: Step) -> HttpResponse:
    acts = [
        {"transition": transition, "verdict": verdict, "label": label_of(transition, project)}
        for transition, verdict in workflow.actions(project, request.user)
        if transition.name in services.SUBMISSIONS
        and (transition.name == "submit") != (project.origin == "political" and project.status == "draft")
    ]
    actors = project.actors.select_related("relay").prefetch_related(interests_for(request))
    return render_step(
        request,
        project,
        step,
        None,
        missing=with_links(project, lacks_of(project)),
        acts=acts,
        actors=actors,
        identification=identify(actors, is_written=True),
        communes=project.communes.all(),
        competences=project.competences.all(),
        plan=project.funding_plans.filter(is_current=True).prefetch_related("lines").first(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(lambda pk, actor_pk=None: Actor.objects.filter(pk=actor_pk))
def actor(request: HttpRequest, pk: int, actor_pk: int | None = None) -> HttpResponse:
    project = get_project(request.user, pk, "change_project")
    instance = get_object_or_404(project.actors, pk=actor_pk) if actor_pk else None
    form = ActorForm(request.POST or None, instance=instance, project=project)
    if request.method == "POST" and form.is_valid():
        services.save_actor(form=form, by=request.user)
        messages.success(request, "L’acteur est enregistré.")
        return redirect(url_of(project, "actors"))
    step = step_of("acteurs")
    context = {"form": form, "project": project, "actor": instance, "steps": contents(project, step, lacks_of(project))}
    return render(request, "projects/proposals/actor.html", context, status=422 if form.errors else 200)


@require_POST
def actor_suggested(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, in one click, somebody whom the page suggested."""
    project = get_project(request.user, pk, "change_project")
    try:
        named = services.name_suggested(
            project=project, who=request.POST.get("who", ""), name=request.POST.get("name", ""), by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"« {named.name} » est parmi les acteurs : {named.role}.")
    return redirect(url_of(project, "actors"))


@require_http_methods(["GET", "HEAD", "POST"])
def actor_remove(request: HttpRequest, pk: int, actor_pk: int) -> HttpResponse:
    """Asked once, on a page of its own: what was written of the actor leaves with it."""
    project = get_project(request.user, pk, "change_project")
    found = get_object_or_404(project.actors, pk=actor_pk)
    if request.method != "POST":
        steps = contents(project, step_of("acteurs"), lacks_of(project))
        context = {"project": project, "actor": found, "steps": steps, "why_it_stays": services.why_it_stays(found)}
        return render(request, "projects/proposals/actor_remove.html", context)
    try:
        services.remove_actor(actor=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"« {found.name} » est retiré du projet.")
    return redirect(url_of(project, "actors"))


@require_POST
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Perform a transition offered on the project; a refusal says why and changes nothing."""
    project = get_project(request.user, pk)
    transition = workflow.table.get(name)
    if transition is None or not transition.permission or transition.permission in HAVE_THEIR_PAGE:
        raise Http404("Cet acte n’existe pas.")
    try:
        moved = services.move(project=project, name=name, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        follows = WHAT_FOLLOWS.get(name, "")
        messages.success(request, f"L’état du projet est maintenant « {moved.get_status_display()} ».{follows}")
    return redirect("projects:detail", project.pk)


@require_POST
def endorse(request: HttpRequest, pk: int, actor_pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    found: Actor = get_object_or_404(project.actors, pk=actor_pk)
    try:
        endorses = request.POST.get("endorses") == "yes"
        services.endorse(actor=found, endorses=endorses, by=request.user, on=timezone.localdate())
        messages.success(request, f"La réponse de « {found.name} » est enregistrée.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("projects:detail", project.pk)


@require_GET
def submission(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse:
    """The dated document of a submission, as a file to keep."""
    project = get_project(request.user, pk)
    document = get_object_or_404(project.submissions.exclude(file=""), pk=document_pk)
    name = f"{project.reference}-depot-{timezone.localtime(document.submitted_at):%Y-%m-%d}.pdf"
    try:
        content = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier de ce dépôt manque : prévenez l’administrateur.") from error
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
