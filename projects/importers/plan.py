"""Store the actions of a plan as projects of an EPCI; the same plan again changes nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from projects.funding.models import FundingLine, FundingPlan
from projects.importers.plan_file import Action
from projects.proposals.models import Actor, Project
from projects.proposals.states import Origin
from territories.places.models import Intercommunality

PERIMETER = "Repris d’un plan sans précision de commune"


@dataclass(slots=True)
class PlanTally:
    """What an import did, and the references it would not overwrite."""

    created: list[Project] = field(default_factory=list)
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def store_plan(actions: list[Action], *, epci: Intercommunality, submitted_at: datetime.datetime) -> PlanTally:
    """Create the projects that are not there yet; to be called in a transaction."""
    stored = dict(Project.objects.filter(intercommunality=epci).values_list("reference", "title"))
    tally = PlanTally()
    for number, action in enumerate(actions, start=1):
        reference = f"PA-{number:03}"
        if reference not in stored:
            tally.created.append(create_project(action, reference=reference, epci=epci, submitted_at=submitted_at))
        elif stored[reference] == action.title:
            tally.unchanged += 1
        else:
            tally.refused.append(
                f"Ligne {action.line} : la référence {reference} est déjà celle de « {stored[reference]} »."
            )
    return tally


def create_project(
    action: Action, *, reference: str, epci: Intercommunality, submitted_at: datetime.datetime
) -> Project:
    """Create one project with its actors and its funding plan."""
    project = Project(
        intercommunality=epci,
        reference=reference,
        title=action.title,
        status=action.status,
        origin=Origin.FIELD,
        scale=Project.Scale.ALL,
        communes_text=PERIMETER,
        owner_name=action.lead,
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        imported_text=action.kept,
        submitted_at=submitted_at,
        **action.texts,
    )
    project.save()
    named = [(action.lead, Actor.Part.LEAD)] if action.lead else []
    named += [(name, Actor.Part.CONTRIBUTES) for name in action.partners]
    for position, (name, part) in enumerate(named):
        Actor(intercommunality=epci, project=project, name=name, part=part, position=position).save()
    if action.cost is not None:
        create_funding_plan(action, project=project)
    return project


def create_funding_plan(action: Action, *, project: Project) -> None:
    """Write the cost and the resources; the legal nature of a funder is public until someone says otherwise."""
    epci = project.intercommunality
    plan = FundingPlan.objects.create(
        intercommunality=epci, project=project, cost_excl_tax=action.cost, label="Repris d’un plan"
    )
    for position, (funder, amount) in enumerate(action.funders):
        FundingLine.objects.create(
            intercommunality=epci,
            plan=plan,
            funder=funder,
            amount=amount,
            nature=FundingLine.Nature.PUBLIC,
            position=position,
        )
