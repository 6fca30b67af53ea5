"""Loading the projects: text, place, actors with their interests, orientations, course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partners.directory.models import Partner, Relay
from partners.governance.models import ElectedMember
from partners.people.models import User
from projects.demo.files import DemoData, introduced
from projects.demo.saving import at_noon, save, written_on
from projects.demo.strategy import Strategy
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.models import CourseStep, OrientationFit, Project
from projects.proposals.states import Status
from territories.competences.models import Competence
from territories.places.models import Commune, Intercommunality

LEVERS = (
    ("regulatory", "Réglementaire"),
    ("method", "Méthodologique"),
    ("human", "Humain"),
)
# What a step made of a project; a milestone makes an adopted one begin.
STATES = {
    "submission": Status.SUBMITTED, "admissible": Status.UNDER_REVIEW, "political_order": Status.UNDER_REVIEW,
    "suspension": Status.SUSPENDED, "adopted": Status.ADOPTED, "rejected": Status.REJECTED,
    "deferred": Status.DEFERRED,
}  # fmt: skip
TOWN_HALL_RELAYS = "Secrétaires de mairie"
STRUCTURES = ("partner", "commune", "epci")


@dataclass(frozen=True)
class Setting:
    """What a project refers to, already loaded."""

    epci: Intercommunality
    communes: dict[str, Commune]
    competences: dict[str, Competence]
    partners: dict[str, Partner]
    members: dict[str, ElectedMember]
    users: dict[str, User]
    strategy: Strategy
    fields: dict[str, str]  # of the officers, by name

    def relay_of(self, partner: Partner | None) -> Relay | None:
        return partner.relays.first() if partner else None


def load_projects(data: DemoData, setting: Setting) -> dict[str, Project]:
    """Write the projects in the state where the specification leaves them; returned by reference."""
    projects = {}
    for told in data.projects:
        with written_on(told["steps"][0]["date"]):
            project = _load_text(told, setting)
            _load_place(project, told, setting)
            _load_actors(project, told, setting)
            _load_fits(project, told, setting)
            _load_course(project, told)
        _relive(project, told, data.territory["reference_date"])
        _date_back(project, told, data.territory["reference_date"])
        projects[told["ref"]] = project
    return projects


def _load_text(told: dict, setting: Setting) -> Project:
    competence, fte = told["competence"], told.get("fte")
    return save(
        Project(
            intercommunality=setting.epci,
            reference=told["ref"],
            title=told["title"],
            status=Status.SUBMITTED,
            origin=told["origin"],
            origin_text=told["origin_text"],
            author=setting.users.get(told.get("author", "")),
            need=told["need"],
            shared_objective=told["shared_objective"],
            service=told["service"],
            beneficiaries=told["beneficiaries"],
            scale=scale_of(told),
            communes_text=told["communes_text"],
            competence_text=competence["text"],
            legal_ground=competence.get("ground", ""),
            no_competence_reason="" if competence["labels"] else competence["text"],
            owner_kind=owner_kind_of(told["owner"]),
            owner_name=told["owner"]["name"],
            lead_councillor=setting.members[told["lead_councillor"]],
            lead_officer=introduced(told["lead_officer"], setting.fields.get(told["lead_officer"], "")),
            full_time_equivalents=Decimal(str(fte)) if fte is not None else None,
            levers=levers_of(told),
            starts_on=told.get("starts_on"),
            ends_on=told.get("ends_on"),
            remark=told.get("remark", ""),
            submitted_at=at_noon(told["steps"][0]["date"]),
        )
    )


def _load_place(project: Project, told: dict, setting: Setting) -> None:
    codes = setting.communes if told["communes"] == "all" else told["communes"]
    project.communes.set(setting.communes[code] for code in codes)
    project.competences.set(setting.competences[label] for label in told["competence"]["labels"])
    project.objectives.set(setting.strategy.nodes[code] for code in told["objectives"])


def _load_actors(project: Project, told: dict, setting: Setting) -> None:
    """Write those who have an interest, then whoever carries the project or is its partner without having said one."""
    for rank, one in enumerate(actors_of(told, setting)):
        partner = setting.partners.get(one.get("partner", ""))
        relay = setting.relay_of(partner)
        actor = save(
            Actor(
                intercommunality=setting.epci,
                project=project,
                name=one["name"],
                commune=setting.communes.get(one.get("commune", "")),
                partner=partner,
                is_intercommunality=one.get("epci", False),
                **places_of(one, told),
                relay=relay,
                relay_to_be_found=relay is None,
                position=rank,
            )
        )
        if "interest" in one:
            save(
                Interest(
                    intercommunality=setting.epci,
                    actor=actor,
                    text=one["interest"],
                    stance=one["stance"],
                )
            )


def actors_of(told: dict, setting: Setting) -> list[dict]:
    """Complete the actors of the specification with the owner, the partners and the town halls that it names."""
    found = list(told["actors"])

    def add(key: str, value: object, name: str) -> None:
        if value not in [one.get(key) for one in found] and name not in [one["name"] for one in found]:
            found.append({"name": name, key: value})

    owner = told["owner"]
    key = {"epci": "epci", "commune": "commune", "partner": "partner"}[owner["kind"]]
    add(
        key,
        {"epci": True, "commune": owner.get("insee"), "partner": owner.get("partner")}[key],
        short_name(owner),
    )
    for code in told["partners"]:
        add("partner", code, setting.partners[code].name)
    for code in told.get("partner_communes", []):
        add("commune", code, setting.communes[code].name)
    if told.get("commune_relays"):
        add("name", TOWN_HALL_RELAYS, TOWN_HALL_RELAYS)
    return found


def short_name(owner: dict) -> str:
    """« CCVO (budget annexe, en HT) » is the CCVO."""
    return owner["name"].split(" (")[0]


def places_of(actor: dict, told: dict) -> dict[str, bool]:
    """The owner leads and decides; who brings money pays; who benefits uses; a commune is touched; the others do.

    Whoever is named in words without being a service or among the beneficiaries is touched.
    """
    owner = told["owner"]
    mine = {"epci": actor.get("epci"), "commune": actor.get("commune") and actor["commune"] == owner.get("insee"),
            "partner": actor.get("partner") and actor["partner"] == owner.get("partner")}  # fmt: skip
    lines = [line for plan in told.get("plans", []) for line in plan["lines"]]
    lines += told.get("operating", {}).get("lines", [])
    leads = bool(mine[owner["kind"]])
    pays = any(actor.get(key) and actor[key] in [line.get(key) for line in lines] for key in STRUCTURES)
    uses = actor["name"].casefold() in told["beneficiaries"].casefold()
    works = "partner" in actor or actor["name"].startswith("Service")
    return {
        "leads": leads,
        "decides": leads,
        "pays": pays,
        "uses": uses,
        "does": works and not pays and not leads,
        "is_touched": not (leads or pays or uses or works),
    }


def _load_fits(project: Project, told: dict, setting: Setting) -> None:
    for one in told["orientations"]:
        save(
            OrientationFit(
                intercommunality=setting.epci,
                project=project,
                orientation=setting.strategy.orientations[one["code"]],
                fit=one["fit"],
                note=one["note"] or "",
            )
        )


def _load_course(project: Project, told: dict) -> None:
    """Keep every step in its own words; those that a body took also become decisions of its sessions."""
    for step in told["steps"]:
        save(
            CourseStep(
                intercommunality=project.intercommunality,
                project=project,
                happened_on=step["date"],
                text=step["text"],
            )
        )


def _relive(project: Project, told: dict, today: date) -> None:
    """Take the project through its states on the days of its steps, to the one where the specification leaves it."""
    past = [step for step in told["steps"] if step["date"] <= today]
    for step in past:
        status = state_after(step, project.status)
        if step is past[-1]:
            status = told["status"]
        if status != project.status:
            project.status = status
            with written_on(step["date"]):
                save(project)


def state_after(step: dict, status: str) -> str:
    """The state that a step told in words leads to; an advisory body changes none."""
    if step["kind"] == "milestone" and status == Status.ADOPTED:
        return Status.IN_PROGRESS
    said = step.get("outcome", "") if step["kind"] == "decision" else step["kind"]
    return STATES.get(said, status)


def _date_back(project: Project, told: dict, today: date) -> None:
    """Date the creation and the last change as the specification does, so that lists show the latest first."""
    past = [step["date"] for step in told["steps"] if step["date"] <= today]
    Project.objects.filter(pk=project.pk).update(created_at=at_noon(past[0]), updated_at=at_noon(past[-1]))


def scale_of(told: dict) -> str:
    if told["communes"] == "all":
        return Project.Scale.ALL
    return Project.Scale.COMMUNE if len(told["communes"]) == 1 else Project.Scale.SEVERAL


def owner_kind_of(owner: dict) -> str:
    if owner["kind"] != "partner":
        return owner["kind"]
    return Project.OwnerKind.PARTNER if owner.get("private") else Project.OwnerKind.PUBLIC


def levers_of(told: dict) -> str:
    levers = told.get("levers", {})
    return "\n".join(f"{label} : {levers[key]}" for key, label in LEVERS if key in levers)
