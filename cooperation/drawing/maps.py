"""Draws communes: outlines in degrees become simplified paths in a box; some stand out, or each is in a class."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cooperation.drawing.outlines import Shape

LARGER = 2.5  # times, the names on a small screen, where a drawing of the whole width shrinks
ROOM = 60  # units: what the words of a place need above it


@dataclass(frozen=True)
class Place:
    """What is given: a name, its outline as GeoJSON in degrees (an object, its text, or nothing), and what is told.

    A map tells either which places stand out (`highlighted`), or the class of each (`level`, 1 to 5, 0 without
    figure) with its figure in words (`told`) and the page it opens (`url`). `is_old` draws an outline of the past.
    """

    name: str
    outline: dict[str, Any] | str | None
    highlighted: bool = False
    level: int = 0
    told: str = ""
    url: str = ""
    is_old: bool = False
    weight: float = 0


@dataclass(frozen=True)
class Area:
    """What is drawn: the path of one place, and where its name and figure appear when it is pointed at."""

    name: str
    path: str
    highlighted: bool
    level: int = 0
    told: str = ""
    url: str = ""
    is_old: bool = False
    key: int = 0  # its rank on the map
    x: float = 0
    y: float = 0
    anchor: str = "middle"  # which end of the words is at x: they always run towards the middle of the map
    is_under: bool = False  # the words are under y rather than above, for want of room


@dataclass(frozen=True)
class Label:
    """A name written on the map, at its point."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """A map ready for its template; `missing` names the places that have no outline."""

    title: str
    width: float
    height: float
    areas: Sequence[Area]
    border: str
    labels: Sequence[Label]
    missing: Sequence[str]
    letters: float = 8  # size of the names
    large_labels: Sequence[Label] = ()  # the same on a small screen: fewer and larger
    large_letters: float = 20

    @property
    def view_width(self) -> float:
        return round(self.width + 8, 1)  # four units of air on each side, for the border

    @property
    def view_height(self) -> float:
        return round(self.height + 8, 1)

    @property
    def highlighted(self) -> list[str]:
        return [area.name for area in self.areas if area.highlighted]

    @property
    def chosen_path(self) -> str:
        """Those that stand out, in one path: each fill of a pattern costs a printed document a drawing of its own."""
        return "".join(area.path for area in self.areas if area.highlighted)

    @property
    def other_path(self) -> str:
        return "".join(area.path for area in self.areas if not area.highlighted)

    @property
    def levels(self) -> list[tuple[int, list[Area]]]:
        """The areas by class, the lightest first."""
        used = sorted({area.level for area in self.areas})
        return [(level, [area for area in self.areas if area.level == level]) for level in used]


def draw_map(
    places: Iterable[Place],
    *,
    title: str,
    width: float = 320,
    tallest: float = 320,
    labels: int = 6,
    large_labels: int = 0,
    letters: float = 8,
    detail: float = 0.6,
) -> Map | None:
    """Draw the places, or return None when none has an outline.

    At most `labels` places are named on the drawing (of the highlighted ones, or of all when none is), so that names do
    not pile up; `large_labels` of them on a small screen, `letters` being the size on a large one.
    `detail` is the size, in units of the drawing, of what may be left out.
    """
    from cooperation.drawing.outlines import draw_sheet  # heavy: loaded by those who draw a map only

    given = list(places)
    sheet = draw_sheet(tuple(text_of(place.outline) for place in given), width, tallest, detail)
    drawn = [(place, shape) for place, shape in zip(given, sheet.shapes, strict=True) if shape]
    if not drawn:
        return None
    chosen = any(place.highlighted for place, _ in drawn)
    named = [(place, shape) for place, shape in drawn if place.highlighted or not chosen]
    named.sort(key=lambda pair: (-pair[0].weight, -pair[1].surface))
    names = [(place.name, shape) for place, shape in named]
    larger = round(letters * max(1, LARGER * sheet.width / width), 1)
    return Map(
        title=title,
        width=sheet.width,
        height=sheet.height,
        areas=[area_of(place, shape, rank, sheet.width) for rank, (place, shape) in enumerate(drawn)],
        border=sheet.border,
        labels=place_labels(names, labels, sheet.width, letters),
        missing=[place.name for place, shape in zip(given, sheet.shapes, strict=True) if not shape],
        letters=letters,
        large_labels=place_labels(names, large_labels, sheet.width, larger),
        large_letters=larger,
    )


def draw_page_map(places: Iterable[Place], *, title: str) -> Map | None:
    """The map of a whole page: wide, and named so that it can be read on a small screen too."""
    return draw_map(places, title=title, width=640, tallest=560, labels=22, large_labels=4, letters=11, detail=0.8)


def area_of(place: Place, shape: Shape, rank: int, width: float) -> Area:
    west, north, east, south = shape.bounds
    side = min(2, int(3 * shape.x / (width or 1)))  # in which third of the map
    is_under = north < ROOM
    return Area(
        name=place.name,
        path=shape.path,
        highlighted=place.highlighted,
        level=place.level,
        told=place.told,
        url=place.url,
        is_old=place.is_old,
        key=rank,
        x=(west, shape.x, east)[side],
        y=south if is_under else north,
        anchor=("start", "middle", "end")[side],
        is_under=is_under,
    )


def text_of(outline: dict[str, Any] | str | None) -> str:
    return json.dumps(outline) if isinstance(outline, dict) else outline or ""


def place_labels(names: Sequence[tuple[str, Shape]], most: int, width: float, letters: float = 8) -> list[Label]:
    """Name the places in the order given, each inside it.

    A name that would cover another is moved, or left out; so is one that the edge of the map would push out of its
    place, where it would name a neighbour.
    """
    labels: list[Label] = []
    for name, shape in names if most else ():
        half = len(name) * letters * 0.325
        x = min(max(shape.x, half), max(width - half, half))
        west, _, east, _ = shape.bounds
        if not west <= x <= east:
            continue
        heights = [y for y in heights_in(shape, letters) if is_free(x, y, half, labels, letters)]
        if heights and len(labels) < most:
            labels.append(Label(name, round(x, 1), heights[0]))
    return labels


def heights_in(shape: Shape, letters: float) -> list[float]:
    """Where a name may stand: at the point of the place, else a line below or above, as long as it is tall enough."""
    _, north, _, south = shape.bounds
    line = 1.4 * letters
    moved = (round(shape.y + step * line, 1) for step in (1, -1))
    return [shape.y, *(y for y in moved if north + letters < y < south)]


def is_free(x: float, y: float, half: float, labels: Sequence[Label], letters: float) -> bool:
    return all(abs(x - o.x) > half + len(o.text) * letters * 0.325 or abs(y - o.y) > 1.375 * letters for o in labels)
