"""The adopted projects as open data, in the national schema « projets-territoire » (domain.md, § 7.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from projects.funding.services import version_in_force
from projects.models import Project, Status
from projects.proposals.querysets import ProjectQuerySet
from projects.report.choices import adopted_openly
from projects.report.collectivities import Collectivities, identify
from projects.report.dates import project_span, say_moment
from projects.report.tables import in_parts
from territories.models import Intercommunality

SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("open_schema.json").read_text(encoding="utf-8"))
COLUMNS = tuple(field["name"] for field in SCHEMA["fields"])

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
    territory = Collectivities(intercommunality)
    yield b'{"projets": ['
    between = ""
    for project in in_parts(adopted_openly(projects.filter(status__in=PHASES)), "actors__partner"):
        yield f"{between}\n{as_json(describe(project, territory))}".encode()
        between = ","
    yield f'\n], "collectivites": {as_json(territory.describe_all())}}}'.encode()


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def describe(project: Project, territory: Collectivities) -> dict[str, Any]:
    """Fill the columns that we know; the five about a person stay empty, as open data wants."""
    phase, state = PHASES[Status(project.status)]
    plan = version_in_force(project)
    starts_on, _ = project_span(project)
    known = {
        "id": identify("projet", territory.epci.siren, project.reference),
        "createdAt": say_moment(project.created_at),
        "updatedAt": say_moment(project.updated_at),
        "nom": project.title,
        "description": project.shared_objective,
        "budgetPrevisionnel": int(plan.cost_excl_tax.to_integral_value()) if plan and plan.cost_excl_tax else None,
        "dateDebutPrevisionnelle": starts_on.isoformat() if starts_on else None,
        "phase": phase,
        "phaseStatut": state,
        "porteurCodeSiret": territory.owner_siret(project),
        "competences": sorted({code for one in project.competences.all() for code in one.m57_codes}),
        "leviers": [],
        "collectiviteIds": territory.cite(project),
    }
    return {name: known.get(name) for name in COLUMNS}
