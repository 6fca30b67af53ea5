"""The address of a page by its name, for menus that outlive the pages of one installation."""

from __future__ import annotations

from functools import cache

from django.urls import NoReverseMatch, reverse


@cache
def address_of(name: str) -> str:
    """The address of a page by its name, or nothing when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
