"""The geometry of a map: outlines in degrees, read, brought into a box, simplified and written as paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Shape:
    """An outline brought into the box: its path, its surface, a point inside it, and the box around it."""

    path: str
    surface: float
    x: float
    y: float
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """Outlines drawn side by side in one box; None stands for an outline that cannot be drawn."""

    shapes: Sequence[Shape | None]
    border: str
    width: float
    height: float


@lru_cache(maxsize=24)
def draw_sheet(outlines: tuple[str, ...], width: float, tallest: float, detail: float) -> Sheet:
    """Fit and simplify the outlines, the slow part of a map; kept as long as not one of them changes."""
    read = [read_outline(text) for text in outlines]
    known = [geometry for geometry in read if geometry is not None]
    if not known:
        return Sheet([None] * len(read), "", 0, 0)
    flat, box_width, box_height = fit(known, width, tallest)
    flat = simplify(flat, detail)
    shapes = iter([shape_of(geometry) for geometry in flat])
    return Sheet(
        shapes=[None if geometry is None else next(shapes) for geometry in read],
        border=path_of(shapely.union_all(flat)),
        width=box_width,
        height=box_height,
    )


def read_outline(text: str) -> BaseGeometry | None:
    """The surface that the text describes, or None: a damaged outline never breaks a page."""
    geometry = shapely.from_geojson(text, on_invalid="ignore") if text else None
    if geometry is None:
        return None
    surface = surface_of(shapely.make_valid(shapely.force_2d(geometry)))
    return None if surface.is_empty or not all(map(math.isfinite, surface.bounds)) else surface


def surface_of(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons alone: repairing an outline may leave stray lines beside them."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    return shapely.MultiPolygon(polygons_of(geometry))


def polygons_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    return [polygon for part in getattr(geometry, "geoms", ()) for polygon in polygons_of(part)]


def fit(geometries: Sequence[BaseGeometry], width: float, tallest: float) -> tuple[list[BaseGeometry], float, float]:
    """Bring degrees into the box. Longitudes shrink with the cosine of the latitude: exact enough for an EPCI."""
    west, south, east, north = shapely.total_bounds(geometries)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min(width / ((east - west) * shrink or 1), tallest / ((north - south) or 1))

    def place(points: Any) -> Any:
        points[:, 0] = (points[:, 0] - west) * shrink * scale
        points[:, 1] = (north - points[:, 1]) * scale
        return points

    flat = [shapely.transform(geometry, place) for geometry in geometries]
    return flat, float((east - west) * shrink * scale), float((north - south) * scale)


def simplify(geometries: Sequence[BaseGeometry], detail: float) -> list[BaseGeometry]:
    """Leave small details out, keeping neighbours edge to edge when the outlines are clean enough for it."""
    try:
        return list(shapely.coverage_simplify(list(geometries), detail))
    except (shapely.GEOSException, ValueError, TypeError):
        return [geometry.simplify(detail) for geometry in geometries]


def shape_of(geometry: BaseGeometry) -> Shape:
    point = geometry.representative_point()
    west, north, east, south = (round(bound, 1) for bound in geometry.bounds)
    return Shape(path_of(geometry), geometry.area, round(point.x, 1), round(point.y, 1), (west, north, east, south))


def path_of(geometry: BaseGeometry) -> str:
    """Write the rings of a geometry as an SVG path, with one decimal."""
    rings = [ring for polygon in polygons_of(geometry) for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(ring_path(shapely.get_coordinates(ring).round(1).tolist()) for ring in rings)


def ring_path(points: Sequence[Sequence[float]]) -> str:
    first, *others = points[:-1]
    return f"M{first[0]:g},{first[1]:g}L" + " ".join(f"{x:g},{y:g}" for x, y in others) + "Z"
