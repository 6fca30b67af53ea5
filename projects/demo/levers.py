"""Loading the levers: the mutualisation scheme, its services, the key of the flying secretariat, the pact of the year.

What the specification does not tell is left empty: a service without key shows its cost and « clé à renseigner ».
"""

from __future__ import annotations

from decimal import Decimal

from partners.people.models import User
from projects.demo.files import DemoData
from projects.demo.saving import save
from projects.proposals.models import Project
from territories.levers.models import (
    FinancialPact,
    GrantCriterion,
    PactAmount,
    PactYear,
    PoolingScheme,
    SharedService,
    SharingCriterion,
    SolidarityGrant,
)
from territories.levers.pact_services import write_grant
from territories.levers.pooling_services import write_key
from territories.levers.versions import WrittenPart
from territories.places.models import Commune, Intercommunality

KEEPER = "assemblees@ccvo.example"  # the officer in charge of pooling
Kind = SharingCriterion.Kind


def load_levers(
    data: DemoData,
    epci: Intercommunality,
    communes: dict[str, Commune],
    users: dict[str, User],
    projects: dict[str, Project],
) -> None:
    """Write pooling, then the pact, through the verbs wherever something is computed."""
    by = users[KEEPER]
    _load_scheme(data.levers["pooling_scheme"], epci)
    services = _load_services(data, epci, communes, projects)
    _load_key(data.levers["flying_secretariat_key"], services["P30"], communes, by)
    _load_pact(data.levers, epci)
    _load_year(data, epci, communes, by)


def period_of(told: dict) -> dict[str, int]:
    """« 2026-2032 » → its first and last year."""
    first, last = told["period"].split("-")
    return {"starts_year": int(first), "ends_year": int(last)}


def _load_scheme(told: dict, epci: Intercommunality) -> None:
    save(
        PoolingScheme(
            intercommunality=epci,
            status=PoolingScheme.Status.SENT,
            sent_on=told["sent_to_communes_on"],
            approval_planned_on=told["approval_planned_on"],
            **period_of(told),
        )
    )


def _load_services(
    data: DemoData, epci: Intercommunality, communes: dict[str, Commune], projects: dict[str, Project]
) -> dict[str, SharedService]:
    """Write the tools of the scheme; returned by reference of the project they serve."""
    services = {}
    members = {"P30": [one["insee"] for one in data.levers["flying_secretariat_key"]["communes"]]}
    for position, told in enumerate(data.levers["pooling_scheme"]["tools"], 1):
        service = save(
            SharedService(
                intercommunality=epci,
                name=told["tool"].partition(" (")[0],  # the project and the state are told on their own
                purpose=told["purpose"],
                legal_form=told["form"],
                status=told["status"],
                participant_count=told["commune_count"],
                staff=decimal_of(told["staff_fte"]),
                announced_cost=decimal_of(told["annual_cost"]),
                key_in_words=told["key"].replace(" (§ 6.3)", ""),
                position=position,
            )
        )
        service.participants.set(communes[code] for code in told["communes"] or members.get(told["project"], []))
        if told["project"]:
            services[told["project"]] = service
            projects[told["project"]].shared_services.add(service)
    return services


def _load_key(told: dict, service: SharedService, communes: dict[str, Commune], by: User) -> None:
    hours = {communes[one["insee"]].pk: Decimal(one["hours"]) for one in told["communes"]}
    weights = told["weights"]
    write_key(
        service=service,
        year=told["year"],
        figures={
            "total_cost": Decimal(told["total_cost"]),
            "epci_share_percent": Decimal(told["epci_share_percent"]),
        },
        parts=[
            WrittenPart(Kind.USE, "heures", weights["hours"], values=hours),
            WrittenPart(Kind.TOTAL_POPULATION, "population totale", weights["total_population"]),
            WrittenPart(Kind.EQUAL, "part égale", weights["equal"]),
        ],
        by=by,
        expected_version=0,
    )


def _load_pact(told: dict, epci: Intercommunality) -> None:
    pact, funds = told["financial_pact"], told["contribution_funds"]
    save(
        FinancialPact(
            intercommunality=epci,
            drafted_on=pact["adopted_as_draft_on"],
            text=f"{pact['text']}\n\nFonds de concours : {funds['text']}",
            fund_percent_ceiling=Decimal(funds["share_ceiling_percent"]),
            fund_amount_ceiling=Decimal(funds["amount_ceiling"]),
            fund_envelope=Decimal(pact["contribution_fund_envelope_per_year"]),
            fund_requests_per_year=funds["requests_per_commune_and_year"],
            **period_of(pact),
        )
    )


def _load_year(data: DemoData, epci: Intercommunality, communes: dict[str, Commune], by: User) -> None:
    told = data.levers["solidarity_grant"]
    year = save(PactYear(intercommunality=epci, year=data.levers["financial_pact"]["year"]))
    for one in told["communes"]:
        save(
            PactAmount(
                intercommunality=epci,
                pact_year=year,
                commune=communes[one["insee"]],
                kind=PactAmount.Kind.COMPENSATION,
                amount=Decimal(one["attribution_compensation"]),
            )
        )
    grant = write_grant(
        pact_year=year, total=Decimal(told["envelope"]), parts=_grant_parts(data, communes), by=by, expected_version=0
    )
    grant.stage = SolidarityGrant.Stage.ADOPTED
    votes = told["votes"]
    grant.votes_for, grant.votes_against, grant.abstentions = votes["for"], votes["against"], votes["abstentions"]
    save(grant)


def _grant_parts(data: DemoData, communes: dict[str, Commune]) -> list[WrittenPart]:
    told = data.levers["solidarity_grant"]
    people = {one["insee"]: one["pmun"] + one["pcap"] for one in data.communes["communes"]}
    weights = {one["code"]: one["percent"] for one in told["criteria"]}

    def column(name: str) -> dict[int, Decimal]:
        return {communes[one["insee"]].pk: Decimal(one[name]) for one in told["communes"]}

    heads = {communes[code].pk: Decimal(count) for code, count in people.items()}
    criterion = GrantCriterion.Kind
    return [
        WrittenPart(criterion.INCOME, "revenu", weights["income"], "€ par habitant", column("income_per_head")),
        WrittenPart(
            criterion.POTENTIAL,
            "potentiel financier",
            weights["potential"],
            "€ par habitant",
            column("financial_potential_per_head"),
        ),
        WrittenPart(criterion.POPULATION, "population totale", weights["population"], "habitants", heads),
        WrittenPart(criterion.OTHER, "longueur de voirie", weights["roads"], "km", column("road_km")),
    ]


def decimal_of(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
