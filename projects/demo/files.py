"""Reading the files of the demo territory, and refusing them in one French sentence when they do not hold together."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

COORDINATOR = "dgs@ccvo.example"  # the account in whose name the coordination of the demo writes
FOLDER = Path(__file__).parent / "val_d_orvelle"
PARTS = (
    "territory", "communes", "competences", "governance", "accounts", "partners", "strategy", "levers",
    "investment_plan", "consultations", "surveys", "debate", "papers", "followup", "convocation", "calendar",
    "diagnosis", "expected",
)  # fmt: skip
PROJECT_KEYS = ("ref", "title", "status", "origin", "objectives", "orientations", "competence", "owner", "communes",
                "need", "shared_objective", "service", "beneficiaries", "actors", "partners", "steps")  # fmt: skip
WRITTEN_DATE = re.compile(r"\b(\d{2})/(\d{2})/(\d{4})\b")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where the library was built with it


class DemoDataError(ValueError):
    """A file of the demo territory that cannot be used; the message is the French sentence to show."""


@dataclass(frozen=True)
class Account:
    """An account to print after loading; its password is public."""

    email: str
    password: str
    name: str
    role: str
    shows: str


@dataclass(frozen=True)
class DemoData:
    """Everything the files say, dates already moved; one attribute for each file, projects in order of reference."""

    parts: dict[str, dict]
    projects: list[dict]
    outlines: dict[str, dict]  # GeoJSON geometries by INSEE code

    def __getattr__(self, name: str) -> dict:
        try:
            return self.parts[name]
        except KeyError:
            raise AttributeError(name) from None


def read(folder: Path = FOLDER, *, shift_days: int = 0) -> DemoData:
    """Read and check all files; every date moves by the same number of days, those written in sentences too."""
    parts = {name: _read_yaml(folder / f"{name}.yaml") for name in PARTS}
    projects = [_read_yaml(path) for path in sorted((folder / "projects").glob("P*.yaml"))]
    data = DemoData(parts, projects, _read_outlines(folder / "outlines.geojson"))
    check(data)
    if shift_days:
        moved = {name: shifted(part, shift_days) for name, part in parts.items()}
        data = DemoData(moved, shifted(projects, shift_days), data.outlines)
    return data


def siren() -> str:
    """The SIREN of the demo territory: no real EPCI bears it."""
    return str(_read_yaml(FOLDER / "territory.yaml")["siren"])


def accounts() -> list[Account]:
    """The demo accounts, in the order in which they are printed."""
    content = _read_yaml(FOLDER / "accounts.yaml")
    return [
        Account(
            one["email"],
            content["password"],
            one["display_name"],
            one["role_text"],
            one["shows"],
        )
        for one in content["accounts"]
    ]


def shifted(value: Any, days: int) -> Any:
    """Move every date found in a value, whatever its depth."""
    match value:
        case dict():
            return {key: shifted(inner, days) for key, inner in value.items()}
        case list():
            return [shifted(inner, days) for inner in value]
        case date():
            return value + timedelta(days=days)
        case str():
            return WRITTEN_DATE.sub(lambda found: _moved(found, days), value)
        case _:
            return value


def _moved(found: re.Match[str], days: int) -> str:
    day, month, year = (int(part) for part in found.groups())
    return f"{date(year, month, day) + timedelta(days=days):%d/%m/%Y}"


@cache
def _parsed(text: str) -> bytes:
    """What a text says, parsed once and kept, so that each reader has it anew in a tenth of the time."""
    return pickle.dumps(yaml.load(text, Loader=Loader))


def _read_yaml(path: Path) -> dict:
    try:
        content = pickle.loads(_parsed(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise DemoDataError(f"Le fichier {path.name} manque dans le jeu de démonstration.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", ligne {mark.line + 1}" if mark else ""
        raise DemoDataError(f"{path.name}{line} : le fichier n’est pas du YAML lisible.") from error
    if not isinstance(content, dict):
        raise DemoDataError(f"{path.name} : le fichier doit commencer par des noms de champs.")
    return content


def _read_outlines(path: Path) -> dict[str, dict]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {feature["properties"]["code"]: feature["geometry"] for feature in features}
    except (OSError, ValueError, KeyError) as error:
        raise DemoDataError(f"{path.name} : les contours des communes ne sont pas lisibles.") from error


def check(data: DemoData) -> None:
    """Refuse files that contradict one another: an unknown commune, partner or objective, a plan out of balance."""
    communes = {commune["insee"] for commune in data.communes["communes"]}
    partners = {partner["code"] for partner in data.partners["partners"]}
    axes = data.strategy["plan"]["axes"]
    objectives = {objective["code"] for axis in axes for objective in axis["objectives"]}
    competences = {competence["label"] for competence in data.competences["competences"]}
    for partner in data.partners["partners"]:
        _check_known("partners.yaml", "la commune", _listed(partner), communes)
        _check_known("partners.yaml", "la compétence", partner["competences"], competences)
    references = {project.get("ref") for project in data.projects}
    _check_known("calendar.yaml", "le projet", list(data.calendar["milestones"]), references)
    _check_known("calendar.yaml", "le projet", _used(data.calendar, "project"), references)
    _check_known("calendar.yaml", "la commune", _used(data.calendar, "commune"), communes)
    invited = [code for meeting in data.calendar["meetings"] for code in meeting.get("guests", [])]
    _check_known("calendar.yaml", "l’invité", invited, communes | partners)
    for project in data.projects:
        where = f"projects/{project.get('ref', '?')}.yaml"
        if missing := [key for key in PROJECT_KEYS if key not in project]:
            raise DemoDataError(f"{where} : il manque {', '.join(missing)}.")
        _check_known(where, "la commune", _used(project, "commune", "insee"), communes)
        _check_known(where, "la commune", _listed(project), communes)
        _check_known(where, "le partenaire", _used(project, "partner"), partners)
        _check_known(where, "le partenaire", project["partners"], partners)
        _check_known(where, "l’objectif", project["objectives"], objectives)
        _check_known(where, "la compétence", project["competence"]["labels"], competences)
        _check_plans(where, project)


def _check_known(where: str, what: str, used: list[str], known: set[str]) -> None:
    for one in used:
        if one not in known:
            raise DemoDataError(f"{where} : {what} « {one} » n’existe pas dans le jeu de démonstration.")


def _check_plans(where: str, project: dict) -> None:
    for plan in project.get("plans", []):
        cost, total = cost_of(project), sum(line["amount"] for line in plan["lines"])
        if total != cost:
            raise DemoDataError(f"{where} : le plan {plan['version']} totalise {total} € pour un coût de {cost} €.")


def fields_of(data: DemoData) -> dict[str, str]:
    """In which field each officer works, of those who have one: « habitat »."""
    return {one["name"]: one["field"] for one in data.governance["officers"] if one.get("field")}


def introduced(name: str, field: str) -> str:
    """« Laure Benguigui (habitat) », « agente (petite enfance) »: whom to call for what."""
    return f"{name} ({field})" if field and field not in name else name


def cost_of(project: dict) -> int:
    """The cost that the plans of a project balance, on the basis on which they are written."""
    investment = project["investment"]
    return investment["cost_incl_tax"] if investment["basis"] == "incl" else investment["cost_excl_tax"]


def _listed(project: dict) -> list[str]:
    communes = project["communes"]
    return [] if communes == "all" else [*communes, *project.get("communes_also", [])]


def _used(value: Any, *keys: str) -> list[str]:
    """Collect what is named under given keys, at any depth."""
    found: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [inner] if key in keys and isinstance(inner, str) else _used(inner, *keys)
    elif isinstance(value, list):
        for inner in value:
            found += _used(inner, *keys)
    return found
