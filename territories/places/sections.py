"""The pages of the territory, side by side: what each person may open of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from cooperation.addresses import address_of
from territories.places.models import Intercommunality

# fmt: off
SECTIONS = (
    # label              page                          right asked
    ("Communes",         "projects:territory",         ""),
    ("Compétences",      "territories:competences",    ""),
    ("Consultations",    "territories:consultations",  "view_consultations"),
    ("Mutualisation",    "territories:pooling",        "view_levers"),
    ("Pacte financier",  "territories:pact",           "view_levers"),
)
# fmt: on


def sections_of(request: HttpRequest, epci: Intercommunality) -> list[dict[str, Any]]:
    """The tabs of the territory pages (inputs of `components/_tabs.html`); the nearest one is the current one."""
    return [
        {"label": label, "url": address, "is_current": is_under(request.path, name)}
        for label, name, permission in SECTIONS
        if (address := address_of(name))
        and (not permission or request.user.has_perm(f"territories.{permission}", epci))
    ]


def is_under(path: str, name: str) -> bool:
    """Whether the page asked for belongs to this section: the longest address that begins the path."""
    around = [address_of(other) for _, other, _ in SECTIONS if address_of(other)]
    return address_of(name) == max((url for url in around if path.startswith(url)), key=len, default="")
