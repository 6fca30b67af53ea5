"""Store the actions of a plan as projects of an EPCI; the same plan again changes nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from projects.funding.models import FundingLine, FundingPlan
from projects.importers.bodies import Territory, nature_of, owner_kind_of, territory_of
from projects.importers.plan_file import Action
from projects.proposals.actor_models import Actor
from projects.proposals.models import UNPLACED, Project
from projects.proposals.states import Origin
from territories.places.models import Intercommunality


@dataclass(slots=True)
class PlanTally:
    """What an import did, and the references it would not overwrite."""

    created: list[Project] = field(default_factory=list)
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def tell_doubts(actions: list[Action], *, epci: Intercommunality) -> None:
    """Warn, on the line where it stands, of each organisation that its name is not enough to recognise in law."""
    territory = territory_of(epci)
    for action in actions:
        if action.lead and not owner_kind_of(action.lead, territory):
            action.warnings.append(f"maître d’ouvrage « {action.lead} » : sa nature reste à préciser sur la fiche.")
        for funder, _ in action.funders:
            if not nature_of(funder, owner=action.lead, territory=territory):
                action.warnings.append(
                    f"financeur « {funder} » : nature juridique non reconnue, compté comme personne publique."
                )


def store_plan(actions: list[Action], *, epci: Intercommunality, submitted_at: datetime.datetime) -> PlanTally:
    """Create the projects that are not there yet; to be called in a transaction."""
    stored = dict(Project.objects.filter(intercommunality=epci).values_list("reference", "title"))
    territory = territory_of(epci)
    tally = PlanTally()
    for number, action in enumerate(actions, start=1):
        reference = f"PA-{number:03}"
        if reference not in stored:
            tally.created.append(
                create_project(action, reference=reference, epci=epci, territory=territory, submitted_at=submitted_at)
            )
        elif stored[reference] == action.title:
            tally.unchanged += 1
        else:
            tally.refused.append(
                f"Ligne {action.line} : la référence {reference} est déjà celle de « {stored[reference]} »."
            )
    return tally


def create_project(
    action: Action,
    *,
    reference: str,
    epci: Intercommunality,
    territory: Territory,
    submitted_at: datetime.datetime,
) -> Project:
    """Create one project with its actors and its funding plan."""
    project = Project(
        intercommunality=epci,
        reference=reference,
        title=action.title,
        status=action.status,
        origin=Origin.FIELD,
        scale=Project.Scale.ALL,
        communes_text=UNPLACED,
        owner_kind=owner_kind_of(action.lead, territory),
        owner_name=action.lead,
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        imported_text=action.kept,
        submitted_at=submitted_at,
        **action.texts,
    )
    project.save()
    named = [(action.lead, True)] if action.lead else []
    named += [(name, False) for name in action.partners]  # a plan names partners without saying what they do
    for position, (name, leads) in enumerate(named):
        Actor(intercommunality=epci, project=project, name=name, leads=leads, position=position).save()
    if action.cost is not None:
        create_funding_plan(action, action.cost, project=project, territory=territory)
    return project


def create_funding_plan(action: Action, cost: Decimal, *, project: Project, territory: Territory) -> None:
    """Write the cost and the resources; a funder that is not recognised counts as public, the stricter reading."""
    epci = project.intercommunality
    plan = FundingPlan.objects.create(
        intercommunality=epci, project=project, cost_excl_tax=cost, label="Repris d’un plan"
    )
    for position, (funder, amount) in enumerate(action.funders):
        FundingLine.objects.create(
            intercommunality=epci,
            plan=plan,
            funder=funder,
            amount=amount,
            nature=nature_of(funder, owner=action.lead, territory=territory) or FundingLine.Nature.PUBLIC,
            position=position,
        )
