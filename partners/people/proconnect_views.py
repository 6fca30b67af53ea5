"""The two addresses of ProConnect: where one leaves for it, where one comes back."""

from __future__ import annotations

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from partners.people.proconnect import FAILED, NAME, Exchange, refuse


def exchange(request: HttpRequest, view: type[OAuth2View]) -> HttpResponse:
    if not settings.PROCONNECT:
        raise Http404("ProConnect n’est pas installé ici.")
    try:
        return view.adapter_view(Exchange(request, NAME))(request)
    except (RequestException, KeyError, ValueError):  # unreachable, or an answer that is not what it should be
        return refuse(request, FAILED, 503)


@login_not_required
@never_cache
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    return exchange(request, OAuth2LoginView)


@login_not_required
@never_cache
@require_safe
def come_back(request: HttpRequest) -> HttpResponse:
    return exchange(request, OAuth2CallbackView)
