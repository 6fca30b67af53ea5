"""Hands each request the way to the EPCI where the person is working, read only by the pages that ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from partners.people.current import current_intercommunality


class CurrentIntercommunality:
    """Pages of the territory, which know no account, call `request.current_intercommunality()`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.current_intercommunality = partial(current_intercommunality, request)
        return self.get_response(request)
