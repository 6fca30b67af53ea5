"""Pages of governance: the bodies of the EPCI and who sits in them."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.governance.models import Body, Seat
from partners.people.current import require_intercommunality


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Who sits where is public (CGCT, art. L. 5211-6): every member of the territory reads it."""
    epci = require_intercommunality(request)
    seats = Seat.objects.filter(ends_on__isnull=True).select_related("member", "commune", "member__commune")
    listed = Body.objects.filter(intercommunality=epci).prefetch_related(Prefetch("seats", queryset=seats))
    return render(request, "partners/bodies.html", {"epci": epci, "bodies": listed})
