"""Loading the territory: intercommunality, communes, populations, outlines, competences."""

from __future__ import annotations

from projects.demo.files import DemoData
from projects.demo.saving import save
from territories.competences.codes import link_declared_codes
from territories.competences.models import CommunityInterest, Competence, Crosswalk, NationalCompetence, Nomenclature
from territories.places.models import Commune, Intercommunality, Outline, Population

INTEREST_PREFIX = "IC"  # « IC : OPAH, observatoire » in the remarks of the specification


def load_territory(data: DemoData) -> Intercommunality:
    """Write the EPCI, marked as a demo so that nobody takes it for a real one."""
    told = data.territory
    copied = (
        "siren",
        "siret",
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
    load_nomenclature(data)
    return competences


def load_nomenclature(data: DemoData) -> None:
    """Write the national codes that the competences declare, where the national list is not there already."""
    for told in data.competences["nomenclature"]:
        new = national(Nomenclature.Y2025, told["code"], told["label"], told["group_code"], told["group_label"])
        for was in told["was"]:
            old = national(Nomenclature.Y2021, was["code"], was["label"])
            Crosswalk.objects.get_or_create(source=old, target=new, defaults={"kind": was["kind"]})
    link_declared_codes()


def national(
    nomenclature: str, code: str, label: str, group_code: str = "", group_label: str = ""
) -> NationalCompetence:
    return NationalCompetence.objects.get_or_create(
        nomenclature=nomenclature,
        code=code,
        defaults={"label": label, "group_code": group_code, "group_label": group_label},
    )[0]
