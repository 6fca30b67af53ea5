"""Acts on proclaimed decisions: publish those of a session, put a slip right."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cooperation.forms import show_errors
from projects.deliberation import act_services
from projects.deliberation.access import chairs, get_decision, get_session, may_publish
from projects.deliberation.act_forms import CorrectionForm, PublishForm
from projects.deliberation.views import GET_POST, show_session


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk)
    if not may_publish(request.user, held):
        raise PermissionDenied("Seule la présidence, ou la coordination à sa demande, publie les décisions.")
    form = PublishForm(request.POST, is_chair=chairs(request.user, held))
    if form.is_valid():
        try:
            act_services.publish_decisions(session=held, by=request.user, now=timezone.now())
        except ValidationError as error:
            return show_session(request, held, status=422, refusal=error.messages[0])
        messages.success(request, "Les décisions de la séance sont publiées.")
        return redirect("projects:session", pk)
    return show_session(request, held, status=422, publish_form=form)


@require_http_methods(GET_POST)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_decision(request.user, pk, "plan_sessions")
    form = CorrectionForm(request.POST or None, standing=act_services.standing(decision))
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"], "text": form.cleaned_data["text"], "counts": form.counts()}
        try:
            act_services.correct(decision=decision, by=request.user, now=timezone.now(), **said)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "La rectification est scellée ; la décision d’origine reste à côté.")
            return redirect("projects:decision", pk)
    context = {"item": decision.item, "decision": decision, "form": form}
    return render(request, "projects/deliberation/correct.html", context)
