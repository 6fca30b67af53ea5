"""Answers that many pages give: a form whose act is done, or whose page comes back with its faults; a file to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cooperation.forms import show_errors


def carried_out(
    request: HttpRequest, form: BaseForm, act: Callable[[], Any], *, told: str, back: Any = ""
) -> HttpResponse | None:
    """Do the act of a valid form, and leave; None while there is something to mend.

    Leaves for `back`, an address or a row, or else for what the act wrote.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        written = act()
    except ValidationError as error:
        show_errors(form, error)
        return None
    messages.success(request, told)
    return redirect(back or written)


def file_to_keep(content: bytes | Iterator[Any], *, name: str, content_type: str) -> HttpResponseBase:
    """A file to keep, never one to be shown by the browser; one that has no bound leaves as it is made."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    answer = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    return answer(content, content_type=content_type, headers=headers)
