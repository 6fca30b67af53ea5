"""The territory in figures and maps: communes, populations, and the few numbers written large."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cooperation.drawing.maps import Map, Place, draw_map
from cooperation.french import euros, number, plural
from projects.funding.share_reading import in_force
from projects.models import Project
from projects.report.sheets import Sheet
from territories.models import Commune, Intercommunality, Population
from territories.places.outlines import outlines_of

Outlines = Mapping[int, dict[str, Any] | str]  # by commune, as a map takes them
MILLION = 1_000_000
ONE_COLUMN = 12  # communes whose table is read on one column
CLOSE = 36  # beyond, its lines are set closer
MOST_NAMED = 50  # communes that are named below the map of the cover


@dataclass(frozen=True)
class CommuneRow:
    """A commune in the table of figures; `weight` (1 to 4) is the size of its name on a cover without a map."""

    name: str
    population: int | None
    percent: Decimal | None
    projects: int
    weight: int


def read_populations(intercommunality: Intercommunality, day: dt.date) -> dict[int, int]:
    """Municipal population of each commune (the one people quote), in force on a day."""
    known = Population.objects.filter(commune__intercommunality=intercommunality).order_by("year_in_force")
    return {commune: population.municipal for commune, population in in_force(known, day.year).items()}


def read_outlines(intercommunality: Intercommunality) -> dict[int, str]:
    """As texts, which each map of the document would otherwise write again to know whether it was drawn before."""
    return {commune: outline for commune, outline, _ in outlines_of(intercommunality)}


def count_communes(
    communes: Sequence[Commune],
    populations: Mapping[int, int],
    projects: Sequence[Project],
    sheets: Mapping[int, Sheet],
) -> list[CommuneRow]:
    """Count people and projects; those of the whole territory count for each commune."""
    total = sum(populations.values())
    everywhere = sum(sheet.is_everywhere for sheet in sheets.values())
    own = [project for project in projects if not sheets[project.pk].is_everywhere]
    named = Counter(commune.pk for project in own for commune in project.communes.all())
    rows = []
    for rank, commune in enumerate(communes):
        people = populations.get(commune.pk)
        percent = (Decimal(100 * people) / total).quantize(Decimal("0.1")) if people and total else None
        weight = 4 - min(3, 4 * rank // max(1, len(communes)))
        rows.append(CommuneRow(commune.name, people, percent, everywhere + named[commune.pk], weight))
    return rows


def sum_figures(
    intercommunality: Intercommunality,
    communes: Sequence[Commune],
    population: int,
    sheets: Sequence[Sheet],
    *,
    is_extract: bool,
) -> list[tuple[str, str]]:
    """The few figures written large; an unknown one is left out rather than guessed.

    An extract counts its own projects, and says so.
    """
    figures = [(number(population), "habitants")] if population else []
    figures.append((str(len(communes)), plural(len(communes), "commune")))
    if intercommunality.council_seats:
        figures.append((str(intercommunality.council_seats), "sièges au conseil"))
    if sheets:
        figures.append((str(len(sheets)), plural(len(sheets), "projet") + " de l’extrait" * is_extract))
    if invested := sum((sheet.invests for sheet in sheets), Decimal(0)):
        worded = f"{number(invested / MILLION, 1)} M€" if invested >= MILLION else euros(invested, 0)
        figures.append((worded, "d’investissement HT" + " de ces projets" * is_extract))
    return figures


def draw_cover(
    intercommunality: Intercommunality,
    communes: Sequence[Commune],
    outlines: Outlines,
    *,
    only: int | None = None,
    small: bool,
) -> Map | None:
    """The map of the cover, where all communes stand out, or the only one of which the document tells."""
    told = [commune for commune in communes if only in {None, commune.pk}]
    width, tallest, line, letters = (453, 330, 16, 90) if small else (627, 500, 19, 108)
    named = sum(len(commune.name) + 3 for commune in communes) if len(communes) <= MOST_NAMED else 0
    tallest -= line * max(0, named // letters - 1)  # two lines of names have their room below the tallest map
    return draw_territory(intercommunality, communes, outlines, width=width, tallest=tallest, standing_out=told)


def draw_figures(
    intercommunality: Intercommunality, communes: Sequence[Commune], outlines: Outlines, *, small: bool
) -> Map | None:
    """The map above the table of the communes: as tall as what the table leaves of the page."""
    width, page, line, least, letters, signs = (464, 430, 16.2, 180, 8, 16) if small else (648, 650, 19, 200, 9.5, 24)
    columns = 1 if len(communes) <= ONE_COLUMN else 2
    if len(communes) > CLOSE:
        line, signs = (14.2, 18) if small else (14.6, 28)
    lines = [1 if columns == 1 else -(-len(commune.name) // signs) for commune in communes]
    tallest = max(least, page - (sum(lines) / columns + 1) * line)  # and the line of the total
    return draw_territory(
        intercommunality, communes, outlines, width=width, tallest=tallest, labels=len(communes), letters=letters
    )


def draw_territory(
    intercommunality: Intercommunality,
    communes: Sequence[Commune],
    outlines: Outlines,
    *,
    width: float,
    tallest: float,
    labels: int = 0,
    letters: float = 8,
    standing_out: Sequence[Commune] = (),
) -> Map | None:
    told = {commune.pk for commune in standing_out}
    return draw_map(
        [Place(c.name, outlines.get(c.pk), c.pk in told) for c in communes],
        title=f"Carte des communes ({len(communes)}) : {intercommunality.name}.",
        width=width,
        tallest=tallest,
        labels=labels,
        letters=letters,
    )
