"""The adopted projects as open data, in the national schema « projets-territoire » (domain.md, § 7.5)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from projects.funding.services import plan_in_force
from projects.models import Project, Status
from projects.proposals.querysets import ProjectQuerySet
from projects.report.tables import in_parts
from territories.models import Commune, Intercommunality

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("open_schema.json").read_text(encoding="utf-8"))
COLUMNS = tuple(field["name"] for field in SCHEMA["fields"])
# The schema asks for UUIDs: made of the SIREN and the reference, they are the same in each export.
NAMESPACE = uuid5(NAMESPACE_URL, SCHEMA["homepage"])

# Our states in its phases.
PHASES = {
    Status.ADOPTED: ("Étude", "En cours"),
    Status.IN_PROGRESS: ("Opération", "En cours"),
    Status.SUSPENDED: ("Opération", "En pause"),
    Status.COMPLETED: ("Opération", "Terminé"),
    Status.EVALUATED: ("Opération", "Terminé"),
}


def open_data(projects: ProjectQuerySet, intercommunality: Intercommunality) -> Iterator[bytes]:
    """Write the projects as they are read, then who the identifiers of their « collectivités » are."""
    named: dict[int, Commune] = {}
    yield b'{"projets": ['
    between = ""
    for project in in_parts(projects.filter(status__in=PHASES)):
        named |= {commune.pk: commune for commune in project.communes.all()}
        yield f"{between}\n{as_json(describe(project, intercommunality))}".encode()
        between = ","
    members = as_json(list(describe_members(intercommunality, named.values())))
    yield f'\n], "collectivites": {members}}}'.encode()


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def describe(project: Project, intercommunality: Intercommunality) -> dict[str, Any]:
    """Fill the columns that we know; the five about a person stay empty, as open data wants."""
    phase, state = PHASES[Status(project.status)]
    plan = plan_in_force(project)
    known = {
        "id": identify("projet", intercommunality.siren, project.reference),
        "createdAt": say_moment(project.created_at),
        "updatedAt": say_moment(project.updated_at),
        "nom": project.title,
        "description": project.shared_objective,
        "budgetPrevisionnel": int(plan.cost_excl_tax.to_integral_value()) if plan else None,
        "dateDebutPrevisionnelle": project.starts_on.isoformat() if project.starts_on else None,
        "phase": phase,
        "phaseStatut": state,
        "competences": sorted({code for one in project.competences.all() for code in one.m57_codes}),
        "leviers": [],
        "collectiviteIds": [
            identify("epci", intercommunality.siren),
            *(identify("commune", commune.insee_code) for commune in project.communes.all()),
        ],
    }
    return {name: known.get(name) for name in COLUMNS}


def describe_members(intercommunality: Intercommunality, communes: Iterable[Commune]) -> Iterable[dict[str, Any]]:
    siren = intercommunality.siren
    epci = {"id": identify("epci", siren), "nom": intercommunality.name, "type": "EPCI"}
    yield epci | {"codeInsee": None, "codeEpci": siren, "siren": siren}
    for commune in sorted(communes, key=lambda one: one.insee_code):
        told = {"id": identify("commune", commune.insee_code), "nom": commune.name, "type": "Commune"}
        yield told | {"codeInsee": commune.insee_code, "codeEpci": siren, "siren": commune.siren or None}


def identify(*names: str) -> str:
    return str(uuid5(NAMESPACE, "/".join(names)))


def say_moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
