"""Pages that are the same for everybody: accessibility, personal data, and what stands at the address of an act."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that the law asks for (loi n° 2005-102, art. 47), as a model that the installation completes."""
    return render(request, "cooperation/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is known of a person, why and for how long (RGPD, art. 13)."""
    return render(request, "cooperation/privacy.html", {"contact": settings.CONTACT_EMAIL})


def page_of_an_act(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say in words that an address serves an act, where a browser would show an empty page."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response["Content-Type"] = "text/html; charset=utf-8"
            response.content = render_to_string("405.html")
        return response

    return answer
