"""Pages of pooling: the scheme and its services, a service and its key, and the forms that write them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cooperation.answering import carried_out
from cooperation.drawing.bars import Share, draw_bar
from cooperation.forms import show_errors
from cooperation.shared import one_writer
from territories.consultations.models import Consultation
from territories.levers import pooling_services as services
from territories.levers.access import Person, get_service, may_manage
from territories.levers.cost_tables import (
    Sharing,
    drawing_of,
    lines_of,
    matrix_of,
    report_of,
    sharing_of,
    sharings_of,
    table_of,
    totals_of,
    with_keys,
)
from territories.levers.legal_forms import LegalForm
from territories.levers.models import PoolingScheme, ServiceYear, SharedService
from territories.levers.models.pooling import COST_PARTS
from territories.levers.pooling_forms import FIRST_YEAR, LAST_YEAR, KeyForm, SchemeForm, ServiceForm, YearForm
from territories.levers.populations import populations_of
from territories.places.access import get_intercommunality
from territories.places.models import Intercommunality
from territories.places.sections import sections_of

GET_POST = ["GET", "HEAD", "POST"]
MANAGE = "manage_levers"

SERVED = 30  # projects named on the page of a service


def year_asked(request: HttpRequest, years: list[int]) -> int:
    """The year of the address, else this year when something is known of it, else the last one known."""
    form = YearForm(request.GET)
    asked = form.cleaned_data.get("annee") if form.is_valid() else None
    today = timezone.localdate().year
    return asked or (today if today in years or not years else max(years))


def consultation_on_the_scheme(user: Person, epci: Intercommunality) -> Consultation | None:
    """The latest time the communes were asked their opinion on the scheme, for those who may follow it."""
    if not user.has_perm("territories.view_consultations", epci):
        return None
    return Consultation.objects.of(epci).filter(procedure_code="pooling-scheme").first()


@require_safe
def pooling(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, "view_levers")
    known = ServiceYear.objects.filter(intercommunality=epci).values_list("year", flat=True)
    years = sorted({*known, timezone.localdate().year})
    year = year_asked(request, sorted(set(known)))
    listed = SharedService.objects.filter(intercommunality=epci).exclude(status=SharedService.Status.ENDED)
    listed = listed.select_related("intercommunality", "holder").prefetch_related("participants")
    lines = lines_of(listed, sharings_of(epci, year))
    context = {
        "epci": epci,
        "tabs": sections_of(request, epci),
        "scheme": PoolingScheme.objects.filter(intercommunality=epci, is_current=True).first(),
        "consultation": consultation_on_the_scheme(request.user, epci),
        "year": year,
        "years": sorted({*years, year}, reverse=True),
        "lines": lines,
        "totals": totals_of(lines),
        "matrix": matrix_of(epci, lines),
        "drawing": drawing_of(lines, "Coût annuel de chaque service, en euros"),
        "report": report_of(epci, year),
        "may_manage": may_manage(request.user, epci),
    }
    return render(request, "territories/levers/pooling.html", context)


@require_http_methods(GET_POST)
@one_writer(lambda request: PoolingScheme.objects.filter(intercommunality=get_intercommunality(request, MANAGE)))
def scheme_edit(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, MANAGE)
    stored = PoolingScheme.objects.filter(intercommunality=epci, is_current=True).first()
    closed = stored is not None and stored.status == PoolingScheme.Status.APPROVED
    form = SchemeForm(request.POST or None, instance=stored or PoolingScheme(intercommunality=epci))
    if request.method == "POST" and form.is_valid():
        try:
            scheme = services.save_scheme(scheme=form.save(commit=False), by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"Le schéma est enregistré (version {scheme.version}).")
            return redirect("territories:pooling")
    heading = "Modifier le schéma de mutualisation" if stored else "Écrire le schéma de mutualisation"
    note = (
        "Ce schéma est approuvé : ce que vous écrivez devient une nouvelle version, l’ancienne reste." if closed else ""
    )
    return show_form(request, epci, form, heading, "Mutualisation", reverse("territories:pooling"), note)


@require_http_methods(GET_POST)
def service_create(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request, MANAGE)
    return edit_service(request, SharedService(intercommunality=epci), "Ajouter un service mutualisé")


@require_http_methods(GET_POST)
@one_writer(lambda pk: SharedService.objects.filter(pk=pk))
def service_edit(request: HttpRequest, pk: int) -> HttpResponse:
    service = get_service(request, pk, MANAGE)
    return edit_service(request, service, "Modifier le service")


def edit_service(request: HttpRequest, service: SharedService, heading: str) -> HttpResponse:
    """The form of a service, new or known."""
    epci = service.intercommunality
    back = reverse("territories:service", args=[service.pk]) if service.pk else reverse("territories:pooling")
    parent = service.name if service.pk else "Mutualisation"
    form = ServiceForm(request.POST or None, instance=service, epci=epci)
    if done := carried_out(
        request,
        form,
        lambda: services.save_service(
            service=form.save(commit=False), participants=form.cleaned_data["participants"], by=request.user
        ),
        told="Le service est enregistré.",
    ):
        return done
    return show_form(request, epci, form, heading, parent, back)


def show_form(
    request: HttpRequest, epci: Intercommunality, form: Any, heading: str, parent: str, back: str, note: str = ""
) -> HttpResponse:
    """A plain form of the levers, under its tabs."""
    context = {
        "tabs": sections_of(request, epci),
        "form": form,
        "heading": heading,
        "parent": parent,
        "back": back,
        "note": note,
    }
    return render(request, "territories/levers/form.html", context, status=422 if form.errors else 200)


@require_safe
def service(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_service(request, pk)
    versions = list(with_keys(shown.years.all()))
    year = year_asked(request, [one.year for one in versions])
    current = version_asked(request, [one for one in versions if one.year == year])
    sharing = sharing_of(current) if current else None
    served = list(shown.projects.visible_to(request.user)[: SERVED + 1])  # a reverse name: nothing is imported
    context = {
        "tabs": sections_of(request, shown.intercommunality),
        "service": shown,
        "participants": list(shown.participants.all()),
        "year": year,
        "years": sorted({one.year for one in versions} | {year, timezone.localdate().year}, reverse=True),
        "current": current,
        "versions": [one for one in versions if one.year == year],
        "sharing": sharing,
        "table": table_of(sharing) if sharing and sharing.lines else None,
        "bar": bar_of(sharing) if sharing and sharing.lines else None,
        "detail": [(COST_PARTS[name], amount) for name, amount in current.cost_parts.items()] if current else [],
        "lacks_detail": bool(current and shown.legal_form == LegalForm.SERVICE_LOAN and not current.cost_parts),
        "history": history_of(versions),
        "projects": served[:SERVED],
        "serves_more": len(served) > SERVED,
        "may_manage": may_manage(request.user, shown.intercommunality),
    }
    return render(request, "territories/levers/service.html", context)


def version_asked(request: HttpRequest, versions: list[ServiceYear]) -> ServiceYear | None:
    """The version of the address when it exists, else the current one."""
    asked = request.GET.get("version", "")
    found = next((one for one in versions if str(one.version) == asked), None)
    return found or next((one for one in versions if one.is_current), None)


def bar_of(sharing: Sharing) -> dict[str, Any]:
    """Who pays the year: the EPCI, the communes together, the other revenue."""
    shares = [
        Share("Intercommunalité", sharing.own, family=0),
        Share("Communes participantes", sharing.to_share, family=1),
        Share("Autres recettes", sharing.service_year.other_revenue, family=2),
    ]
    drawn = draw_bar(shares, title=f"Qui paie en {sharing.service_year.year}")
    return {"drawing": drawn, "shares": [share for share in shares if share.amount]}


def history_of(versions: list[ServiceYear]) -> list[dict[str, Any]]:
    """One line for each year in its current version, the latest first: what it costs, who bears it."""
    rows = []
    for one in versions:
        if one.is_current:
            sharing = sharing_of(one)
            rows.append({"year": one, "own": sharing.own, "to_share": sharing.to_share, "problem": sharing.problem})
    return rows


@require_http_methods(GET_POST)
def service_key(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """Write the cost and the key of a year: every recording is a version, the former ones can still be read."""
    shared = get_service(request, pk, MANAGE)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("Cette année est hors de portée.")
    versions = with_keys(shared.years.filter(year=year))
    stored = versions.filter(is_current=True).first()
    source = stored or with_keys(shared.years.filter(is_current=True)).first()  # a new year starts from the last key
    communes = list(shared.participants.order_by("insee_code"))
    people = populations_of(communes, year)
    form = KeyForm(request.POST or None, communes=communes, stored=source, initial=initial_of(shared, stored, source))
    if request.method == "POST" and form.is_valid():
        try:
            services.write_key(
                service=shared,
                year=year,
                figures=form.figures(),
                parts=form.parts(),
                by=request.user,
                expected_version=form.cleaned_data["version"],
            )
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"La clé de {year} est enregistrée ; la version précédente reste lisible.")
            return redirect(f"{shared.get_absolute_url()}?annee={year}")
    rows = [row | {"population": people.get(row["commune"].pk)} for row in form.rows()]
    context = {
        "tabs": sections_of(request, shared.intercommunality),
        "service": shared,
        "year": year,
        "form": form,
        "rows": rows,
        "is_copied": stored is None and source is not None,
        "is_detailed": any(field.value() not in (None, "") for field in form.detail_fields()),
    }
    return render(request, "territories/levers/key.html", context, status=422 if form.errors else 200)


def initial_of(shared: SharedService, stored: ServiceYear | None, source: ServiceYear | None) -> dict[str, Any]:
    """What the form of a year starts from: its own figures, else those of the last year, else what was announced."""
    if source is None:
        return {"version": 0, "total_cost": shared.announced_cost}
    names = ("total_cost", *COST_PARTS, "other_revenue", "epci_share_percent", "stage")
    initial = {name: getattr(source, name) for name in names} | {"version": 0}
    if stored is not None:
        initial |= {"version": stored.version, "report": stored.report}
    return initial
