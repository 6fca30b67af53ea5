"""Pages of the minutes: write them, settle them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from projects.deliberation.access import get_session
from projects.deliberation.models import Session
from projects.minutes import services
from projects.minutes.attendance import attendance_told, chair_of
from projects.minutes.forms import MinutesForm, SettleForm
from projects.minutes.models import Minutes


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(lambda pk: Session.objects.filter(pk=pk))
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    found = Minutes.objects.filter(session=held).first()
    begun = Minutes(session=held, chair=chair_of(held), **attendance_told(held))
    form = MinutesForm(request.POST or None, instance=found or begun, session=held)
    if done := carried_out(
        request,
        form,
        lambda: services.write(session=held, values=form.values(), discussions=form.discussions(), by=request.user),
        told="Le procès-verbal est enregistré.",
        back=reverse("projects:minutes", args=[pk]),
    ):
        return done
    return show(request, held, found, form, SettleForm())


def show(
    request: HttpRequest,
    held: Session,
    found: Minutes | None,
    form: MinutesForm,
    settle_form: SettleForm,
    status: int = 200,
) -> HttpResponse:
    is_settled = found is not None and found.settled_on is not None
    context = {
        "session": held,
        "form": form,
        "settle_form": settle_form,
        "minutes": found,
        "is_settled": is_settled,
        "may_settle": found is not None and not is_settled and held.state == Session.State.CLOSED,
        "is_held": held.state in services.HELD,
    }
    return render(request, "projects/minutes/minutes.html", context, status=status)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    found = Minutes.objects.filter(session=held).first()
    form = SettleForm(request.POST)
    if done := carried_out(
        request,
        form,
        lambda: services.settle(session=held, on=form.cleaned_data["on"], by=request.user, now=timezone.now()),
        told="Le procès-verbal est arrêté et scellé.",
        back=reverse("projects:minutes", args=[pk]),
    ):
        return done
    return show(request, held, found, MinutesForm(instance=found, session=held), form, status=422)
