"""What every page shows around its content: the navigation of the person and the EPCI they are working in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from cooperation.addresses import address_of
from partners.people.access import scope_of
from partners.people.current import current_intercommunality, intercommunalities_of
from projects.notices.reads import unread_of

# fmt: off
ENTRIES = (
    # label                   page                   asked of the person in the EPCI where they are working
    ("Accueil",               "projects:home",       ""),
    ("Projets",               "projects:list",       ""),
    ("Instruire",             "projects:review_queue", "review_projects"),
    ("Séances",               "projects:sessions",   "view_sessions"),
    ("Projet de territoire",  "projects:strategy",   ""),
    ("Imprimer",              "projects:report",     "print_report"),
    ("Territoire",            "projects:territory", ""),
    ("Partenaires",           "partners:directory",  "view_directory"),
    ("Instances",             "partners:bodies",     ""),
    ("Personnes",             "partners:people",     "manage_people"),
)
# fmt: on

# Pages with an address of their own that are reached from an entry of the menu.
REACHED_FROM = {
    "projects:opinions_mine": "projects:list",
    "projects:surveys": "projects:list",
    "projects:calendar": "projects:list",
}


@dataclass(frozen=True)
class Entry:
    """A line of the main menu."""

    label: str
    url: str
    is_current: bool = False


def entries_for(request: HttpRequest) -> list[Entry]:
    """The pages the person may open in the EPCI where they are working; the nearest one is the current one."""
    epci = current_intercommunality(request)
    if epci is None:
        return []
    scope = scope_of(request.user)
    open_pages = [
        (label, address)
        for label, name, permission in ENTRIES
        if (address := address_of(name)) and (not permission or scope.may(permission, epci.pk))
    ]
    home, path = address_of("projects:home"), request.path
    for name, entry in REACHED_FROM.items():
        if (address := address_of(name)) and path.startswith(address):
            path = address_of(entry)
    around = [url for _, url in open_pages if path == url or (url != home and path.startswith(url))]
    nearest = max(around, key=len, default="")
    return [Entry(label, url, url == nearest) for label, url in open_pages]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Read the scope of the person (three queries a request at most, one more to count what they have to read)."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": [], "current_intercommunality": None, "intercommunalities": [], "unread_notices": ""}
    return {
        "navigation": entries_for(request),
        "current_intercommunality": current_intercommunality(request),
        "intercommunalities": intercommunalities_of(request),
        "unread_notices": unread_of(request.user),
    }
