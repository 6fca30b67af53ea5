"""Pages that are the same for everybody: accessibility, personal data."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
