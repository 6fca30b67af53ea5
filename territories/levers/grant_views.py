"""Pages of the solidarity grant: its components, its criteria, its simulation before anything is adopted, its vote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.answering import carried_out
from cooperation.forms import show_errors
from territories.levers import pact_rules
from territories.levers import pact_services as services
from territories.levers.access import get_grant, get_year, may_manage
from territories.levers.models import PactYear, SolidarityGrant
from territories.levers.pact_forms import AdoptionForm, GrantForm, SimulationForm
from territories.levers.pact_tables import (
    comparison,
    grant_checks,
    grant_in_force,
    grant_table,
    shared,
    with_criteria,
)
from territories.levers.pact_views import GET_POST, address_of_year
from territories.levers.populations import populations_of
from territories.places.sections import sections_of


def address_of_grant(grant: SolidarityGrant) -> str:
    return f"{reverse('territories:grant', args=[grant.pact_year.year])}?version={grant.version}"


@require_safe
def grant(request: HttpRequest, year: int) -> HttpResponse:
    return show_grant(request, get_year(request, year), request.GET.get("version", ""))


def show_grant(
    request: HttpRequest, pact_year: PactYear, version: str, adoption: AdoptionForm | None = None
) -> HttpResponse:
    """A version of the grant with its components; the one in force unless another is asked for."""
    versions = list(with_criteria(pact_year.grants.order_by("-version")))
    in_force = grant_in_force(pact_year)
    found = next((one for one in versions if str(one.version) == version), None) or in_force
    one = shared(found) if found else None
    manages = may_manage(request.user, pact_year.intercommunality)
    can_adopt = bool(manages and found and found.stage == SolidarityGrant.Stage.DRAFT and one and one.result)
    context = {
        "tabs": sections_of(request, pact_year.intercommunality),
        "year": pact_year.year,
        "back": address_of_year(pact_year.year),
        "grant": found,
        "is_in_force": found is not None and in_force is not None and found.pk == in_force.pk,
        "versions": versions,
        "problem": one.problem if one else "",
        "table": grant_table(one) if one else {},
        "checks": grant_checks(one) if one else [],
        "may_manage": manages,
        "adoption_form": (adoption or AdoptionForm()) if can_adopt else None,
    }
    return render(request, "territories/levers/grant.html", context, status=422 if adoption else 200)


@require_http_methods(GET_POST)
def grant_edit(request: HttpRequest, year: int) -> HttpResponse:
    """Write the criteria and the value of every commune; every recording is a version in draft."""
    pact_year = get_year(request, year, "manage_levers")
    stored = with_criteria(pact_year.grants.order_by("-version")).first() or last_of_before(pact_year)
    communes = list(pact_year.intercommunality.communes.order_by("insee_code"))
    is_revision = stored is not None and stored.pact_year_id == pact_year.pk
    people = {} if is_revision else {pk: one.total for pk, one in populations_of(communes, year).items()}
    last = max(pact_year.grants.values_list("version", flat=True), default=0)
    initial = {"version": last, "total": stored.total if stored else None}
    form = GrantForm(request.POST or None, communes=communes, stored=stored, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            written = services.write_grant(
                pact_year=pact_year,
                total=form.cleaned_data["total"],
                parts=form.parts(),
                note=form.cleaned_data["note"],
                expected_version=form.cleaned_data["version"],
                by=request.user,
            )
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"La dotation est enregistrée (version {written.version}, en projet).")
            return redirect(address_of_grant(written))
    context = {
        "tabs": sections_of(request, pact_year.intercommunality),
        "year": year,
        "form": form,
        "back": reverse("territories:grant", args=[year]),
    }
    return render(request, "territories/levers/grant_edit.html", context, status=422 if form.errors else 200)


def last_of_before(pact_year: PactYear) -> SolidarityGrant | None:
    """The last grant of an earlier year: a new year starts from its criteria."""
    before = SolidarityGrant.objects.filter(
        intercommunality_id=pact_year.intercommunality_id, pact_year__year__lt=pact_year.year
    )
    return with_criteria(before.order_by("-pact_year__year", "-version")).first()


@require_http_methods(GET_POST)
def grant_simulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Before and after, commune by commune. Looking changes nothing: the form is a GET, recording is a POST."""
    found = get_grant(request, pk, "manage_levers")
    found = with_criteria(SolidarityGrant.objects.filter(pk=found.pk)).select_related("intercommunality").get()
    last = max(found.pact_year.grants.values_list("version", flat=True))
    given = request.POST if request.method == "POST" else request.GET
    form = SimulationForm(given if "total" in given else None, grant=found)
    context: dict[str, Any] = {"grant": found, "form": form, "last_version": last}
    if form.is_bound and form.is_valid():
        total, weights = form.cleaned_data["total"], form.weights()
        if request.method == "POST":
            try:
                written = save_simulation(request, found, total, weights)
            except ValidationError as error:
                show_errors(form, error)
            else:
                messages.success(request, f"La simulation est enregistrée (version {written.version}, en projet).")
                return redirect(address_of_grant(written))
        context |= simulated(found, total, weights)
    context |= {
        "tabs": sections_of(request, found.intercommunality),
        "year": found.pact_year.year,
        "back": address_of_grant(found),
        "typed": [(name, given[name]) for name in form.fields if name in given],
    }
    return render(request, "territories/levers/simulation.html", context, status=422 if form.errors else 200)


def save_simulation(
    request: HttpRequest, found: SolidarityGrant, total: Any, weights: dict[int, int]
) -> SolidarityGrant:
    version = request.POST.get("version", "")
    return services.reweigh_grant(
        grant=found,
        total=total,
        weights=weights,
        by=request.user,
        expected_version=int(version) if version.isdigit() else 0,
        note=f"Simulation à partir de la version {found.version}",
    )


def simulated(found: SolidarityGrant, total: Any, weights: dict[int, int]) -> dict[str, Any]:
    """The comparison and what the law says of it; or why nothing can be computed."""
    before, after = shared(found), shared(found, total=total, weights=weights)
    if before.result is None or after.result is None:
        return {"problem": before.problem or after.problem}
    check = pact_rules.legal_criteria_check(after.result.legal, after.result.total)
    return {"comparison": comparison(before, after), "checks": [check], "can_save": bool(check.holds)}


@require_POST
def grant_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_grant(request, pk, "manage_levers")
    form = AdoptionForm(request.POST)
    if done := carried_out(
        request,
        form,
        lambda: services.adopt_grant(grant=found, by=request.user, **form.cleaned_data),
        told="Le vote est enregistré : cette version est adoptée.",
        back=address_of_grant(found),
    ):
        return done
    if found.stage == SolidarityGrant.Stage.ADOPTED:
        raise Http404("Cette version est déjà adoptée.")
    pact_year = PactYear.objects.select_related("intercommunality").get(pk=found.pact_year_id)
    return show_grant(request, pact_year, str(found.version), form)
