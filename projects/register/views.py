"""Pages of the register: the list of decisions, the filing of an act, the open data."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.answering import carried_out, file_to_keep
from cooperation.shared import one_writer
from partners.governance.models import Seat
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.deliberation.access import get_decision
from projects.deliberation.models import Decision
from projects.deliberation.sealing import numbers_of, subject_of
from projects.register import services
from projects.register.forms import FilingForm, RegisterFilters, SiretForm
from projects.register.models import ActFiling
from territories.places.models import Intercommunality

LENGTH = 25
SHOWN = 100  # acts to file that are named on one page: the next ones come as these are filed


def get_register(request: HttpRequest) -> tuple[Intercommunality, bool]:
    """The EPCI whose register the person reads, and whether they hold its sessions."""
    intercommunality, scope = require_intercommunality(request), scope_of(request.user)
    if not scope.may("view_sessions", intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas de lire le registre des décisions.")
    return intercommunality, scope.may("plan_sessions", intercommunality.pk)


def readable(request: HttpRequest, intercommunality: Intercommunality, *, plans: bool) -> QuerySet[Decision]:
    """Published decisions; those who hold the sessions, and the chair of a body, read the others too."""
    found = Decision.objects.filter(intercommunality=intercommunality)
    if not plans:
        chaired = list(Seat.objects.filter(is_chair=True, member__user=request.user).values_list("body", flat=True))
        published = Q(item__session__publication__isnull=False)
        found = found.filter(published | Q(item__session__body__in=chaired))
    return found.select_related("item__session__body", "item__session__publication", "item__project", "filing")


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    intercommunality, plans = get_register(request)
    filters = RegisterFilters(request.GET, intercommunality=intercommunality)
    found = filters.apply(readable(request, intercommunality, plans=plans))
    found = found.prefetch_related("corrections").order_by("-item__session__held_on", "item__position", "-pk")
    page = Paginator(found, LENGTH).get_page(request.GET.get("page"))
    records = numbers_of(intercommunality.pk, [subject_of(one) for one in page.object_list])
    context = {
        "filters": filters,
        "page": page,
        "query": filters.query(),
        "is_filtered": bool(filters.in_force),
        "plans": plans,
        "rows": [row_of(one, records) for one in page.object_list],
    }
    return render(request, "projects/register/register.html", context)


def row_of(decision: Decision, records: dict) -> dict:
    record = records.get(subject_of(decision))
    return {
        "decision": decision,
        "session": decision.item.session,
        "is_published": hasattr(decision.item.session, "publication"),
        "corrections": len(decision.corrections.all()),
        "number": decision.filing.number if hasattr(decision, "filing") else "",
        "seal": f"n° {record.sequence}" if record else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer(lambda pk: Decision.objects.filter(item=pk))
def act_file(request: HttpRequest, pk: int) -> HttpResponse:
    decision = get_decision(request.user, pk, "plan_sessions")
    filing = ActFiling.objects.filter(decision=decision).first()
    begun = ActFiling(intercommunality_id=decision.intercommunality_id, decision=decision)
    form = FilingForm(request.POST or None, instance=filing or begun)
    if done := carried_out(
        request,
        form,
        lambda: services.file_act(filing=form.save(commit=False), by=request.user),
        told="L’acte est enregistré.",
        back=reverse("projects:decision", args=[pk]),
    ):
        return done
    context = {"decision": decision, "item": decision.item, "form": form}
    return render(request, "projects/register/act_file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def scdl(request: HttpRequest) -> HttpResponseBase:
    """The open data: what goes out, what waits; with a SIRET, the file itself. A SIRET posted is kept for the next."""
    intercommunality, plans = get_register(request)

    def address(decision: Decision) -> str:
        return request.build_absolute_uri(reverse("projects:decision", args=[decision.item_id]))

    asked = request.POST if request.method == "POST" else request.GET if "siret" in request.GET else None
    form = SiretForm(asked, siren=intercommunality.siren, initial={"siret": intercommunality.siret})
    if form.is_valid() and request.method == "POST":
        services.remember_siret(intercommunality, siret=form.cleaned_data["siret"], by=request.user)
        messages.success(request, "Ce numéro est retenu : il ne vous sera plus demandé.")
        return redirect("projects:scdl")
    if form.is_valid():
        rows = services.exported(intercommunality, address)
        text = services.as_csv(rows, name=intercommunality.name, siret=form.cleaned_data["siret"])
        name = f"SCDL-deliberations-{intercommunality.siren}-{timezone.localdate():%Y%m%d}.csv"
        return file_to_keep(text, name=name, content_type="text/csv; charset=utf-8")
    waiting = services.unfiled(intercommunality)
    context = {
        "form": form,
        "siret": intercommunality.siret,
        "plans": plans,
        "count": services.filed(intercommunality).order_by().count(),
        "unfiled": waiting[:SHOWN],
        "waiting": waiting.order_by().count(),
    }
    return render(request, "projects/register/scdl.html", context, status=422 if form.is_bound else 200)
