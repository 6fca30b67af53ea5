"""Loading those who cooperate: partners and relay persons, elected members, bodies and seats, demo accounts."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from partners.directory.models import Partner, Relay
from partners.governance.models import Body, BodyRule, Delegation, ElectedMember, Seat
from partners.people.models import User
from partners.people.services import open_membership
from projects.demo.files import DemoData, fields_of, introduced
from projects.demo.saving import save
from territories.competences.models import Competence
from territories.places.models import Commune, Intercommunality

Communes = dict[str, Commune]


def load_partners(
    data: DemoData, epci: Intercommunality, communes: Communes, competences: dict[str, Competence]
) -> dict[str, Partner]:
    """Write the partners, what they serve and deal with, each with its relay person; returned by code."""
    partners = {}
    for told in data.partners["partners"]:
        partner = save(
            Partner(
                intercommunality=epci,
                code=told["code"],
                name=told["name"],
                kind=told["kind"],
                role=told["role"],
                rna=told["rna"] or "",
            )
        )
        served = communes if told["communes"] == "all" else told["communes"]
        partner.communes.set(communes[code] for code in served)
        partner.competences.set(competences[label] for label in told["competences"])
        relay = told["relay"]
        save(
            Relay(
                intercommunality=epci,
                partner=partner,
                full_name=relay["name"],
                function=relay["function"] or "",
                phone=relay["phone"],
            )
        )
        partners[told["code"]] = partner
    return partners


def load_members(data: DemoData, epci: Intercommunality, communes: Communes) -> dict[str, ElectedMember]:
    """Write the elected members: every mayor, and whoever holds a function in the EPCI; returned by name."""
    offices = {told["mayor"]: ("maire", told["insee"]) for told in data.communes["communes"]}
    offices |= {told["name"]: (told["municipal_office"], told["commune"]) for told in data.governance["elected"]}
    return {
        name: save(
            ElectedMember(
                intercommunality=epci,
                commune=communes[insee],
                full_name=name,
                municipal_office=office,
            )
        )
        for name, (office, insee) in offices.items()
    }


def load_bodies(
    data: DemoData,
    epci: Intercommunality,
    communes: Communes,
    members: dict[str, ElectedMember],
) -> dict[str, Body]:
    """Write the bodies and their seats; returned by code."""
    bodies = {
        told["code"]: save(
            Body(
                intercommunality=epci,
                kind=told["kind"],
                name=told["name"],
                power=told["power"],
                legal_seats=told["legal_seats"],
                rhythm=told["rhythm"],
                remit=told["power_text"],
                rank=rank,
            )
        )
        for rank, told in enumerate(data.governance["bodies"], 1)
    }
    since = data.territory["council"]["installed_on"]
    for told in data.governance["bodies"]:
        if written := told.get("rules"):
            save(BodyRule(intercommunality=epci, body=bodies[told["code"]], starts_on=since, **written))
    _delegate(data, epci)
    functions = {told["name"]: told for told in data.governance["elected"]}
    _seat_president(data, bodies["presidency"], members)
    _seat_council(data, bodies["council"], communes, members, functions)
    _seat_bureau(data, bodies["bureau"], members)
    _seat_mayors(data, bodies["mayors"], communes, members, functions)
    for told in data.communes["communes"]:
        save(
            Seat(
                body=bodies["clect"],
                commune=communes[told["insee"]],
                function="titulaire",
            )
        )
    return bodies


def _delegate(data: DemoData, epci: Intercommunality) -> None:
    """What the conseil entrusted to the bureau and to the president (CGCT, art. L. 5211-10)."""
    for told in data.governance["delegations"]:
        save(
            Delegation(
                intercommunality=epci,
                holder=told["holder"],
                matter=told["matter"],
                ceiling=told.get("ceiling"),
                decision_reference=told["reference"],
                starts_on=told["starts_on"],
            )
        )


def _seat_president(data: DemoData, presidency: Body, members: dict[str, ElectedMember]) -> None:
    """The presidency is held by one person, who decides alone what the conseil entrusted to it."""
    told = next(one for one in data.governance["elected"] if one["rank"] == 0)
    since = data.territory["council"]["installed_on"]
    save(
        Seat(
            body=presidency,
            member=members[told["name"]],
            function=function_of(told),
            is_chair=True,
            rank=1,
            starts_on=since,
        )
    )


def _seat_council(
    data: DemoData,
    council: Body,
    communes: Communes,
    members: dict[str, ElectedMember],
    functions: dict[str, dict],
) -> None:
    """Give each commune its seats; those whose holder the specification does not name stay to be filled."""
    since = data.territory["council"]["installed_on"]
    for told in data.communes["communes"]:
        commune = communes[told["insee"]]
        known = [name for name, member in members.items() if member.commune_id == commune.pk]
        known.remove(told["mayor"])
        known.insert(0, told["mayor"])
        for index in range(told["seats"]):
            name = known[index] if index < len(known) else None
            held = functions.get(name or "", {})
            save(
                Seat(
                    body=council,
                    commune=commune,
                    member=members[name] if name else None,
                    function=function_of(held),
                    is_chair=held.get("rank") == 0,
                    is_vice_chair=held.get("rank", 0) > 0,
                    rank=held.get("rank", 11 + index),
                    starts_on=since,
                )
            )


def _seat_bureau(data: DemoData, bureau: Body, members: dict[str, ElectedMember]) -> None:
    since = data.territory["council"]["installed_on"]
    held = data.governance["elected"]
    for told in held:
        save(
            Seat(
                body=bureau,
                member=members[told["name"]],
                function=function_of(told),
                is_chair=told["rank"] == 0,
                is_vice_chair=told["rank"] > 0,
                rank=told["rank"],
                starts_on=since,
            )
        )
    for rank in range(len(held), data_seats(data, "bureau")):
        save(Seat(body=bureau, function="membre", rank=rank, starts_on=since))


def _seat_mayors(
    data: DemoData,
    mayors: Body,
    communes: Communes,
    members: dict[str, ElectedMember],
    functions: dict[str, dict],
) -> None:
    """The president of the EPCI chairs the conference of mayors (CGCT, art. L. 5211-11-3)."""
    for told in data.communes["communes"]:
        name = told["mayor"]
        save(
            Seat(
                body=mayors,
                member=members[name],
                commune=communes[told["insee"]],
                function="maire",
                is_chair=functions.get(name, {}).get("rank") == 0,
            )
        )


def data_seats(data: DemoData, code: str) -> int:
    return next(body["legal_seats"] for body in data.governance["bodies"] if body["code"] == code)


def function_of(held: dict) -> str:
    """« 5e vice-président, eau, GEMAPI »."""
    return ", ".join(part for part in (held.get("function"), held.get("remit")) if part)


def load_accounts(
    data: DemoData,
    epci: Intercommunality,
    communes: Communes,
    partners: dict[str, Partner],
    members: dict[str, ElectedMember],
) -> dict[str, User]:
    """Open the demo accounts with their roles; an account without a role only reads what is published."""
    password = make_password(data.accounts["password"])  # the same for all: hashing is slow on purpose
    users, fields = {}, fields_of(data)
    for told in data.accounts["accounts"]:
        user = save(User(email=told["email"], password=password, full_name=told["display_name"]))
        for role in told["memberships"]:
            open_membership(
                user=user,
                intercommunality=epci,
                role=role,
                starts_on=told["starts_on"],
                commune=communes.get(told.get("commune", "")),
                partner=partners.get(told.get("partner", "")),
                function=introduced(told["role_text"], fields.get(told["display_name"], "")),
            )
        if member := members.get(told["display_name"]):
            member.user = user
            save(member)
        users[told["email"]] = user
    return users
