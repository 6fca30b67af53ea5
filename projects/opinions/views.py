"""Pages of the opinions: those of a project, those that wait for the person, one to answer, one to take back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.answering import carried_out
from cooperation.forms import show_errors
from partners.people.current import require_intercommunality
from projects.opinions import rules, services
from projects.opinions.access import (
    DECIDED,
    awaited_from,
    get_request,
    may_answer,
    may_ask,
    may_report,
    may_withdraw,
    speaks_for,
)
from projects.opinions.forms import AnswerForm, AskForm, ReasonForm, ReportForm
from projects.opinions.models import OpinionRequest
from projects.opinions.reads import line_of, summary_of
from projects.proposals.access import get_project

GET_POST = ["GET", "HEAD", "POST"]

# Who has nothing more to answer once a question is taken back.
RELIEVED = {
    OpinionRequest.Asked.COMMUNE: "La commune",
    OpinionRequest.Asked.PARTNER: "Le partenaire",
    OpinionRequest.Asked.BODY: "L’instance",
    OpinionRequest.Asked.SERVICE: "Le service",
}


@require_http_methods(GET_POST)
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinions on a project, and for the coordination a form to ask for another."""
    project = get_project(request.user, pk)
    today, verdict = timezone.localdate(), may_ask(request.user, project)
    if request.method == "POST" and not verdict:
        raise PermissionDenied(verdict.reason)
    form = AskForm(request.POST or None, project=project) if verdict else None
    if request.method == "POST" and form and form.is_valid():
        try:
            asked = services.ask(project=project, by=request.user, on=today, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"L’avis est demandé : {asked.who}.")
            return redirect("projects:opinions", pk)
    summary = summary_of(project, request.user, today)
    context = {"project": project, "form": form, "opinions": summary}
    return render(request, "projects/opinions/opinions.html", context, status=422 if form and form.errors else 200)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The opinions that wait for the person, the nearest deadline first."""
    epci = require_intercommunality(request)
    today = timezone.localdate()
    waiting = awaited_from(request.user, epci, today)
    lines = [line_of(one, today) for one in waiting[:100]]
    return render(request, "projects/opinions/mine.html", {"lines": lines, "epci": epci})


@require_http_methods(GET_POST)
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One opinion: what is asked, and a form for those who answer."""
    asked, today = get_request(request.user, pk), timezone.localdate()
    verdict = may_answer(request.user, asked, today)
    speaks = speaks_for(request.user, asked, today) and asked.asked != OpinionRequest.Asked.SERVICE
    kind = AnswerForm if speaks else ReportForm
    form = kind(request.POST or None, **({} if speaks else {"initial": {"given_on": today}})) if verdict else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(verdict.reason)
        if form.is_valid() and answered(request, asked, form):
            return redirect(asked)
    else:
        services.note_seen(request=asked, by=request.user, now=timezone.now())
    standing = asked.standing_opinion
    given_up = standing and may_withdraw(request.user, standing, today)
    context = {
        "line": line_of(asked, today),
        "project": asked.project,
        "form": form,
        "speaks": speaks,
        "refusal": "" if verdict or standing or asked.withdrawn_on else verdict.reason,
        "lateness": rules.lateness_said(asked.due_on, today) if form else "",
        "decision": rules.decision_said(asked.project.status in DECIDED) if form else "",
        "withdrawal": rules.withdrawal_said(asked.due_on, today) if form else "",
        "may_withdraw": bool(given_up) and not services.refusal_to_withdraw(standing, today),
        "kept": services.refusal_to_withdraw(standing, today) if given_up else "",
        "may_withdraw_request": may_take_back(request, asked),
    }
    return render(request, "projects/opinions/opinion.html", context, status=422 if form and form.errors else 200)


def answered(request: HttpRequest, asked: OpinionRequest, form: AnswerForm) -> bool:
    try:
        services.give(request=asked, by=request.user, now=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        show_errors(form, error)
        return False
    read = rules.decision_said(asked.project.status in DECIDED) or "Les élus le liront avant de décider."
    messages.success(request, f"L’avis est au dossier. {read}")
    return True


def may_take_back(request: HttpRequest, asked: OpinionRequest) -> bool:
    """Whether the coordination may still take the question back."""
    return (
        may_report(request.user, asked)
        and asked.withdrawn_on is None
        and not rules.refusal_to_withdraw_request(
            timezone.localdate(),
            due_on=asked.due_on,
            silence=rules.Silence(asked.silence),
            is_given=asked.standing_opinion is not None,
        )
    )


@require_http_methods(GET_POST)
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question back, with its reason."""
    asked = get_request(request.user, pk)
    if not may_report(request.user, asked):
        raise PermissionDenied("La coordination seule retire une demande d’avis.")
    form = ReasonForm(request.POST or None)
    if done := carried_out(
        request,
        form,
        lambda: services.withdraw_request(request=asked, by=request.user, on=timezone.localdate(), **form.cleaned_data),
        told="La demande d’avis est retirée ; le motif reste lisible.",
        back=reverse("projects:opinions", args=[asked.project_id]),
    ):
        return done
    note = f"{RELIEVED[OpinionRequest.Asked(asked.asked)]} n’aura plus à répondre."
    return reason_page(request, asked, form, title="Retirer la demande d’avis", note=note)


@require_http_methods(GET_POST)
def opinion_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an opinion back, with its reason."""
    asked, today = get_request(request.user, pk), timezone.localdate()
    given = asked.standing_opinion
    if given is None:
        raise Http404("Aucun avis n’a été rendu.")
    if not may_withdraw(request.user, given, today):
        raise PermissionDenied("Un avis est retiré par qui l’a rendu.")
    form = ReasonForm(request.POST or None)
    if done := carried_out(
        request,
        form,
        lambda: services.withdraw_opinion(opinion=given, by=request.user, on=today, **form.cleaned_data),
        told="L’avis est retiré. Vous pouvez en rendre un autre.",
        back=asked,
    ):
        return done
    note = "L’avis retiré reste lisible avec son motif ; un autre peut être rendu à sa place."
    return reason_page(request, asked, form, title="Retirer cet avis", note=note)


def reason_page(
    request: HttpRequest, asked: OpinionRequest, form: ReasonForm, *, title: str, note: str
) -> HttpResponse:
    context = {"line": line_of(asked, timezone.localdate()), "form": form, "title": title, "note": note}
    return render(request, "projects/opinions/withdraw.html", context, status=422 if form.errors else 200)
