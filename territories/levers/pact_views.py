"""Pages of the pact: a year and its checks, its amounts, a fonds de concours, and the text of the pact."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.answering import carried_out
from cooperation.forms import show_errors
from cooperation.shared import one_writer
from territories.levers import pact_services as services
from territories.levers.access import get_fund, get_year, may_manage
from territories.levers.models import EquipmentFund, FinancialPact, PactYear
from territories.levers.pact_forms import AmountsForm, FundForm, PactForm
from territories.levers.pact_tables import checks_of, grant_in_force, room_left, shared, year_table
from territories.levers.pooling_forms import YearForm
from territories.levers.pooling_views import show_form, year_asked
from territories.places.access import get_intercommunality
from territories.places.models import Intercommunality
from territories.places.sections import sections_of

GET_POST = ["GET", "HEAD", "POST"]
MANAGE = "manage_levers"


def current_pact(epci: Intercommunality) -> FinancialPact | None:
    return FinancialPact.objects.filter(intercommunality=epci, is_current=True).first()


def address_of_year(year: int) -> str:
    return f"{reverse('territories:pact')}?annee={year}"


@require_safe
def pact(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, "view_levers")
    opened = {
        one.year: one for one in PactYear.objects.filter(intercommunality=epci).select_related("intercommunality")
    }
    year = year_asked(request, sorted(opened))
    text, pact_year = current_pact(epci), opened.get(year)
    context: dict[str, Any] = {
        "epci": epci,
        "tabs": sections_of(request, epci),
        "pact": text,
        "year": year,
        "years": sorted(opened, reverse=True),
        "pact_year": pact_year,
        "next_year": max(opened, default=timezone.localdate().year - 1) + 1,
        "may_manage": may_manage(request.user, epci),
    }
    if pact_year is not None:
        grant = grant_in_force(pact_year)
        one = shared(grant) if grant else None
        context |= {
            "table": year_table(pact_year, one),
            "checks": checks_of(pact_year, text, one),
            "grant": grant,
            "funds": list(pact_year.funds.select_related("commune")),
            "room": room_left(pact_year, text),
        }
    return render(request, "territories/levers/pact.html", context)


@require_http_methods(GET_POST)
@one_writer(lambda request: FinancialPact.objects.filter(intercommunality=get_intercommunality(request, MANAGE)))
def pact_edit(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, MANAGE)
    stored = current_pact(epci)
    closed = stored is not None and stored.status == FinancialPact.Status.ADOPTED
    form = PactForm(request.POST or None, instance=stored or FinancialPact(intercommunality=epci))
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_pact(pact=form.save(commit=False), by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"Le pacte est enregistré (version {saved.version}).")
            return redirect("territories:pact")
    heading = "Modifier le pacte financier et fiscal" if stored else "Écrire le pacte financier et fiscal"
    note = "Ce pacte est adopté : ce que vous écrivez devient une nouvelle version, l’ancienne reste." if closed else ""
    return show_form(request, epci, form, heading, "Pacte financier", reverse("territories:pact"), note)


@require_POST
def year_open(request: HttpRequest) -> HttpResponse:
    """Open a year of the pact; the amounts of the year before that do not move are taken over."""
    epci = get_intercommunality(request, MANAGE)
    form = YearForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["annee"]:
        messages.error(request, "Écrivez une année à quatre chiffres, par exemple 2027.")
        return redirect("territories:pact")
    year = form.cleaned_data["annee"]
    try:
        services.open_year(epci=epci, year=year, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"L’année {year} est ouverte.")
    return redirect(address_of_year(year))


@require_http_methods(GET_POST)
@one_writer(lambda year: PactYear.objects.filter(year=year))
def amounts(request: HttpRequest, year: int) -> HttpResponse:
    pact_year = get_year(request, year, MANAGE)
    communes = list(pact_year.intercommunality.communes.order_by("insee_code"))
    form = AmountsForm(request.POST or None, pact_year=pact_year, communes=communes)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_amounts(
                pact_year=pact_year,
                lines=form.lines(),
                mode=form.cleaned_data["mode"],
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"Les montants de {year} sont enregistrés.")
            return redirect(address_of_year(year))
    context = {
        "tabs": sections_of(request, pact_year.intercommunality),
        "year": year,
        "form": form,
        "back": address_of_year(year),
    }
    return render(request, "territories/levers/amounts.html", context, status=422 if form.errors else 200)


@require_http_methods(GET_POST)
def fund_create(request: HttpRequest, year: int) -> HttpResponse:
    pact_year = get_year(request, year, MANAGE)
    fund = EquipmentFund(intercommunality=pact_year.intercommunality, pact_year=pact_year)
    return edit_fund(request, fund, "Inscrire un fonds de concours")


@require_http_methods(GET_POST)
@one_writer(lambda pk: EquipmentFund.objects.filter(pk=pk))
def fund_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edit_fund(request, get_fund(request, pk), "Modifier un fonds de concours")


def edit_fund(request: HttpRequest, fund: EquipmentFund, heading: str) -> HttpResponse:
    """The form of a fonds de concours, new or known."""
    epci, back = fund.intercommunality, address_of_year(fund.pact_year.year)
    form = FundForm(request.POST or None, instance=fund, epci=epci)
    if done := carried_out(
        request,
        form,
        lambda: services.save_fund(fund=form.save(commit=False), by=request.user),
        told="Le fonds de concours est enregistré.",
        back=back,
    ):
        return done
    note = "Une demande peut dépasser le plafond de la loi ; elle ne peut alors être ni délibérée ni versée."
    return show_form(request, epci, form, heading, f"Pacte financier {fund.pact_year}", back, note)


@require_POST
def fund_remove(request: HttpRequest, pk: int) -> HttpResponse:
    fund = get_fund(request, pk)
    year = fund.pact_year.year
    try:
        services.remove_fund(fund=fund, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "La demande est retirée.")
    return redirect(address_of_year(year))
