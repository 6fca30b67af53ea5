"""Pages of the directory, for those who may read it: partners and their relay persons."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.directory.models import Partner, Relay
from partners.people.access import get_intercommunality, scope_of
from partners.people.current import require_intercommunality
from partners.people.models import User


def get_partner(user: User, pk: int) -> Partner:
    """The only way a view obtains a partner: 404 unless the person reads the directory of its EPCI."""
    readable = scope_of(user).where("view_directory")
    return get_object_or_404(Partner.objects.filter(intercommunality_id__in=readable), pk=pk)


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    epci = get_intercommunality(request.user, require_intercommunality(request).siren, "view_directory")
    words = request.GET.get("q", "").strip()[:100]
    partners = Partner.objects.filter(intercommunality=epci).prefetch_related("relays")
    for word in words.split():
        partners = partners.filter(
            Q(name__icontains=word) | Q(role__icontains=word) | Q(relays__full_name__icontains=word)
        )
    town_halls = Relay.objects.filter(intercommunality=epci, commune__isnull=False).select_related("commune")
    return render(
        request,
        "partners/directory.html",
        {"epci": epci, "partners": partners.distinct(), "town_halls": town_halls, "words": words},
    )


@require_safe
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_partner(request.user, pk)
    return render(request, "partners/partner.html", {"partner": shown, "relays": list(shown.relays.all())})
