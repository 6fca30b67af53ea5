"""What every page may show of the ways to sign in."""

from django.conf import settings
from django.http import HttpRequest


def ways_in(request: HttpRequest) -> dict[str, bool]:
    return {"proconnect": bool(settings.PROCONNECT)}
