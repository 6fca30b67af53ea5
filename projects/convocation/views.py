"""Pages of a convocation: convene, prove, call off, inform the municipal councillors."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.answering import carried_out
from cooperation.paging import page_numbered
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.convocation import services
from projects.convocation.access import get_mailing
from projects.convocation.forms import CallOffForm, ConvocationForm, HandedForm
from projects.convocation.reads import A_YEAR, held_since, owed_by_all, page_of
from projects.convocation.recipients import unreached_in
from projects.deliberation.access import get_session

GET_POST = ["GET", "HEAD", "POST"]
PAGE = 60  # sessions: more than an intercommunality holds in a year


@require_http_methods(GET_POST)
def convocation(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be sent about a session, what was, to whom and when; pressing sends."""
    session, today = get_session(request.user, pk, "plan_sessions"), timezone.localdate()
    context = page_of(session, today)
    form = ConvocationForm(request.POST if request.method == "POST" else None, is_short=context["is_short"])
    if done := carried_out(
        request,
        form,
        lambda: services.convene(session=session, by=request.user, now=timezone.now(), **form.cleaned_data),
        told="Les membres sont convoqués : les courriels partent dans la minute.",
        back=reverse("projects:convocation", args=[pk]),
    ):
        return done
    context["form"] = form
    return render(request, "projects/convocation/convocation.html", context, status=422 if form.errors else 200)


@require_POST
def handed_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day on which copies were handed over on paper."""
    mailing, today = get_mailing(request.user, pk), timezone.localdate()
    form = HandedForm(request.POST, mailing=mailing, today=today)
    try:
        if not form.is_valid():
            raise ValidationError(next(iter(form.errors.values())))
        told = {"numbers": map(int, form.cleaned_data["copies"]), "on": form.cleaned_data["on"]}
        count = services.hand_over_on_paper(mailing=mailing, by=request.user, today=today, **told)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Convocations remises, notées : {count}.")
    return redirect("projects:convocation", mailing.session_id)


@require_POST
def mailing_send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again the addresses that were refused, once they are put right."""
    mailing = get_mailing(request.user, pk)
    try:
        count = services.send_again(mailing=mailing, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Courriels qui partent de nouveau dans la minute : {count}.")
    return redirect("projects:convocation", mailing.session_id)


@require_http_methods(GET_POST)
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk, "plan_sessions")
    form = CallOffForm(request.POST or None)
    if done := carried_out(
        request,
        form,
        lambda: services.call_off(session=session, by=request.user, now=timezone.now(), **form.cleaned_data),
        told="La séance est annulée. Ceux que la convocation avait atteints sont prévenus.",
        back=reverse("projects:session", args=[pk]),
    ):
        return done
    context = {"session": session, "form": form, "may_cancel": session.is_to_come}
    return render(request, "projects/convocation/cancel.html", context, status=422 if form.errors else 200)


@require_POST
def councillors_send(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Send the municipal councillors a document of a session."""
    session = get_session(request.user, pk, "plan_sessions")
    try:
        services.inform(session=session, kind=kind, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Le document part dans la minute à chaque conseiller municipal.")
    return redirect("projects:councillors_informed")


@require_GET
def councillors_informed(request: HttpRequest) -> HttpResponse:
    """What the municipal councillors received in the last year, and what is due (CGCT, art. L. 5211-40-2)."""
    epci, today = require_intercommunality(request), timezone.localdate()
    if not scope_of(request.user).may("plan_sessions", epci.pk):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")
    page = page_numbered(held_since(epci, today - A_YEAR, today), request.GET.get("page", ""), size=PAGE)
    context = {"page": page, "owed": owed_by_all(page.object_list, today), "unreached": unreached_in(epci, today)}
    return render(request, "projects/convocation/councillors.html", context)
