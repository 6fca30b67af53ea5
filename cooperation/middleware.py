"""What every page owes to its reader, whichever view answers: French typography, a sentence where there is no page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from cooperation.files import FilesOutOfReach
from cooperation.french import raise_ordinals


class RaisedOrdinals:
    """Raises the end of « 1er » and « 8e » in pages; what is no page, or is sent in pieces, is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page:
            page = response.content.decode(response.charset)
            if (raised := raise_ordinals(page)) != page:
                response.content = raised.encode(response.charset)
        return response


class FilesAway:
    """Answers with one sentence, and no fault of ours in the journal, when the files cannot be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FilesOutOfReach):
            return None
        answer = render(request, "503.html", status=503)
        answer["Retry-After"] = "300"
        return answer


def page_of_an_act(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say in words that an address serves an act, where a browser would show an empty page."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response["Content-Type"] = "text/html; charset=utf-8"
            response.content = render_to_string("405.html")
        return response

    return answer
