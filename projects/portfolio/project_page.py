"""The page of a project: everything a reader needs to understand it, gathered from every room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cooperation.french import counted, date_fr
from cooperation.texts import REASON
from partners.people.access import scope_of
from projects.circuit.reads import summary_of as circuit_of
from projects.debate.reads import summary_of
from projects.deliberation.access import sessions_read_by
from projects.deliberation.models import AgendaItem, Decision
from projects.effects.reads import told_of as effects_of
from projects.followup.reads import told_of
from projects.funding.models import FundingPlan
from projects.funding.operating_reading import running_of
from projects.funding.rules import feet_of, share_of_cost
from projects.funding.services import checks_for, sums_of, version_in_force
from projects.funding.share_reading import cost_of, objectives_of
from projects.lineage.reading import ties_of
from projects.lineage.services import why_it_cannot_be_split
from projects.marks.models import Mark
from projects.opinions.legal import with_opinions
from projects.opinions.reads import summary_of as opinions_of
from projects.portfolio.territory import commune_url
from projects.proposals.access import get_project, may, may_speak_for, told_of_the_author
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.completeness import asked_of, lacks_of
from projects.proposals.legal import legal_cases_of
from projects.proposals.models import Move, ObjectiveVersion, Project
from projects.proposals.places import identify
from projects.proposals.sharing import answer_said, sharing_of
from projects.proposals.states import OVER
from projects.proposals.steps import with_links
from projects.proposals.workflow import HAVE_THEIR_PAGE, label_of, workflow
from territories.competences.models import Competence
from territories.places.models import Commune

if TYPE_CHECKING:
    from partners.people.models import User

# What several parts of the page tell of, each with what is read of it: once for all of them.
SHARED = (
    "communes",
    "objective_shares",
    Prefetch("competences", Competence.objects.with_standing()),
    Prefetch(
        "funding_plans",
        FundingPlan.objects.filter(is_current=True).prefetch_related("lines", "operating_lines__years"),
    ),
)


def page_of(project: Project, user: User) -> dict[str, Any]:
    """Gather the page in a number of queries that does not grow with the project."""
    prefetch_related_objects([project], *SHARED)
    actors = list(
        project.actors.select_related("relay", "commune", "partner").prefetch_related(
            Prefetch("interests", Interest.objects.visible_to(user)), "endorsements"
        )
    )
    versions = {one.number: one for one in project.objective_versions.all()}
    edit_url = reverse("projects:write", args=[project.pk, "besoin"])
    today = timezone.localdate()
    opinions = opinions_of(project, user, today) if project.submitted_at else None
    return {
        "project": project,
        "facts": facts_of(project),
        "competences": project.competences.all(),
        "legal_cases": with_opinions(legal_cases_of(project, today), project, opinions, today),
        "acts": acts_of(project, user),
        "reason_most": REASON,
        "lacks": with_links(project, lacks_of(project)) if project.is_editable else [],
        "asked": asked_of(project),
        "alone": told_of_the_author(project) if project.is_editable else "",
        "edit_url": edit_url if may(user, "change_project", project) else "",
        "actors": [actor_line(actor, project, user, versions) for actor in actors],
        "identification": identify(actors, is_written=project.is_editable),
        "sharing": sharing_of(actors, project.objective_version).sentence if project.shared_objective else "",
        "interests": [
            {
                "who": actor.name,
                "role": actor.placed,
                "text": interest.text,
                "gives": interest.gives,
                "fears": interest.fears,
                "convergence": f"intérêt {interest.get_stance_display()}" if interest.stance else "",
            }
            for actor in actors
            for interest in actor.interests.all()
        ],
        "money": money_of(project),
        "events": events_of(project, user),
        "debate": summary_of(project),
        "opinions": opinions,
        "circuit": circuit_of(project, user, today) if project.submitted_at else None,
        "followup": told_of(project, user, today) if project.submitted_at else None,
        "effects": effects_of(project, user, today),
        "submissions": project.submissions.all(),
        "ties": ties_of(project, user),
        "parts": objectives_of(project),
        "cost": cost_of(project),
        "tools": tools_of(project, user),
        "mark": Mark.objects.of(user).filter(project=project).first(),
    }


def facts_of(project: Project) -> list[dict[str, Any]]:
    communes = list(project.communes.all())
    competences = " ; ".join(f"{c.label} ({c.get_category_display()})" for c in project.competences.all())
    fits = " ; ".join(
        f"{fit.orientation} : {fit.get_fit_display()}{f' — {fit.note}' if fit.note else ''}"
        for fit in project.orientation_fits.select_related("orientation")
    )
    services = ", ".join(service.name for service in project.shared_services.all())
    pairs = [
        ("Service rendu", project.service),
        ("Bénéficiaires", project.beneficiaries),
        ("Communes", ", ".join(map(str, communes)) or project.communes_text or project.get_scale_display()),
        ("Compétence", competences or project.competence_text or project.no_competence_reason),
        ("Orientations du mandat", fits or project.orientation_statement),
        ("Maître d’ouvrage", project.owner_told),
        ("Élu·e référent·e", project.lead_councillor),
        ("Origine", f"{project.get_origin_display()}{f' — {project.origin_text}' if project.origin_text else ''}"),
    ]
    pairs += [("Services mutualisés", services)] if services else []
    links = {"Communes": links_to(communes, project)}
    return [{"label": label, "value": value, "links": links.get(label, [])} for label, value in pairs]


def links_to(communes: list[Commune], project: Project) -> list[dict[str, str]]:
    """Each commune with its page; one of another intercommunality is named only, for its page is not open here."""
    return [
        {
            "label": commune.name,
            "url": commune_url(commune) if commune.intercommunality_id == project.intercommunality_id else "",
        }
        for commune in communes
    ]


def acts_of(project: Project, user: User) -> list[dict[str, Any]]:
    """The transitions offered here; the agenda of a session and a regrouping have their own page."""
    return [
        {"transition": transition, "verdict": verdict, "label": label_of(transition, project)}
        for transition, verdict in workflow.actions(project, user)
        if transition.permission not in HAVE_THEIR_PAGE
    ]


def tools_of(project: Project, user: User) -> list[dict[str, str]]:
    """What leads to a page of its own: objectives, regrouping, copy, split; only what the person may do here."""
    found = []
    if may(user, "review_project", project):
        found.append(("Répartir entre les objectifs", "projects:project_objectives"))
        if workflow.verdict(project, "absorb", user):
            found.append(("Regrouper avec un autre projet", "projects:absorb"))
        if not why_it_cannot_be_split(project):
            found.append(("Diviser ce projet", "projects:split"))
    if may(user, "plan_sessions", project) and workflow.verdict(project, "place_on_agenda", user):
        found.append(("Agir entre deux séances", "projects:act_between"))
    if scope_of(user).may("submit_projects", project.intercommunality_id):
        found.append(("Copier ce projet", "projects:copy"))
    return [{"label": label, "url": reverse(name, args=[project.pk])} for label, name in found]


def actor_line(actor: Actor, project: Project, user: User, versions: dict[int, ObjectiveVersion]) -> dict[str, Any]:
    given = next((e for e in actor.endorsements.all() if e.objective_version == project.objective_version), None)
    is_over = project.status in OVER
    before = "" if given else said_before(actor, versions.get(project.objective_version), is_over=is_over)
    said = answer_said(given.endorses if given else None, has_voice=actor.has_voice, is_over=is_over)
    return {
        "actor": actor,
        "answer": f"{said}, le {date_fr(given.given_on)} ({given.given_by_name})" if given else before or said,
        "endorsement": given,
        "may_endorse": bool(project.shared_objective) and not is_over and may_speak_for(user, actor),
    }


def said_before(actor: Actor, version: ObjectiveVersion | None, *, is_over: bool) -> str:
    """What the actor had answered to a former wording, and why the objective changed since; empty when it is new."""
    before = actor.endorsements.first() if version else None  # the latest, already read
    if before is None or version is None:
        return ""
    said = "partageait" if before.endorses else "ne partageait pas encore"
    return (
        f"Le {date_fr(before.given_on)}, cet acteur {said} l’objectif dans sa version {before.objective_version}. "
        f"L’objectif a changé depuis (« {version.reason} »)"
        f"{'.' if is_over else ' : sa réponse est de nouveau attendue.'}"
    )


def money_of(project: Project) -> dict[str, Any] | None:
    plan = version_in_force(project)
    running = running_of(plan)
    if plan is None and running is None:
        return None
    money: dict[str, Any] = {"running": running}
    if plan is not None and plan.cost:
        sums = sums_of(plan)
        lines = [{"line": line, "percent": share_of_cost(line.amount, sums)} for line in plan.lines.all()]
        checks = checks_for(project, plan)
        money |= {
            "plan": plan,
            "lines": lines,
            "feet": feet_of(sums),
            "checks": checks,
        }
    return money


def events_of(project: Project, user: User) -> list[dict[str, Any]]:
    """The course of the project: steps outside the platform, moves here, decisions of the bodies, in order."""
    items = items_of(project)
    read = sessions_read_by(user, [item.session for item in items])
    kept_back = {item.decision.text for item in items if hasattr(item, "decision") and item.session_id not in read}
    decisions = [event_of(item, is_read=item.session_id in read) for item in items]
    told = {(event["on"], event["text"]) for event in decisions}  # a decision already says the step that led to it
    steps = [
        {"on": step.happened_on, "title": step.text, "text": "", "is_decision": False}
        for step in project.course.all()
        if (step.happened_on, step.text) not in told
    ]
    moves = [
        {
            "on": timezone.localdate(move.moved_at),
            "title": move.told,
            "text": words_of_move(move, kept_back),
            "is_decision": False,
        }
        for move in project.moves.all()
    ]
    departures = [
        {
            "on": timezone.localdate(one.departed_at),
            "title": f"Étape du circuit passée : {one.step}",
            "text": f"{one.departed_by_name} — {one.reason}",
            "is_decision": False,
        }
        for one in project.departures.select_related("step")
    ]
    return sorted(steps + moves + departures + decisions, key=lambda event: event["on"])


def words_of_move(move: Move, kept_back: set[str]) -> str:
    """Who did it, and why; the text of a decision waits for its publication."""
    reason = "" if move.reason in kept_back else move.reason
    return f"{move.moved_by_name}{f' — {reason}' if reason else ''}"


def items_of(project: Project) -> list[AgendaItem]:
    items = AgendaItem.objects.filter(project=project)
    return list(items.select_related("session__body", "session__publication", "decision"))


def event_of(item: AgendaItem, *, is_read: bool) -> dict[str, Any]:
    """An item of an agenda, with its decision once it may be read."""
    decision = getattr(item, "decision", None)
    if decision is None or not is_read:
        title = f"{item.session.body} : à l’ordre du jour"
        return {"on": item.session.held_on, "title": title, "text": "", "is_decision": False}
    title = f"{item.session.body} : {decision.get_outcome_display().lower()}"
    return {"on": item.session.held_on, "title": title, "text": words_of(decision), "is_decision": True}


def words_of(decision: Decision) -> str:
    """The totals, then the text; a text taken over from before the platform already tells its totals."""
    if decision.votes_for is None or f"{decision.votes_for} pour" in decision.text:
        return decision.text
    words = counted(decision.abstentions or 0, "abstention")
    totals = f"{decision.votes_for} pour, {decision.votes_against} contre, {words}."
    return f"{totals} {decision.text}".strip()


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request.user, pk)
    return render(request, "projects/portfolio/detail.html", page_of(project, request.user))
