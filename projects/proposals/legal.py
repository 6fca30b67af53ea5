"""The legal case of a project: its rows, put before the rules of law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from projects.proposals.models import Project
from territories.competences.legal_case import LegalCase, legal_cases
from territories.competences.standing import standing_of
from territories.places.models import Commune


def legal_cases_of(project: Project, day: date, all_communes: Iterable[Commune] | None = None) -> list[LegalCase]:
    """The legal cases of a project on a day, what comes first at the head.

    `all_communes` are those of the EPCI when already read; rows brought along by `with_standing` cost no query.
    """
    epci = project.intercommunality
    communes = list(project.communes.all())
    if not communes and project.scale in {Project.Scale.ALL, Project.Scale.BEYOND}:
        communes = list(epci.communes.all() if all_communes is None else all_communes)
    competences = project.competences.all()
    if "competences" not in getattr(project, "_prefetched_objects_cache", {}):
        competences = competences.with_standing()
    return legal_cases(
        epci_kind=epci.kind,
        standings=[standing_of(competence, day) for competence in competences],
        communes=[commune.name for commune in communes],
        day=day,
        ground=project.legal_ground,
        none_fits=bool(project.no_competence_reason.strip()),
        a_commune_owns=project.owner_kind == Project.OwnerKind.COMMUNE,
        seats=epci.council_seats,
    )
