"""Pages of competences: what is exercised on a day, one competence, and the forms that write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.french import counted
from cooperation.shared import one_writer
from territories.competences import services
from territories.competences.access import MANAGE, get_agreement, get_competence, get_interest, may_manage
from territories.competences.forms import AgreementForm, CompetenceForm, InterestForm, PositionsForm, SituationForm
from territories.competences.models import CommunityInterest, Competence, ImplementationAgreement
from territories.competences.one import page_of
from territories.competences.situation import found_words, situation_of, summary_of
from territories.places.access import get_intercommunality
from territories.places.sections import sections_of

GET_POST = ["GET", "HEAD", "POST"]


@require_safe
def competences(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request)
    form = SituationForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("au") or timezone.localdate()
    sections = situation_of(epci, day, asked.get("q", ""))
    context = {
        "epci": epci,
        "tabs": sections_of(request, epci),
        "form": form,
        "day": day,
        "words": asked.get("q", ""),
        "sections": sections,
        "found": found_words(sections, asked.get("q", "")),
        "summary": summary_of(epci, day),
        "may_manage": may_manage(request.user, epci),
    }
    return render(request, "territories/competences/list.html", context)


@require_safe
def competence(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_competence(request, pk)
    epci = found.intercommunality
    context = {
        **page_of(found, request.user, timezone.localdate()),
        "tabs": sections_of(request, epci),
        "may_manage": may_manage(request.user, epci),
    }
    return render(request, "territories/competences/competence.html", context)


@require_http_methods(GET_POST)
def competence_create(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, MANAGE)
    return edit_competence(request, Competence(intercommunality=epci), "Ajouter une compétence")


@require_http_methods(GET_POST)
@one_writer(lambda pk: Competence.objects.filter(pk=pk))
def competence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_competence(request, pk, MANAGE)
    return edit_competence(request, found, f"Modifier « {found.label} »", removable=found)


def edit_competence(
    request: HttpRequest, instance: Competence, heading: str, removable: Competence | None = None
) -> HttpResponse:
    form = CompetenceForm(request.POST or None, instance=instance)

    def save() -> Competence:
        written = form.save(commit=False)
        return services.save_competence(competence=written, communes=form.cleaned_data["communes"], by=request.user)

    more = {"remove_url": "", "why_it_stays": ""}
    if removable:
        more["remove_url"] = reverse("territories:competence_remove", args=[removable.pk])
        more["why_it_stays"] = services.why_competence_stays(removable)
    back = reverse("territories:competence", args=[instance.pk]) if instance.pk else reverse("territories:competences")
    return edit(request, form, save, heading=heading, back=back, **more)


@require_POST
def competence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_competence(request, pk, MANAGE)
    try:
        services.remove_competence(competence=found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("territories:competence_edit", pk)
    messages.success(request, f"« {found.label} » est retirée de la liste.")
    return redirect("territories:competences")


@require_http_methods(GET_POST)
def interest_create(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_competence(request, pk, MANAGE)
    instance = CommunityInterest(intercommunality=found.intercommunality, competence=found)
    return edit_interest(request, instance, "Définir l’intérêt communautaire")


@require_http_methods(GET_POST)
@one_writer(lambda pk: CommunityInterest.objects.filter(pk=pk))
def interest_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_interest(request, get_interest(request, pk), "Corriger la définition de l’intérêt communautaire")


def edit_interest(request: HttpRequest, instance: CommunityInterest, heading: str) -> HttpResponse:
    form = InterestForm(request.POST or None, instance=instance)
    return edit(
        request,
        form,
        lambda: services.record_interest(interest=form.save(commit=False), by=request.user).competence,
        heading=heading,
        back=instance.competence.get_absolute_url(),
        competence=instance.competence,
    )


@require_http_methods(GET_POST)
def agreement_create(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_competence(request, pk, MANAGE)
    instance = ImplementationAgreement(intercommunality=found.intercommunality, competence=found)
    return edit_agreement(request, instance, "Ouvrir un accord de mise en œuvre")


@require_http_methods(GET_POST)
@one_writer(lambda pk: ImplementationAgreement.objects.filter(pk=pk))
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_agreement(request, get_agreement(request, pk), "Modifier l’accord de mise en œuvre")


def edit_agreement(request: HttpRequest, instance: ImplementationAgreement, heading: str) -> HttpResponse:
    form = AgreementForm(request.POST or None, instance=instance)
    return edit(
        request,
        form,
        lambda: services.save_agreement(agreement=form.save(commit=False), by=request.user).competence,
        heading=heading,
        back=instance.competence.get_absolute_url(),
        competence=instance.competence,
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk: ImplementationAgreement.objects.filter(pk=pk))
def positions(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = get_agreement(request, pk)
    form = PositionsForm(request.POST or None, agreement=agreement)
    if request.method == "POST" and form.is_valid():
        changed = services.state_positions(agreement=agreement, positions=form.positions(), by=request.user)
        told = f"{counted(changed, 'position enregistrée')}." if changed else "Rien n’a changé."
        messages.success(request, told)
        return redirect(agreement.competence)
    context = {"form": form, "agreement": agreement, "back": agreement.competence.get_absolute_url()}
    return render(request, "territories/competences/positions.html", context, status=422 if form.errors else 200)


def edit(
    request: HttpRequest,
    form: forms.BaseForm,
    save: Callable[[], Competence],
    *,
    heading: str,
    back: str,
    competence: Competence | None = None,
    **more: Any,
) -> HttpResponse:
    """One form, one verb, then the page of the competence."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect(saved)
    context = {"form": form, "heading": heading, "back": back, "competence": competence}
    context |= {"remove_url": "", "why_it_stays": "", **more}
    return render(request, "territories/competences/edit.html", context, status=422 if form.errors else 200)
