"""Loading the strategy: the mandate with its orientations, the projet de territoire with its tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from projects.demo.files import DemoData
from projects.demo.saving import save, written_on
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan
from territories.places.models import Intercommunality


@dataclass
class Strategy:
    """What projects refer to, by code."""

    orientations: dict[str, Orientation] = field(default_factory=dict)
    nodes: dict[str, StrategyNode] = field(default_factory=dict)


def load_strategy(data: DemoData, epci: Intercommunality) -> Strategy:
    loaded = Strategy()
    with written_on(data.strategy["mandate"]["orientations_adopted_on"]):
        _load_mandate(data, epci, loaded)
    with written_on(data.strategy["plan"]["adopted_on"]):
        _load_plan(data, epci, loaded)
    return loaded


def _load_mandate(data: DemoData, epci: Intercommunality, loaded: Strategy) -> None:
    told = data.strategy["mandate"]
    mandate = save(
        Mandate(
            intercommunality=epci,
            name=told["title"],
            starts_on=told["starts_on"],
            ends_on=date(told["ends_year"], 3, 31),  # municipal elections are held in March
            source=f"délibération du {told['orientations_adopted_on']:%d/%m/%Y}",
        )
    )
    for position, one in enumerate(told["orientations"], 1):
        loaded.orientations[one["code"]] = save(
            Orientation(
                intercommunality=epci,
                mandate=mandate,
                code=one["code"],
                title=one["title"],
                position=position,
            )
        )


def foreword_of(data: DemoData) -> str:
    """Where the territory comes from, and which projects serve each of its contracts."""
    served = " ; ".join(f"{one['title']} ({', '.join(one['projects'])})" for one in data.strategy["contracts"])
    return f"{data.strategy['foreword']}\n\nSes projets servent aussi les contrats du territoire : {served}."


def _load_plan(data: DemoData, epci: Intercommunality, loaded: Strategy) -> None:
    told = data.strategy["plan"]
    plan = save(
        TerritorialPlan(
            intercommunality=epci,
            title=told["title"],
            horizon=data.strategy["mandate"]["ends_year"],
            adopted_on=told["adopted_on"],
            updated_on=told["updated_on"],
            foreword=foreword_of(data),
            level_labels=[label.capitalize() for label in told["levels"][:-1]],  # the last level is the project
        )
    )
    for rank, axis in enumerate(told["axes"], 1):
        parent = save(
            StrategyNode(
                intercommunality=epci,
                plan=plan,
                level=1,
                code=axis["code"],
                title=axis["title"],
                position=rank,
            )
        )
        loaded.nodes[axis["code"]] = parent
        for position, one in enumerate(axis["objectives"], 1):
            loaded.nodes[one["code"]] = save(
                StrategyNode(
                    intercommunality=epci,
                    plan=plan,
                    parent=parent,
                    level=2,
                    code=one["code"],
                    title=one["title"],
                    position=position,
                )
            )
