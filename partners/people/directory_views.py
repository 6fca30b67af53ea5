"""Pages of the directory: searching it, one partner, and for those who hold it, writing, merging and erasing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cooperation.alphabetical import Alphabetical
from cooperation.forms import show_errors
from cooperation.french import listed
from cooperation.shared import one_writer
from partners.directory import services
from partners.directory.duplicates import Known, candidates
from partners.directory.forms import PartnerForm, RelayForm, SearchForm
from partners.directory.models import Distinction, Partner, Relay
from partners.people.access import scope_of
from partners.people.directory_access import (
    MANAGE,
    VIEW,
    get_directory,
    get_distinction,
    get_partner,
    get_relay,
    keepers,
)
from partners.people.models import Membership

GET_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 50


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    epci = get_directory(request)
    form = SearchForm(request.GET, epci=epci)
    found = form.found().prefetch_related(
        "communes", Prefetch("relays", queryset=Relay.objects.order_by(Alphabetical("full_name")))
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    asked = any(query.get(name) for name in form.fields)
    everywhere = epci.communes.count()
    town_halls = Relay.objects.filter(intercommunality=epci, commune__isnull=False).select_related("commune")
    context = {
        "epci": epci,
        "form": form,
        "page": page,
        "rows": [(partner, served(partner, everywhere)) for partner in page],
        "query": f"&{query.urlencode()}" if query else "",
        "asked": asked,
        "town_halls": [] if asked or page.number > 1 else town_halls,
        "may_manage": scope_of(request.user).may(MANAGE, epci.pk),
        "to_erase": Relay.objects.filter(intercommunality=epci).to_erase(timezone.localdate()).count(),
    }
    return render(request, "partners/directory.html", context)


def served(partner: Partner, everywhere: int) -> str:
    """The communes a partner serves, in a few words; they are already read."""
    names = [commune.name for commune in partner.communes.all()]
    if names and len(names) == everywhere:
        return "Toutes les communes"
    return listed(names) or "à préciser"


@require_safe
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_partner(request.user, pk)
    if shown.merged_into:
        return redirect(shown.merged_into, permanent=True)
    epci, today = shown.intercommunality, timezone.localdate()
    may_manage = scope_of(request.user).may(MANAGE, epci.pk)
    context = {
        "partner": shown,
        "relays": list(shown.relays.all()),
        "communes": list(shown.communes.all()),
        "competences": list(shown.competences.all()),
        "accounts": list(Membership.objects.filter(partner=shown).in_force(today).select_related("user")),
        "keepers": list(keepers(epci)),
        "may_manage": may_manage,
        "speaks": shown.pk in scope_of(request.user).partners,
        "reads_directory": scope_of(request.user).may(VIEW, epci.pk),
        "invitations": shown.invitations.pending(timezone.now()).select_related("relay", "letter")
        if may_manage
        else [],
        "today": today,
        "facts": facts_of(shown),
    }
    return render(request, "partners/partner.html", context)


def facts_of(partner: Partner) -> list[dict[str, Any]]:
    """What is known of a partner, as terms and values; what does not apply is not asked."""
    numbers = [("SIRET", _grouped(partner.siret))]
    if partner.rna or partner.kind == Partner.Kind.ASSOCIATION:
        numbers.append(("Numéro RNA", partner.rna))
    return [{"label": label, "value": value} for label, value in (*numbers, ("Adresse", partner.address))]


def _grouped(siret: str) -> str:
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}".strip().replace(" ", "\u00a0")


def write_partner(request: HttpRequest, held: Partner, title: str) -> HttpResponse:
    form = PartnerForm(request.POST or None, instance=held, epci=held.intercommunality)
    if request.method == "POST" and form.is_valid():
        linked = {name: form.cleaned_data[name] for name in ("communes", "competences")}
        try:
            services.save_partner(partner=form.instance, by=request.user, **linked)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"La fiche de « {held} » est enregistrée.")
            return redirect(held)
    name = Partner.objects.get(pk=held.pk).name if held.pk else ""  # the form may hold another one, refused
    return render(request, "partners/partner_form.html", {"partner": held, "name": name, "form": form, "title": title})


@require_http_methods(GET_POST)
def partner_add(request: HttpRequest) -> HttpResponse:
    return write_partner(request, Partner(intercommunality=get_directory(request, MANAGE)), "Ajouter un partenaire")


@require_http_methods(GET_POST)
@one_writer(lambda pk: Partner.objects.filter(pk=pk))
def partner_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return write_partner(request, get_partner(request.user, pk, MANAGE), "Modifier la fiche")


def write_relay(request: HttpRequest, relay: Relay, title: str) -> HttpResponse:
    back = relay.partner.get_absolute_url() if relay.partner else ""
    structure = relay.structure
    form = RelayForm(request.POST or None, instance=relay)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_relay(relay=form.instance, by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, f"{relay.full_name} est la personne relais de « {structure} ».")
            return redirect(back or "partners:directory")
    context = {"relay": relay, "structure": structure, "form": form, "title": title, "back": back}
    return render(request, "partners/relay_form.html", context)


@require_http_methods(GET_POST)
def relay_add(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_partner(request.user, pk, MANAGE)
    relay = Relay(intercommunality=held.intercommunality, partner=held)
    return write_relay(request, relay, "Ajouter une personne relais")


@require_http_methods(GET_POST)
@one_writer(lambda pk: Relay.objects.filter(pk=pk))
def relay_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return write_relay(request, get_relay(request.user, pk), "Modifier une personne relais")


@require_http_methods(GET_POST)
def relay_erase(request: HttpRequest, pk: int) -> HttpResponse:
    relay = get_relay(request.user, pk)
    if request.method == "POST":
        services.erase_relay(relay=relay, by=request.user)
        messages.success(request, "Les données personnelles sont effacées ; la personne relais est à trouver.")
        return redirect(relay.partner or "partners:directory")
    return render(request, "partners/relay_erase.html", {"relay": relay})


@require_safe
def relays_to_erase(request: HttpRequest) -> HttpResponse:
    epci = get_directory(request, MANAGE)
    late = Relay.objects.filter(intercommunality=epci).to_erase(timezone.localdate())
    relays = late.select_related("partner", "commune").order_by("retained_until")
    return render(request, "partners/relays_to_erase.html", {"epci": epci, "relays": relays})


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    epci = get_directory(request, MANAGE)
    listed = Partner.objects.listed().filter(intercommunality=epci)
    said = Distinction.objects.filter(intercommunality=epci)
    known = (Known(*row) for row in listed.values_list("pk", "name", "siret", "rna"))
    found = candidates(known, said.pairs())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = listed.prefetch_related("relays").in_bulk({pk for one in page for pk in (one.first, one.second)})
    rows = [{"first": shown[one.first], "second": shown[one.second], "reason": one.reason} for one in page]
    context = {
        "epci": epci,
        "page": page,
        "rows": rows,
        "count": len(found),
        "apart": Paginator(said.select_related("first", "second"), PER_PAGE).get_page(request.GET.get("differents")),
    }
    return render(request, "partners/duplicates.html", context)


@require_POST
def partners_apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say that two partners that look alike are two."""
    one, second = (get_partner(request.user, key, MANAGE) for key in (pk, other))
    try:
        services.tell_apart(one=one, other=second, by=request.user, on=timezone.localdate())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"C’est noté : « {one} » et « {second} » sont deux partenaires différents.")
    return redirect("partners:duplicates")


@require_POST
def apart_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare again two partners that were said to be different."""
    said = get_distinction(request.user, pk)
    services.take_distinction_back(distinction=said, by=request.user)
    messages.success(request, f"« {said.first} » et « {said.second} » sont de nouveau à comparer.")
    return redirect("partners:duplicates")


@require_http_methods(GET_POST)
def partner_merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two partners side by side; the button says which one is kept."""
    pair = [get_partner(request.user, one, MANAGE) for one in (pk, other)]
    if request.method == "POST":
        kept, merged = pair if request.POST.get("kept") != str(pair[1].pk) else pair[::-1]
        try:
            services.merge_partners(kept=kept, merged=merged, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("partners:duplicates")
        messages.success(request, f"« {merged} » est fusionné avec « {kept} » : son ancienne adresse mène ici.")
        return redirect(kept)
    sides = [
        {"partner": one, "facts": facts_of(one), "relays": one.relays.all(), "communes": one.communes.all()}
        for one in pair
    ]
    return render(request, "partners/partner_merge.html", {"sides": sides})
