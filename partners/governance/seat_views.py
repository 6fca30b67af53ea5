"""Pages of those who sit: a seat taken, left, given to a successor, the chair, the order; the elected members."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.ordering import asked_order
from cooperation.shared import one_writer
from partners.governance import services
from partners.governance.access import MANAGE, get_body, get_member, get_seat, managed
from partners.governance.forms import HolderForm, MemberForm, NewSeatForm, SeatForm
from partners.governance.models import ElectedMember, Seat
from partners.governance.views import GET_POST, answer, answer_day


@require_http_methods(GET_POST)
def seat_add(request: HttpRequest, pk: int) -> HttpResponse:
    body, today = get_body(request.user, pk, MANAGE), timezone.localdate()
    form = NewSeatForm(request.POST or None, epci=body.intercommunality, today=today)
    return answer(
        request,
        form,
        lambda: services.add_seat(body=body, by=request.user, today=today, **form.cleaned_data),
        told="Le siège est pris.",
        back=reverse("partners:body", args=[pk]),
        parent=str(body),
        title="Ajouter un siège",
        submit="Ajouter le siège",
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk: Seat.objects.filter(pk=pk))
def seat_edit(request: HttpRequest, pk: int) -> HttpResponse:
    seat = get_seat(request.user, pk)
    title = f"Modifier le siège de {seat.member}" if seat.member else "Modifier le siège"
    form = SeatForm(request.POST or None, instance=seat)
    return answer(
        request,
        form,
        lambda: services.keep(row=form.instance, by=request.user),
        told="Le siège est enregistré.",
        back=reverse("partners:body", args=[seat.body_id]),
        parent=str(seat.body),
        title=title,
        submit="Enregistrer",
        links=acts_on(seat),
    )


def acts_on(seat: Seat) -> tuple[dict[str, str], ...]:
    """What else is done with a seat: each act has its page, for it asks for a day."""
    acts = [(to_succeed(seat), "seat_succeed")]
    if seat.member and not seat.is_chair:
        acts.append(("Confier la présidence de l’instance", "seat_chair"))
    acts.append(("Mettre fin à ce siège", "seat_close"))
    return tuple({"label": label, "url": reverse(f"partners:{name}", args=[seat.pk])} for label, name in acts)


def to_succeed(seat: Seat) -> str:
    return f"Nommer un successeur à {seat.member}" if seat.member else "Nommer le titulaire du siège"


@require_http_methods(GET_POST)
def seat_succeed(request: HttpRequest, pk: int) -> HttpResponse:
    """Another holder from a day on; the former keeps what they decided."""
    seat, today = get_seat(request.user, pk), timezone.localdate()
    form = HolderForm(request.POST or None, epci=seat.body.intercommunality, today=today)
    return answer(
        request,
        form,
        lambda: services.succeed(seat=seat, by=request.user, today=today, **form.cleaned_data),
        told="Le siège a un nouveau titulaire. Les séances passées gardent leurs membres.",
        back=reverse("partners:body", args=[seat.body_id]),
        parent=str(seat.body),
        title=to_succeed(seat),
        lead="La personne nommée siège à partir de ce jour. Les séances déjà tenues gardent leurs membres.",
        submit="Nommer",
    )


@require_http_methods(GET_POST)
def seat_close(request: HttpRequest, pk: int) -> HttpResponse:
    seat, today = get_seat(request.user, pk), timezone.localdate()
    return answer_day(
        request,
        partial(services.close_seat, seat=seat, today=today),
        day="ends_on",
        label="Dernier jour",
        told="Le siège est quitté à cette date. Les séances passées gardent leurs membres.",
        back=reverse("partners:body", args=[seat.body_id]),
        parent=str(seat.body),
        title=f"Mettre fin au siège : {seat.member or 'à pourvoir'}",
        lead="Cette personne préside l’instance : plus personne ne la présidera."
        if seat.is_chair and seat.member
        else "",
        instead=({"label": to_succeed(seat), "url": reverse("partners:seat_succeed", args=[pk])},),
        submit="Mettre fin au siège",
    )


@require_http_methods(GET_POST)
def seat_chair(request: HttpRequest, pk: int) -> HttpResponse:
    seat, today = get_seat(request.user, pk), timezone.localdate()
    chair = seat.body.chair_on(today)
    return answer_day(
        request,
        partial(services.change_chair, seat=seat, today=today),
        day="on",
        label="À partir du",
        told="La présidence de l’instance a changé. Qui la présidait avant garde son siège.",
        back=reverse("partners:body", args=[seat.body_id]),
        parent=str(seat.body),
        title=f"Confier la présidence à {seat.member}" if seat.member else "Confier la présidence",
        lead=f"Aujourd’hui, {chair} préside. Cette personne garde son siège." if chair else "",
        submit="Confier la présidence",
    )


@require_POST
def seats_order(request: HttpRequest, pk: int) -> HttpResponse:
    body = get_body(request.user, pk, MANAGE)
    try:
        current = list(body.seats.filter(ends_on__isnull=True).values_list("pk", flat=True))
        services.order_seats(body=body, ids=asked_order(request.POST, current), by=request.user)
    except ValidationError as error:
        if "order" in request.POST:
            return HttpResponse(error.messages[0], status=400, content_type="text/plain; charset=utf-8")
        messages.error(request, error.messages[0])
    return HttpResponse(status=204) if "order" in request.POST else redirect("partners:body", pk)


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    epci = managed(request)
    found = ElectedMember.objects.filter(intercommunality=epci).select_related("commune", "user")
    return render(request, "partners/governance/members.html", {"epci": epci, "members": found})


@require_http_methods(GET_POST)
def member_add(request: HttpRequest) -> HttpResponse:
    epci = managed(request)
    form = MemberForm(request.POST or None, epci=epci, instance=ElectedMember(intercommunality=epci))
    return answer(
        request,
        form,
        lambda: services.keep(row=form.instance, by=request.user),
        told="L’élu·e est dans la liste. Donnez-lui un siège depuis la page de l’instance.",
        back=reverse("partners:members"),
        parent="Élu·es",
        title="Ajouter un·e élu·e",
        submit="Ajouter",
    )


@require_http_methods(GET_POST)
@one_writer(lambda pk: ElectedMember.objects.filter(pk=pk))
def member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = get_member(request.user, pk)
    form = MemberForm(request.POST or None, epci=member.intercommunality, instance=member)
    return answer(
        request,
        form,
        lambda: services.keep(row=form.instance, by=request.user),
        told="La fiche est enregistrée.",
        back=reverse("partners:members"),
        parent="Élu·es",
        title=f"Modifier la fiche de {member}",
        submit="Enregistrer",
    )
