"""What is done with each request: who comes signs in first; their EPCI of the moment and communes can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from partners.people.current import current_intercommunality, holders_of, own_communes


class SignInFirst(LoginRequiredMiddleware):
    """Ask who comes, then lead them back to where they were: an act that was not done has no page of its own."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        page, host = request.headers.get("Referer", ""), {request.get_host()}
        is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=host, require_https=request.is_secure())
        came_from = urlsplit(page)._replace(scheme="", netloc="", fragment="").geturl() if page and is_ours else "/"
        field = self.get_redirect_field_name(view_func)
        return redirect_to_login(came_from or "/", self.get_login_url(view_func), field)


class CurrentIntercommunality:
    """Pages of the territory, which know no account, ask the request: where, for which communes, who holds a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.current_intercommunality = partial(current_intercommunality, request)
        request.own_communes = partial(own_communes, request)
        request.holders_of = partial(holders_of, request)
        return self.get_response(request)
