"""Draws communes: their outlines in degrees become simplified paths in a box, some of them highlighted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape as read_geometry
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Place:
    """What is given: a name, its outline as GeoJSON in degrees (or nothing), and whether it stands out."""

    name: str
    outline: dict[str, Any] | None
    highlighted: bool = False


@dataclass(frozen=True)
class Area:
    """What is drawn: the path of one place."""

    name: str
    path: str
    highlighted: bool


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

    @property
    def view_width(self) -> float:
        return round(self.width + 8, 1)  # four units of air on each side, for the border

    @property
    def view_height(self) -> float:
        return round(self.height + 8, 1)

    @property
    def highlighted(self) -> list[str]:
        return [area.name for area in self.areas if area.highlighted]


def draw_map(
    places: Iterable[Place],
    *,
    title: str,
    width: float = 320,
    tallest: float = 320,
    labels: int = 6,
    detail: float = 0.6,
) -> Map | None:
    """Draw the places, or return None when none has an outline.

    At most `labels` places are named on the drawing (the largest of the highlighted ones, or of all when none is), so
    that names do not pile up.
    `detail` is the size, in units of the drawing, of what may be left out.
    """
    known = [place for place in places if place.outline]
    missing = [place for place in places if not place.outline]
    if not known:
        return None
    flat, box_width, box_height = fit([read_geometry(place.outline) for place in known], width, tallest)
    flat = simplify(flat, detail)
    areas = [Area(p.name, path_of(g), p.highlighted) for p, g in zip(known, flat, strict=True)]
    chosen = any(place.highlighted for place in known)
    names = [(p.name, g) for p, g in zip(known, flat, strict=True) if p.highlighted or not chosen]
    return Map(
        title=title,
        width=box_width,
        height=box_height,
        areas=areas,
        border=path_of(shapely.union_all(flat)),
        labels=place_labels(names, labels, box_width),
        missing=[place.name for place in missing],
    )


def fit(geometries: Sequence[BaseGeometry], width: float, tallest: float) -> tuple[list[BaseGeometry], float, float]:
    """Bring degrees into the box. Longitudes shrink with the cosine of the latitude: exact enough for an EPCI."""
    west, south, east, north = shapely.total_bounds(geometries)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(width / ((east - west) * shrink or 1), tallest / ((north - south) or 1))

    def place(points: Any) -> Any:
        points[:, 0] = (points[:, 0] - west) * shrink * scale
        points[:, 1] = (north - points[:, 1]) * scale
        return points

    flat = [shapely.transform(shapely.force_2d(geometry), place) for geometry in geometries]
    return flat, (east - west) * shrink * scale, (north - south) * scale


def simplify(geometries: Sequence[BaseGeometry], detail: float) -> list[BaseGeometry]:
    """Leave small details out, keeping neighbours edge to edge when the outlines are clean enough for it."""
    fixed = [shapely.make_valid(geometry) for geometry in geometries]
    try:
        return list(shapely.coverage_simplify(fixed, detail))
    except (shapely.GEOSException, ValueError, TypeError):
        return [geometry.simplify(detail) for geometry in fixed]


def path_of(geometry: BaseGeometry) -> str:
    """Write the rings of a geometry as an SVG path, with one decimal."""
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(ring_path(list(ring.coords)) for ring in rings)


def ring_path(points: Sequence[tuple[float, ...]]) -> str:
    first, *others = ((round(x, 1), round(y, 1)) for x, y, *_ in points[:-1])
    return f"M{first[0]:g},{first[1]:g}L" + " ".join(f"{x:g},{y:g}" for x, y in others) + "Z"


def place_labels(names: Sequence[tuple[str, BaseGeometry]], most: int, width: float) -> list[Label]:
    """Name the largest places first, leaving out a name that would cover another."""
    labels: list[Label] = []
    for name, geometry in sorted(names, key=lambda item: -item[1].area):
        point = geometry.representative_point()
        half = len(name) * 2.6
        x = min(max(point.x, half), max(width - half, half))
        free = all(abs(x - o.x) > half + len(o.text) * 2.6 or abs(point.y - o.y) > 11 for o in labels)
        if free and len(labels) < most:
            labels.append(Label(name, round(x, 1), round(point.y, 1)))
    return labels
