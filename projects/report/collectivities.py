"""Who the « collectivités » of the open data are, and under which SIRET an owner is known.

Only what the data hold: the end of a SIRET or the SIREN of a department cannot be worked out, and stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cooperation.spelling import fold_words
from partners.models import Partner
from projects.models import Project
from projects.report.dates import say_moment
from territories.models import Commune, Intercommunality
from territories.places.naming import names_of_a_commune

HOMEPAGE = "https://github.com/betagouv/schema-projet-collectivites-transition-ecologique"
# The schema asks for UUIDs: made of the SIREN and the reference, they are the same in each export.
NAMESPACE = uuid5(NAMESPACE_URL, HOMEPAGE)
COLUMNS = (
    "id", "nom", "type", "codeInsee", "codeDepartements", "codeRegions", "codeEpci", "siren", "createdAt", "updatedAt",
)  # fmt: skip
TYPES = {Partner.Kind.DEPARTMENT: "Département", Partner.Kind.REGION: "Région"}
SIREN = 9  # the first digits of a SIRET
ASIDE = re.compile(r"\s*\([^)]*\)\s*$")  # « CCAS de Bréauval (chef de file) »


def identify(*names: str) -> str:
    return str(uuid5(NAMESPACE, "/".join(names)))


class Collectivities:
    """The territory as open data tell it: read once, whatever the number of projects."""

    def __init__(self, intercommunality: Intercommunality) -> None:
        self.epci = intercommunality
        self.cited: dict[str, dict[str, Any]] = {}

    @cached_property
    def communes(self) -> Sequence[Commune]:
        return list(Commune.objects.filter(intercommunality=self.epci))

    @cached_property
    def departments(self) -> list[str]:
        """The codes of those in which it lies."""
        return sorted({commune.department_code for commune in self.communes if commune.department_code})

    @cached_property
    def regions(self) -> list[str]:
        return sorted({commune.region_code for commune in self.communes if commune.region_code})

    @cached_property
    def sirets_of_communes(self) -> dict[str, str]:
        return {fold_words(commune.name): commune.siret for commune in self.communes}

    @cached_property
    def sirets_of_partners(self) -> dict[str, str]:
        known = Partner.objects.listed().filter(intercommunality=self.epci).exclude(siret="")
        return {fold_words(name): siret for name, siret in known.values_list("name", "siret")}

    def owner_siret(self, project: Project) -> str | None:
        """The SIRET of its « maître d’ouvrage » where the referential or the directory knows one of that name."""
        name = ASIDE.sub("", project.owner_name)
        match project.owner_kind:
            case Project.OwnerKind.EPCI:
                return self.epci.siret or None
            case Project.OwnerKind.COMMUNE:
                known = self.sirets_of_communes
                return next((known[one] for one in names_of_a_commune(name) if one in known), None) or None
            case Project.OwnerKind.PARTNER | Project.OwnerKind.PUBLIC:
                return self.sirets_of_partners.get(fold_words(name))
        return None

    def cite(self, project: Project) -> list[str]:
        """The identifiers of those that a project bears on: the EPCI, its communes, a department or a region in it."""
        partners = (actor.partner for actor in project.actors.all() if actor.partner)
        rows = [
            self.describe_epci(),
            *(self.describe_commune(commune) for commune in project.communes.all()),
            *(self.describe_partner(partner) for partner in partners if partner.kind in TYPES),
        ]
        self.cited |= {row["id"]: row for row in rows}
        return [row["id"] for row in rows]

    def describe_all(self) -> Iterable[dict[str, Any]]:
        """The EPCI, then those that the projects told so far cite, in an order of their own."""
        epci = self.describe_epci()
        others = (row for key, row in self.cited.items() if key != epci["id"])
        return [epci, *sorted(others, key=lambda row: (row["type"], row["codeInsee"] or "", row["nom"]))]

    def describe_epci(self) -> dict[str, Any]:
        siren = self.epci.siren
        codes = {"codeDepartements": self.departments, "codeRegions": self.regions, "codeEpci": siren}
        return self.row(identify("epci", siren), self.epci.name, "EPCI", siren=siren, **codes)

    def describe_commune(self, commune: Commune) -> dict[str, Any]:
        return self.row(
            identify("commune", commune.insee_code),
            commune.name,
            "Commune",
            codeInsee=commune.insee_code,
            codeDepartements=[commune.department_code],
            codeRegions=[commune.region_code] if commune.region_code else [],
            codeEpci=self.epci.siren,
            siren=commune.siren or None,
        )

    def describe_partner(self, partner: Partner) -> dict[str, Any]:
        """A department or a region of the directory; its code is known where the territory lies in one alone."""
        siren = partner.siret[:SIREN] or None
        regions = self.regions if len(self.regions) == 1 else []
        departments = self.departments if len(self.departments) == 1 else []
        if partner.kind == Partner.Kind.REGION:
            departments = []  # it holds others, which the referential of one EPCI does not know
        key = identify(partner.kind, siren or f"{self.epci.siren}/{partner.pk}")
        return self.row(
            key,
            partner.name,
            TYPES[Partner.Kind(partner.kind)],
            codeDepartements=departments,
            codeRegions=regions,
            siren=siren,
        )

    def row(self, key: str, name: str, kind: str, **known: Any) -> dict[str, Any]:
        """All the columns; the territory is dated as a whole, by the day on which it was last written here."""
        moment = say_moment(self.epci.updated_at)
        values = {"id": key, "nom": name, "type": kind, "createdAt": moment, "updatedAt": moment, **known}
        return {column: values.get(column) for column in COLUMNS}
