"""Pages of the consultations: the list, one consultation and its life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.answering import carried_out, file_to_keep
from cooperation.forms import show_errors
from cooperation.printing import PrintingError, TooLong
from cooperation.shared import one_writer
from territories.consultations import services
from territories.consultations.access import MANAGE, VIEW, get_answer, get_consultation
from territories.consultations.exports import print_consultation
from territories.consultations.forms import AbandonForm, AnswerForm, ConsultationForm, NotifyForm, OrderForm
from territories.consultations.models import Answer, Consultation, Stage
from territories.consultations.presentation import awaited_of, said_of_way, sentence_of, situation_on
from territories.consultations.procedures import PROCEDURES
from territories.places.access import communes_of, get_intercommunality, holders_of
from territories.places.sections import sections_of

GET_POST = ["GET", "HEAD", "POST"]
BUSY = (
    "Le document n’a pas pu être imprimé à temps : la plateforme est sans doute très occupée. Rien n’est perdu ; "
    "demandez-le de nouveau dans quelques minutes."
)


@require_GET
def consultations(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, VIEW)
    today = timezone.localdate()
    found = Consultation.objects.of(epci).with_answers()

    def told(rows: Any) -> list[dict[str, Any]]:
        situations = [(one, situation_on(one, today)) for one in rows]
        return [{"it": one, "situation": s, "sentence": sentence_of(one, s)} for one, s in situations]

    page = Paginator(found.exclude(pk__in=found.under_way().values("pk")).order_by("-closed_on", "-pk"), 20)
    past = page.get_page(request.GET.get("page"))
    context = {
        "tabs": sections_of(request, epci),
        "under_way": told(found.under_way()),
        "past": told(past.object_list),
        "page": past,
        "may_manage": request.user.has_perm(services.RIGHT, epci),
    }
    return render(request, "territories/consultations/list.html", context)


@require_http_methods(GET_POST)
def consultation_create(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, MANAGE)
    form = ConsultationForm(request.POST or None, epci=epci, initial={"procedure_code": request.GET.get("procedure")})
    if request.method == "POST" and form.is_valid():
        communes = form.cleaned_data.pop("communes")
        try:
            made = services.prepare(consultation=form.instance, communes=list(communes), by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "La consultation est prête. Notifiez-la aux communes quand l’acte est parti.")
            return redirect(made)
    context = {"tabs": sections_of(request, epci), "form": form, "procedures": PROCEDURES}
    return render(request, "territories/consultations/create.html", context)


def day_asked(request: HttpRequest, today: date) -> date:
    """The day of `?au=`, or today when it is absent or unreadable."""
    try:
        return parse_date(request.GET.get("au", "")) or today
    except ValueError:
        return today


def show(request: HttpRequest, held: Consultation, *, status: int = 200, **refused: forms.BaseForm) -> HttpResponse:
    """The page of a consultation; a form that was refused comes back with what was typed."""
    epci, today = held.intercommunality, timezone.localdate()
    day = day_asked(request, today)
    situation = situation_on(held, day)
    awaited = awaited_of(situation, communes_of(request)) if day == today else []
    clerks = holders_of(request, MANAGE) if awaited else []
    context: dict[str, Any] = {
        "tabs": sections_of(request, epci),
        "consultation": held,
        "procedure": held.procedure,
        "situation": situation,
        "is_today": day == today,
        "ways": [said_of_way(one, [str(clerk) for clerk in clerks]) for one in awaited],
        "clerks": clerks,
        "may_manage": request.user.has_perm(services.RIGHT, epci) and day == today,
    }
    if context["may_manage"] and situation.stage not in {Stage.CLOSED, Stage.ABANDONED}:
        waiting = any(answer.notified_on is None for answer in held.answers.all())
        context["notify_form"] = NotifyForm(consultation=held, initial={"notified_on": today}) if waiting else None
        context["may_answer"] = any(answer.notified_on for answer in held.answers.all())
        context["may_remind"] = situation.stage is Stage.RUNNING
        context["may_close"] = situation.stage is Stage.OVER or not situation.lines
        context["abandon_form"] = AbandonForm()
    if context["may_manage"] and held.accepted and not held.order_on:
        context["order_form"] = OrderForm()
    return render(request, "territories/consultations/detail.html", context | refused, status=status)


@require_GET
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, get_consultation(request, pk))


def attempt(request: HttpRequest, held: Consultation, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do an act that asks nothing more; say that it is done, or why it is not."""
    try:
        act()
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(held)


@require_POST
def notify(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_consultation(request, pk, MANAGE)
    form = NotifyForm(request.POST, consultation=held)
    if done := carried_out(
        request,
        form,
        lambda: services.notify(consultation=held, by=request.user, **form.cleaned_data),
        told="La notification est enregistrée : le délai de chaque commune court.",
        back=held,
    ):
        return done
    return show(request, held, status=422, notify_form=form)


@require_http_methods(GET_POST)
@one_writer(lambda pk: Answer.objects.filter(pk=pk))
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_answer(request, pk)
    form = AnswerForm(request.POST or None, answer=given)
    if request.method == "POST" and form.is_valid():
        try:
            services.record(answer=given, values=form.cleaned_data, by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"La réponse de la commune « {given.commune} » est enregistrée.")
            return redirect(given.consultation)
    context = {"tabs": sections_of(request, given.intercommunality), "answer": given, "form": form}
    return render(request, "territories/consultations/answer.html", context)


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_consultation(request, pk, MANAGE)
    today = timezone.localdate()
    return attempt(
        request,
        held,
        lambda: services.remind(consultation=held, on=today, by=request.user),
        "Les communes attendues sont relancées : leurs membres inscrits sur la plateforme reçoivent un courriel.",
    )


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_consultation(request, pk, MANAGE)
    today = timezone.localdate()
    return attempt(
        request,
        held,
        lambda: services.close(consultation=held, on=today, by=request.user),
        "La consultation est close : son résultat ne change plus.",
    )


@require_POST
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_consultation(request, pk, MANAGE)
    form = AbandonForm(request.POST)
    if done := carried_out(
        request,
        form,
        lambda: services.abandon(consultation=held, on=timezone.localdate(), by=request.user, **form.cleaned_data),
        told="La consultation est abandonnée.",
        back=held,
    ):
        return done
    return show(request, held, status=422, abandon_form=form)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_consultation(request, pk, MANAGE)
    form = OrderForm(request.POST)
    if done := carried_out(
        request,
        form,
        lambda: services.record_order(consultation=held, by=request.user, **form.cleaned_data),
        told="L’arrêté préfectoral est enregistré.",
        back=held,
    ):
        return done
    return show(request, held, status=422, order_form=form)


@require_GET
def printed(request: HttpRequest, pk: int) -> HttpResponseBase:
    held = get_consultation(request, pk)
    day = day_asked(request, timezone.localdate())
    name = f"consultation-{held.pk}-{day:%Y-%m-%d}.pdf"
    try:
        content = print_consultation(held, day=day)
    except PrintingError as error:
        messages.error(request, BUSY if isinstance(error, TooLong) else str(error))
        return redirect("territories:consultation", held.pk)
    return file_to_keep(content, name=name, content_type="application/pdf")
