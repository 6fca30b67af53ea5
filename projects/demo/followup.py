"""Loading what is followed: opinions asked and given, how projects are doing, what was decided to be done."""

from __future__ import annotations

from partners.directory.models import Partner
from partners.governance.models import Body
from partners.people.models import User
from projects.demo.files import COORDINATOR, DemoData
from projects.demo.saving import at_noon, save
from projects.followup.models import Action, HealthNote
from projects.opinions.models import Opinion, OpinionRequest
from projects.opinions.rules import due_date
from projects.opinions.services import version_date
from projects.proposals.models import Project
from territories.places.models import Commune

ASSEMBLIES = "assemblees@ccvo.example"


def load_followup(
    data: DemoData,
    communes: dict[str, Commune],
    partners: dict[str, Partner],
    bodies: dict[str, Body],
    users: dict[str, User],
    projects: dict[str, Project],
) -> None:
    """Write the opinions, then the health of projects, then the actions."""
    for told in data.followup["opinions"]:
        request = _ask(told, projects[told["project"]], communes, partners, bodies, users)
        for answer in told.get("answers", []):
            _answer(request, answer, users[ASSEMBLIES])
    for told in data.followup["health"]:
        project = projects[told["project"]]
        save(
            HealthNote(
                intercommunality=project.intercommunality,
                project=project,
                level=told["level"],
                reason=told["reason"],
                unblocking=told.get("unblocking", ""),
                noted_on=told["noted_on"],
                noted_by=users[COORDINATOR],
                noted_by_name=str(users[COORDINATOR]),
            )
        )
    for told in data.followup["actions"]:
        project, person = projects[told["project"]], users.get(told.get("person", ""))
        is_done = "done_on" in told
        save(
            Action(
                intercommunality=project.intercommunality,
                project=project,
                text=told["text"],
                who=told["who"],
                person=person,
                body=bodies.get(told.get("body", "")),
                decided_on=told["decided_on"],
                due_on=told["due_on"],
                done_on=told.get("done_on"),
                closed_by_name=str(users[COORDINATOR]) if is_done else "",
                written_by_name=str(users[ASSEMBLIES]),
            )
        )


def _ask(
    told: dict,
    project: Project,
    communes: dict[str, Commune],
    partners: dict[str, Partner],
    bodies: dict[str, Body],
    users: dict[str, User],
) -> OpinionRequest:
    """A question as it was asked; one that bore on a former text says so by its version.

    `text_of` is the day of the text, where a change of it is told and the history of the project holds none.
    """
    asked_on, days, months = told["asked_on"], told.get("working_days", 15), told.get("months")
    return save(
        OpinionRequest(
            intercommunality=project.intercommunality,
            project=project,
            asked=next(kind for kind in ("commune", "partner", "body") if kind in told),
            commune=communes.get(told.get("commune", "")),
            partner=partners.get(told.get("partner", "")),
            body=bodies.get(told.get("body", "")),
            question=told["question"],
            asked_on=asked_on,
            working_days=days,
            months=months,
            due_on=due_date(asked_on, days, months=months),
            silence=told.get("silence", OpinionRequest.Silence.NONE),
            silence_reason=told.get("silence_reason", ""),
            project_version=project.version - int(told.get("former_text", False)),
            objective_version=project.objective_version,
            version_of=told.get("text_of") or version_date(project),
            asked_by=users[COORDINATOR],
            asked_by_name=str(users[COORDINATOR]),
        )
    )


def _answer(request: OpinionRequest, told: dict, by: User) -> None:
    """An opinion given outside the platform, which the assemblies' clerk wrote down."""
    save(
        Opinion(
            intercommunality=request.intercommunality,
            request=request,
            position=told["position"],
            words=told.get("words", ""),
            given_on=told["given_on"],
            recorded_at=at_noon(told["given_on"]),
            given_by_name=told["said_by"],
            recorded_by=by,
            recorded_by_name=str(by),
            is_reported=True,
            project_version=request.project_version,
            version_of=request.version_of,
        )
    )
