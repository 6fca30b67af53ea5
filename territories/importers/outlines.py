"""Read the outlines of communes from GeoJSON, made light enough to be drawn and printed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from cooperation.spreadsheets import SpreadsheetError
from territories.importers.places import Tally, store_differences
from territories.places.models import Commune, Outline

TOLERANCE = 0.0002  # degrees: about twenty metres, less than a line drawn on a sheet
DECIMALS = 4
MAX_BYTES = 200_000_000


@dataclass(slots=True)
class Outlines:
    """The outlines of one or several files by INSEE code: the newest vintage wins, whatever the order of the files."""

    by_code: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read_outlines(path: Path | str, outlines: Outlines) -> None:
    """Add the outlines of a file; anything that is not an outline is refused in one sentence."""
    path = Path(path)
    vintage = next((int(found) for found in re.findall(r"(?<!\d)(20\d\d)(?!\d)", path.name)), None)
    for number, feature in enumerate(_features_of(path), start=1):
        where = f"« {path.name} », contour n° {number}"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        code = str((properties or {}).get("code") or "").strip()
        if not code:
            raise SpreadsheetError(f"{where} : il manque le code INSEE (propriété « code »).")
        if (known := outlines.by_code.get(code)) and (known["vintage"] or 0) > (vintage or 0):
            continue
        outlines.by_code[code] = {"geometry": _light(feature.get("geometry"), f"{where} ({code})"), "vintage": vintage}
        outlines.names[code] = str((properties or {}).get("nom") or "")


def _features_of(path: Path) -> list[Any]:
    if not path.is_file():
        raise SpreadsheetError(f"le fichier « {path.name} » est introuvable.")
    if path.stat().st_size > MAX_BYTES:
        raise SpreadsheetError(f"« {path.name} » dépasse 200 Mo : découpez-le par département.")
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SpreadsheetError(f"« {path.name} » n’est pas un fichier GeoJSON lisible.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise SpreadsheetError(f"« {path.name} » ne contient aucun contour (GeoJSON « FeatureCollection » attendu).")
    return features


def _light(geometry: Any, where: str) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise SpreadsheetError(f"{where} : un contour est un polygone, pas « {kind} ».")
    try:
        full = shapely.make_valid(shape(geometry))
        west, south, east, north = full.bounds
    except Exception as error:  # shapely lets out errors of every kind on false coordinates
        raise SpreadsheetError(f"{where} : les coordonnées sont illisibles.") from error
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise SpreadsheetError(f"{where} : les coordonnées doivent être des longitudes et latitudes (WGS 84).")
    light = shapely.set_precision(full.simplify(TOLERANCE), 10**-DECIMALS)
    polygons = _polygons_of(light) or _polygons_of(full)  # an islet may vanish when simplified
    if not polygons:
        raise SpreadsheetError(f"{where} : le contour n’a pas de surface.")
    rings = [_rounded(mapping(polygon)["coordinates"]) for polygon in polygons]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _polygons_of(geometry: Any) -> list[Any]:
    if geometry.geom_type == "Polygon":
        return [] if geometry.is_empty else [geometry]
    return [polygon for part in getattr(geometry, "geoms", ()) for polygon in _polygons_of(part)]


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return round(coordinates, DECIMALS)
    return [_rounded(part) for part in coordinates]


def store_outlines(outlines: Outlines) -> tuple[Tally, list[str]]:
    """Store what differs; also return the codes that are not communes here (merged since, most often)."""
    pk_by_code = dict(Commune.objects.values_list("insee_code", "pk"))
    wanted = {pk_by_code[code]: fields for code, fields in outlines.by_code.items() if code in pk_by_code}
    stored = {outline.commune_id: outline for outline in Outline.objects.filter(commune_id__in=_few(wanted))}
    tally = store_differences(Outline, "commune_id", wanted, stored, label="contours")
    return tally, sorted(code for code in outlines.by_code if code not in pk_by_code)


def _few(wanted: dict[int, Any]) -> Any:
    # SQLite limits the number of parameters of a query
    return list(wanted) if len(wanted) < 900 else Outline.objects.values("commune_id")
