"""What every page shows around its content: the navigation of the person and the EPCI they are working in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    return {"navigation": [], "current_intercommunality": None, "intercommunalities": []}
