"""The populations that keys and grants copy: those in force in the year, or the nearest before."""

from __future__ import annotations

from collections.abc import Iterable

from territories.places.models import Commune, Population


def populations_of(communes: Iterable[Commune], year: int) -> dict[int, Population]:
    """The population of each commune by primary key; a commune without any is left out.

    The year after the last census figures takes the last ones; a year before the first takes the first.
    """
    found: dict[int, Population] = {}
    for one in Population.objects.filter(commune__in=list(communes)).order_by("year_in_force"):
        if one.year_in_force <= year or one.commune_id not in found:
            found[one.commune_id] = one
    return found
