"""The communes of an EPCI side by side: their figures, the map of one of them, and what is said of the outlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from cooperation.drawing.classes import LegendClass, classes_of, level_of
from cooperation.drawing.maps import Map, Place, draw_page_map
from cooperation.french import NBSP, listed, number, plural
from cooperation.spelling import fold
from partners.people.models import User
from projects.totals.models import Group, Kind
from projects.totals.reads import Sums, sums_seen
from territories.places.models import Commune, Intercommunality, Population
from territories.places.outlines import communes_said, outlines_of

WHOLE = 0  # where the projects of the whole intercommunality are counted
NAMED = 12  # communes named in a sentence; the table tells them all


@dataclass
class Line:
    """One commune and its figures; None is a figure that nobody published, which is not zero."""

    commune: Commune
    outline: str = ""
    vintage: int | None = None
    year: int | None = None  # the populations are in force on 1 January of this year
    municipal: int | None = None
    total: int | None = None
    projects: int = 0
    partners: int = 0
    is_old: bool = False  # its outline is older than those around it: the commune may have merged since

    @cached_property
    def url(self) -> str:
        return commune_url(self.commune)

    @property
    def seats(self) -> int | None:
        return self.commune.council_seats

    @property
    def old_words(self) -> str:
        return f"contour de {self.vintage}" if self.is_old else ""


@dataclass(frozen=True)
class Figure:
    """A figure that the map can show: its name, the word that follows a number, and where it is read."""

    key: str
    label: str
    word: str
    of: Callable[[Line], int | None]
    note: str = ""

    def say(self, value: int | None) -> str:
        """« 1 projet », « 512 habitants », « aucun partenaire »; unknown is said as such."""
        if value is None:
            return "chiffre inconnu"
        if value == 0 and self.word != "habitant":
            return f"aucun {self.word}"
        return f"{number(value)}{NBSP}{plural(value, self.word)}"

    def say_range(self, low: int, high: int) -> str:
        if low == high:
            return self.say(low).capitalize()
        return f"De {number(low)} à {number(high)}{NBSP}{plural(high, self.word)}"


@dataclass(frozen=True)
class Column:
    """A column of the table, and what its lines are sorted on."""

    key: str
    title: str
    of: Callable[[Line], Any]


# Amounts are not among them: a project shared by several communes has one plan, and nothing tells the part of each.
# fmt: off
FIGURES = (
    #      key           label                      word          read in
    Figure("municipale", "Population municipale",   "habitant",   lambda line: line.municipal),
    Figure("totale",     "Population totale",       "habitant",   lambda line: line.total,
           "Population municipale et population comptée à part : celle des majorités qualifiées."),
    Figure("projets",    "Projets",                 "projet",     lambda line: line.projects,
           "Les projets que vous pouvez lire, qui nomment la commune ou concernent toute l’intercommunalité."),
    Figure("partenaires", "Partenaires",            "partenaire", lambda line: line.partners,
           "Les partenaires qui prennent part aux projets que vous pouvez lire et qui concernent la commune."),
)
COLUMNS = (
    #      key           title of the column        figures of the line
    Column("commune",     "Commune",                lambda line: fold(line.commune.name)),
    Column("municipale",  "Population municipale",  lambda line: line.municipal),
    Column("totale",      "Population totale",      lambda line: line.total),
    Column("sieges",      "Sièges au conseil",      lambda line: line.seats),
    Column("projets",     "Projets",                lambda line: line.projects),
    Column("partenaires", "Partenaires",            lambda line: line.partners),
)
# fmt: on


@dataclass(frozen=True)
class Row:
    """A line of the table: the commune, then its figures in words, column by column."""

    line: Line
    cells: list[str]


@dataclass(frozen=True)
class Territory:
    """The page of the communes: every figure, the map of one of them, and what is to be known about the outlines."""

    columns: list[Column]
    rows: list[Row]
    figure: Figure
    map: Map | None
    legend: list[LegendClass]
    old: str
    notes: list[str] = field(default_factory=list)
    facts: list[dict[str, str]] = field(default_factory=list)


def commune_url(commune: Commune) -> str:
    return reverse("projects:commune", args=[commune.insee_code])


def figure_of(key: str) -> Figure:
    """The figure asked for, or the first one when the address means nothing."""
    return next((figure for figure in FIGURES if figure.key == key), FIGURES[0])


def territory_of(epci: Intercommunality, user: User, *, figure: Figure, sort: str) -> Territory:
    """Read the communes in a number of queries that does not depend on how many there are."""
    lines = lines_of(epci, user)
    shown, legend = draw_figure(lines, figure)
    columns = columns_of(lines)
    return Territory(
        columns=columns,
        rows=[row_of(line, columns) for line in sorted_lines(lines, sort)],
        figure=figure,
        map=shown,
        legend=legend,
        old=old_words(lines),
        notes=outline_notes(lines, shown),
        facts=facts_of(epci, lines),
    )


# What is read


def lines_of(epci: Intercommunality, user: User) -> list[Line]:
    """The communes by name, accents and articles apart, with the figures that this person may read."""
    lines = {commune.pk: Line(commune) for commune in epci.communes.all()}
    for population in populations_of(epci):
        line = lines[population.commune_id]  # by year: the latest one stays
        line.year, line.municipal, line.total = population.year_in_force, population.municipal, population.total
    for pk, outline, vintage in outlines_of(epci):
        lines[pk].outline, lines[pk].vintage = outline, vintage
    newest = newest_vintage(lines.values())
    sums = sums_seen(user, epci, (Kind.EVERYWHERE, Kind.COMMUNE, Kind.PARTNER), Group)
    partners, shared = partner_counts(sums), sums.of(Kind.EVERYWHERE).projects
    for pk, line in lines.items():
        line.is_old = bool(line.outline and line.vintage and line.vintage < (newest or 0))
        line.projects, line.partners = sums.of(Kind.COMMUNE, pk).projects + shared, partners(pk)
    return sorted(lines.values(), key=lambda line: fold(line.commune.name))


def populations_of(epci: Intercommunality) -> list[Population]:
    return list(Population.objects.filter(commune__intercommunality=epci).order_by("year_in_force"))


def partner_counts(sums: Sums) -> Callable[[int], int]:
    """How many partners take part in the projects that concern a commune, each counted once."""
    places = sums.places(Kind.PARTNER)
    everywhere = {partner for commune, partner in places if commune == WHOLE}
    beside = Counter(commune for commune, partner in places if commune != WHOLE and partner not in everywhere)
    return lambda pk: beside[pk] + len(everywhere)


# What is said


def column_of(key: str) -> Column:
    """The column asked for, or the first one when the address means nothing."""
    return next((column for column in COLUMNS if column.key == key), COLUMNS[0])


def columns_of(lines: Sequence[Line]) -> list[Column]:
    """The columns that hold a figure for one commune at least: what nobody published needs no column."""
    return [column for column in COLUMNS if any(column.of(line) is not None for line in lines)]


def row_of(line: Line, columns: Sequence[Column]) -> Row:
    figures = [column.of(line) for column in columns if column.key != "commune"]
    return Row(line, ["inconnu" if figure is None else number(figure) for figure in figures])


def sorted_lines(lines: list[Line], sort: str) -> list[Line]:
    """Sort by a column, « - » before its key for the largest first; unknown figures come last either way."""
    of = column_of(sort.removeprefix("-")).of
    known = sorted((line for line in lines if of(line) is not None), key=of, reverse=sort.startswith("-"))
    return known + [line for line in lines if of(line) is None]


def draw_figure(lines: Sequence[Line], figure: Figure) -> tuple[Map | None, list[LegendClass]]:
    """The map of a figure, and its legend; no map when no commune has an outline."""
    drawn = [line for line in lines if line.outline]
    classes = classes_of([value for line in drawn if (value := figure.of(line)) is not None])
    shown = draw_page_map(
        [
            Place(
                name=line.commune.name,
                outline=line.outline or None,
                level=level_of(figure.of(line), classes),
                told=told_on_map(line, figure),
                url=line.url,
                is_old=line.is_old,
                weight=line.total or 0,
            )
            for line in lines
        ],
        title=f"Carte des communes{NBSP}: {figure.label.lower()}",
    )
    legend = [LegendClass(c.level, figure.say_range(c.low, c.high), communes_said(c.count)) for c in classes]
    if unknown := sum(figure.of(line) is None for line in drawn):
        legend.append(LegendClass(0, "Chiffre inconnu", communes_said(unknown)))
    return shown, legend


def told_on_map(line: Line, figure: Figure) -> str:
    said = figure.say(figure.of(line))
    return f"{said}, {line.old_words}" if line.is_old else said


def newest_vintage(lines: Iterable[Line]) -> int | None:
    return max((line.vintage for line in lines if line.vintage), default=None)


def old_words(lines: Sequence[Line]) -> str:
    years = sorted({line.vintage for line in lines if line.is_old})
    return f"Contour plus ancien ({', '.join(map(str, years))})" if years else ""


def outline_notes(lines: Sequence[Line], shown: Map | None) -> list[str]:
    """What the reader must know about the map, in sentences."""
    if not lines:
        return []
    if shown is None:
        return ["Aucun contour de commune n’est enregistré : la carte ne peut pas être dessinée. Le tableau dit tout."]
    notes = []
    newest = newest_vintage(lines)
    if newest:
        notes.append(f"Les contours sont ceux de {newest}.")
    if old := [f"{line.commune.name} ({line.old_words})" for line in lines if line.is_old]:
        notes.append(f"Plus anciens, peut-être antérieurs à une fusion de communes{NBSP}: {listed(old)}.")
    year = max((line.year for line in lines if line.year), default=None)
    if newest and year and newest < year:
        notes.append(
            f"Les populations sont celles de {year}{NBSP}: une commune née d’une fusion entre les deux dates "
            "peut garder ici son ancien contour."
        )
    if shown.missing:
        notes.append(f"Sans contour, donc absentes de la carte{NBSP}: {listed(shown.missing, NAMED)}.")
    return notes


def facts_of(epci: Intercommunality, lines: Sequence[Line]) -> list[dict[str, str]]:
    """The territory in a few lines; a sum that would hide an unknown figure is not given."""
    years = {line.year for line in lines}
    year = f" ({years.pop()})" if len(years) == 1 and None not in years else ""
    sums = [
        ("Communes", len(lines)),
        (f"Population municipale{year}", total_of(line.municipal for line in lines)),
        (f"Population totale{year}", total_of(line.total for line in lines)),
    ]
    if epci.council_seats is not None:
        sums.append(("Sièges au conseil", epci.council_seats))
    return [{"label": label, "value": "inconnu" if value is None else number(value)} for label, value in sums]


def total_of(figures: Any) -> int | None:
    known = list(figures)
    return None if not known or None in known else sum(known)
