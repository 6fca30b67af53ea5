"""Pages of governance: the bodies of the EPCI, one of them, what it is and how it decides, what is delegated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cooperation.answering import carried_out
from cooperation.shared import one_writer
from partners.governance import conduct, rules, services
from partners.governance.access import MANAGE, get_body, get_delegation, managed, may_manage
from partners.governance.body_page import page_of
from partners.governance.forms import BodyForm, DayForm, DelegationForm, RuleForm
from partners.governance.models import Body, Delegation, Seat
from partners.people.current import require_intercommunality

GET_POST = ["GET", "HEAD", "POST"]


def answer(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    told: str,
    back: str,
    title: str,
    submit: str,
    lead: str = "",
    parent: str = "Instances",
    links: tuple[dict[str, str], ...] = (),
    instead: tuple[dict[str, str], ...] = (),
) -> HttpResponse:
    """One form on a page of its own: done, said and left; or shown again with what is wrong, nothing typed lost."""
    if done := carried_out(request, form, act, told=told, back=back):
        return done
    context = {"form": form, "title": title, "lead": lead, "submit": submit, "back": back, "parent": parent}
    context |= {"links": links, "instead": instead}
    status = 422 if request.method == "POST" else 200
    return render(request, "partners/governance/form.html", context, status=status)


def answer_day(
    request: HttpRequest, verb: Callable[..., Any], *, day: str, label: str, submit: str, **page: Any
) -> HttpResponse:
    """The page of an act that asks for nothing but a day, which the verb calls `day`."""
    form = DayForm(request.POST or None, name=day, label=label, today=timezone.localdate())
    return answer(request, form, lambda: verb(by=request.user, **form.cleaned_data), submit=submit, **page)


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Who sits where is public (CGCT, art. L. 5211-6): every member of the territory reads it."""
    epci = require_intercommunality(request)
    today = timezone.localdate()
    seats = Seat.objects.in_force(today).select_related("member", "substitute", "commune", "member__commune")
    listed = Body.objects.filter(intercommunality=epci).prefetch_related(Prefetch("seats", queryset=seats))
    delegations = Delegation.objects.in_force(today).filter(intercommunality=epci)
    context = {
        "epci": epci,
        "bodies": listed,
        "delegations": delegations,
        "kept": rules.NEVER_DELEGATED.values(),
        "may_manage": may_manage(request.user, epci.pk),
    }
    return render(request, "partners/bodies.html", context)


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_body(request.user, pk)
    context = page_of(found, timezone.localdate())
    context["may_manage"] = may_manage(request.user, found.intercommunality_id)
    return render(request, "partners/governance/body.html", context)


@require_http_methods(GET_POST)
def body_add(request: HttpRequest) -> HttpResponse:
    form = BodyForm(request.POST or None, instance=Body(intercommunality=managed(request)))
    return answer(
        request,
        form,
        lambda: services.keep(row=form.instance, by=request.user),
        told="L’instance est créée. Écrivez maintenant ses règles et ses sièges.",
        back=reverse("partners:bodies"),
        title="Créer une instance",
        submit="Créer l’instance",
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk: Body.objects.filter(pk=pk))
def body_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_body(request.user, pk, MANAGE)
    name = str(found)
    form = BodyForm(request.POST or None, instance=found)
    return answer(
        request,
        form,
        lambda: services.keep(row=form.instance, by=request.user),
        told="L’instance est enregistrée.",
        back=reverse("partners:body", args=[pk]),
        parent=name,
        title="Modifier l’instance",
        submit="Enregistrer",
    )


@require_http_methods(GET_POST)
def body_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """How the body decides from a day on; the conseil follows the law, and the page says so."""
    found = get_body(request.user, pk, MANAGE)
    today = timezone.localdate()
    in_force = found.conduct_on(today)
    initial = vars(in_force) | {"starts_on": today}
    form = RuleForm(request.POST or None, initial=initial)

    def act() -> object:
        return services.write_rules(body=found, by=request.user, today=today, **form.cleaned_data)

    return answer(
        request,
        form,
        act,
        told="Les règles sont écrites. Les séances déjà tenues gardent les leurs.",
        back=reverse("partners:body", args=[pk]),
        parent=str(found),
        title="Écrire les règles de l’instance",
        lead=conduct.FIXED_BY_LAW if found.is_council else "Les séances déjà tenues gardent les règles d’avant.",
        submit="Écrire ces règles",
    )


@require_http_methods(GET_POST)
def delegation_add(request: HttpRequest) -> HttpResponse:
    epci = managed(request)
    form = DelegationForm(request.POST or None)
    return answer(
        request,
        form,
        lambda: services.delegate(epci=epci, by=request.user, **form.cleaned_data),
        told="La délégation est enregistrée.",
        back=reverse("partners:bodies"),
        title="Enregistrer une délégation du conseil",
        lead="Le conseil délègue par une délibération ; on l’enregistre ici. "
        "Ce que la loi réserve au conseil ne peut pas être délégué.",
        submit="Enregistrer la délégation",
    )


@require_http_methods(GET_POST)
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_delegation(request.user, pk)
    return answer_day(
        request,
        partial(services.end_delegation, delegation=found),
        day="ends_on",
        label="Dernier jour",
        told="La délégation a une fin. Ce qui a été décidé avant reste valable.",
        back=reverse("partners:bodies"),
        title=f"Mettre fin à la délégation : {found}",
        lead="Ce qui a été décidé avant reste valable.",
        submit="Mettre fin à la délégation",
    )
