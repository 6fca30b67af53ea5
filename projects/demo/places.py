"""Loading the territory: intercommunality, communes, populations, outlines, competences."""

from __future__ import annotations

from projects.demo.files import DemoData
from projects.demo.saving import save
from territories.competences.models import CommunityInterest, Competence
from territories.places.models import Commune, Intercommunality, Outline, Population

INTEREST_PREFIX = "IC"  # « IC : OPAH, observatoire » in the remarks of the specification


def load_territory(data: DemoData) -> Intercommunality:
    """Write the EPCI, marked as a demo so that nobody takes it for a real one."""
    told = data.territory
    copied = (
        "siren",
        "name",
        "short_name",
        "kind",
        "tax_regime",
        "department_code",
        "address",
        "email",
        "phone",
    )
    return save(
        Intercommunality(
            **{key: told[key] for key in copied},
            council_seats=told["council"]["seats"],
            is_demo=True,
        )
    )


def load_communes(data: DemoData, epci: Intercommunality) -> dict[str, Commune]:
    """Write the communes with their populations and outlines; returned by INSEE code."""
    communes = {}
    for told in data.communes["communes"]:
        commune = save(
            Commune(
                insee_code=told["insee"],
                name=told["name"],
                tncc=told["tncc"],
                siren=told["siren"],
                siret=told["siret"],
                department_code=data.territory["department_code"],
                region_code=data.territory["region_code"],
                postcode=told["postcode"],
                description=told["character"],
                intercommunality=epci,
                council_seats=told["seats"],
            )
        )
        year = data.communes["year_in_force"]
        save(
            Population(
                commune=commune,
                year_in_force=year,
                municipal=told["pmun"],
                counted_apart=told["pcap"],
            )
        )
        save(Outline(commune=commune, geometry=data.outlines[told["insee"]], vintage=year))
        communes[told["insee"]] = commune
    return communes


def load_competences(data: DemoData, epci: Intercommunality, communes: dict[str, Commune]) -> dict[str, Competence]:
    """Write the competences, those left to the communes too; returned by label."""
    competences = {}
    for told in data.competences["competences"]:
        competence = save(
            Competence(
                intercommunality=epci,
                label=told["label"],
                category=told["category"],
                subject_to_community_interest=told["community_interest"] != "no",
                banatic_codes=told["banatic"],
                m57_codes=told["m57"],
                since=told["since"],
                note="" if (told["note"] or "").startswith(INTEREST_PREFIX) else told["note"] or "",
            )
        )
        if told.get("communes"):
            competence.communes.set(communes[code] for code in told["communes"])
        if told["community_interest_definition"]:
            save(
                CommunityInterest(
                    intercommunality=epci, competence=competence, text=told["community_interest_definition"]
                )
            )
        competences[told["label"]] = competence
    return competences
