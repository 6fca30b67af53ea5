"""Pages of governance: the bodies of the EPCI and who sits in them."""

from __future__ import annotations

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners.governance import rules
from partners.governance.models import Body, Delegation, Seat
from partners.people.current import require_intercommunality


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Who sits where is public (CGCT, art. L. 5211-6): every member of the territory reads it."""
    epci = require_intercommunality(request)
    today = timezone.localdate()
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    seats = Seat.objects.filter(in_force).select_related("member", "substitute", "commune", "member__commune")
    listed = Body.objects.filter(intercommunality=epci).prefetch_related(Prefetch("seats", queryset=seats))
    delegations = Delegation.objects.filter(in_force, intercommunality=epci, starts_on__lte=today)
    context = {"epci": epci, "bodies": listed, "delegations": delegations, "kept": rules.NEVER_DELEGATED.values()}
    return render(request, "partners/bodies.html", context)
