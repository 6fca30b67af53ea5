"""What every page owes to French typography, whichever template or sentence wrote it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from cooperation.french import raise_first


class RaisedFirst:
    """Raises the end of « 1er » in the pages that hold one; what is no page, or is sent in pieces, is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and b"1er" in response.content:
            response.content = raise_first(response.content.decode(response.charset)).encode(response.charset)
        return response
