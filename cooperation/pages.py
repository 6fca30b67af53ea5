"""Pages that are the same for everybody: accessibility, personal data, a refusal."""

from __future__ import annotations

from traceback import walk_tb

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.defaults import permission_denied

HOUSES = {"cooperation", "territories", "partners", "projects"}


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


def refused(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Say why, in our sentences alone: those of the libraries are in English, and written for programmers."""
    return permission_denied(request, exception if is_ours(exception) else PermissionDenied())


def is_ours(exception: Exception) -> bool:
    """One of our houses raised it: the last of the calls that it went through is the one that refused."""
    frames = [frame for frame, _ in walk_tb(exception.__traceback__)]
    return bool(frames) and frames[-1].f_globals["__name__"].split(".")[0] in HOUSES
