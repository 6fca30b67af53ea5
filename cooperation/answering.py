"""A form that is answered: its act done, said and left; or nothing, and its page is shown again with what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
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
