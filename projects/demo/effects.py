"""Loading the effects: the indicators of each project with what was measured, the surveys of beneficiaries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from partners.people.models import User
from projects.demo.files import COORDINATOR, DemoData
from projects.demo.saving import at_noon, save
from projects.effects.models import Indicator, Measurement
from projects.effects.satisfaction import SCORES
from projects.effects.survey_models import Survey, Verbatim
from projects.proposals.models import Project


def load_effects(data: DemoData, users: dict[str, User], projects: dict[str, Project]) -> None:
    """Write the indicators in the order of their sheets, then the surveys."""
    for told in data.projects:
        for one in told.get("indicators", []):
            _load_indicator(one, projects[told["ref"]], data.territory["measured_on"], users[COORDINATOR])
    for told in data.surveys["surveys"]:
        _load_survey(told, projects[told["project"]], users[COORDINATOR])


def _load_indicator(told: dict, project: Project, measured_on: date, by: User) -> None:
    indicator = save(
        Indicator(
            intercommunality=project.intercommunality,
            project=project,
            name=told["name"],
            definition=told.get("definition", ""),
            kind=told["kind"],
            unit=told.get("unit", ""),
            direction=told.get("direction", Indicator.Direction.UP),
            baseline=_decimal(told["baseline"]),
            baseline_on=told.get("baseline_on"),
            target=_decimal(told["target"]),
            target_on=told.get("target_on"),
            condition=told.get("condition", ""),
            written_by_name=str(by),
        )
    )
    if told["measure"] is None:
        return
    save(
        Measurement(
            intercommunality=project.intercommunality,
            indicator=indicator,
            value=_decimal(told["measure"]),
            measured_on=measured_on,
            meets_condition=told.get("meets_condition", True),
            note=told.get("measure_note", ""),
            recorded_at=at_noon(measured_on),
            recorded_by=by,
            recorded_by_name=str(by),
        )
    )


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _load_survey(told: dict, project: Project, by: User) -> None:
    survey = save(
        Survey(
            intercommunality=project.intercommunality,
            project=project,
            title=told["title"],
            service=project.service,
            audience=told["title"],
            starts_on=told["starts_on"],
            ends_on=told["ends_on"],
            sent=told["sent"],
            written_by_name=str(by),
            **{f"score_{score}": told["scores"][score] for score in SCORES},
        )
    )
    for text in told.get("verbatims", []):
        save(
            Verbatim(
                intercommunality=project.intercommunality,
                survey=survey,
                text=text,
                moderated_at=at_noon(told["ends_on"]),
                moderated_by_name=str(by),
            )
        )
