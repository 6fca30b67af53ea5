"""Reading where a project stands: its circuit, what the bodies said, what is next and who decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cooperation.access import Verdict
from cooperation.french import date_fr
from partners.governance import rules
from partners.governance.circuit_rules import Facts, Step
from partners.governance.circuit_services import circuit_on
from partners.governance.circuits import Circuit
from partners.governance.models import Body, Delegation
from partners.governance.services import HOLDERS
from partners.people.access import scope_of
from projects.circuit.models import Nature
from projects.circuit.rules import Mark, Place, Said, communes_pay, places_of, referral_of, turn_of
from projects.deliberation.access import sessions_read_by
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.deliberation.services import OVER
from projects.funding.models import FundingLine, FundingPlan
from projects.funding.operating_models import OperatingLine
from projects.funding.services import if_it_invests, version_in_force
from projects.proposals.models import Project
from projects.proposals.services import SUBMISSIONS
from projects.proposals.states import Origin, Status
from territories.places.models import Commune
from territories.places.naming import known_names, tells_communes

if TYPE_CHECKING:
    from partners.people.models import User

# What puts a project off, or sends it elsewhere, leaves the step to be done.
UNSETTLED = {Outcome.DEFERRED, Outcome.WITHDRAWN, Outcome.REFERRED}
SAID_ELSEWHERE = "La coordination la dit sur la page « Circuit » du projet."
SAID_BELOW = "La coordination la dit plus bas sur cette page."
UNSAID_NATURE = (
    f"La nature de la décision n’est pas dite : sans elle, seul le conseil communautaire décide. {SAID_ELSEWHERE}"
)


@dataclass(frozen=True)
class Standing:
    """Where a project stands today; `circuit` is None when it was submitted before there was any."""

    circuit: Circuit | None
    places: list[Place]
    bodies: dict[int, Body]
    referred: Body | None
    matter: str

    @property
    def next(self) -> Place | None:
        return next((place for place in self.places if place.mark == Mark.NEXT), None)

    @property
    def next_bodies(self) -> list[Body]:
        """Who speaks next: the body to which the project was sent, or those of the next step."""
        if self.referred:
            return [self.referred]
        return [self.bodies[pk] for pk in sorted(self.next.step.bodies)] if self.next else []

    @property
    def next_key(self) -> str:
        """A name for what comes next, the same as long as it is: a step, or the body to which the project was sent."""
        if self.referred:
            return f"referred-{self.referred.pk}"
        return str(self.next.step.pk) if self.next else ""

    @property
    def decider(self) -> Place | None:
        return next((place for place in self.places if place.decides), None)


def started_on(project: Project) -> date | None:
    """The day of the first submission, which says the circuit: a later submission does not choose another one."""
    moves = project.moves.filter(transition__in=SUBMISSIONS).order_by("moved_at").values_list("moved_at", flat=True)
    instants = [instant for instant in (moves.first(), project.submitted_at) if instant]
    return timezone.localdate(min(instants)) if instants else None


def circuit_of(project: Project) -> Circuit | None:
    day = started_on(project)
    return circuit_on(project.intercommunality_id, day) if day else None


def names_of_communes(intercommunality_id: int) -> frozenset[str]:
    """The folded names of the member communes, in one query."""
    return known_names(Commune.objects.filter(intercommunality=intercommunality_id).values_list("name", flat=True))


def facts_of(project: Project, communes: Collection[str]) -> Facts:
    """What the conditions read: the plan in force tells the cost, and with the actors whether communes pay."""
    plan = version_in_force(project)
    return Facts(
        amount=amount_of(plan),
        competences=frozenset(one.pk for one in project.competences.all()),
        is_political=project.origin == Origin.POLITICAL,
        communes_pay=communes_pay(
            own=project.owner_kind == Project.OwnerKind.COMMUNE,
            lines=lines_of_communes(plan, communes),
            actors=[
                actor.commune_id is not None or tells_communes(actor.name, communes)
                for actor in project.actors.all()
                if actor.pays
            ],
        ),
    )


def amount_of(plan: FundingPlan | None) -> Decimal | None:
    """The cost of the investment that a version tells; None when it tells the running alone."""
    return told.cost_excl_tax if (told := if_it_invests(plan)) else None


def lines_of_communes(plan: FundingPlan | None, communes: Collection[str]) -> list[bool]:
    """For each resource of the investment, then of the running, whether communes bring it (fonds de concours…)."""
    if plan is None:
        return []
    contribution, resource = FundingLine.Nature.CONTRIBUTION, OperatingLine.Side.RESOURCE
    return [
        *(line.nature == contribution or tells_communes(line.funder, communes) for line in plan.lines.all()),
        *(tells_communes(line.label, communes) for line in plan.operating_lines.all() if line.side == resource),
    ]


def said_of(project: Project, reader: User | None = None) -> list[Said]:
    """What the bodies proclaimed, in the order of the sessions; without a reader, all of it, for the rules alone.

    To who may not read a decision yet, its body has spoken, and nothing more is told here: neither what it decided,
    which the state of the project may show, nor to which body it sends the project.
    """
    found = Decision.objects.filter(item__project=project)
    found = found.select_related("item__session__body", "item__session__publication", "referral")
    decisions = list(found.order_by("item__session__held_on", "proclaimed_at", "pk"))
    sessions = [one.item.session for one in decisions]
    read = sessions_read_by(reader, sessions) if reader else {one.pk for one in sessions}
    return [
        Said(
            body=one.item.session.body_id,
            settles=Outcome(one.outcome) not in UNSETTLED,
            words=words_of(one, is_read=one.item.session_id in read),
            referred_to=one.referral.body_id if hasattr(one, "referral") and one.item.session_id in read else None,
        )
        for one in decisions
    ]


def words_of(decision: Decision, *, is_read: bool) -> str:
    """What a body proclaimed, or only that it has spoken."""
    session = decision.item.session
    who = f"{session.body}, le {date_fr(session.held_on)}"
    if is_read:
        return f"{decision.get_outcome_display()}, {who}."
    return f"{who} : la décision est proclamée, son texte et ses voix ne sont pas encore publiés."


def matter_of(project: Project) -> str:
    return Nature.objects.filter(project=project).values_list("matter", flat=True).first() or ""


Powers = dict[str, list[rules.Granted]]


def powers_of(intercommunality_id: int) -> Powers:
    """What the conseil entrusted, by holder, in one query."""
    powers: Powers = {}
    for one in Delegation.objects.filter(intercommunality=intercommunality_id):
        powers.setdefault(one.holder, []).append(one.as_granted())
    return powers


def may_decide(body: Body, *, matter: str, amount: Decimal | None, on: date, powers: Powers) -> Verdict:
    """The conseil decides all, the bureau and the president what they were entrusted with (CGCT, art. L. 5211-10)."""
    if not matter and body.kind in {Body.Kind.BUREAU, Body.Kind.PRESIDENCY}:
        return Verdict(UNSAID_NATURE)
    holder = HOLDERS.get(Body.Kind(body.kind), rules.Holder.ADVISORY)
    return rules.may_decide(holder, matter=matter or "other", amount=amount, on=on, granted=powers.get(holder, []))


def verdicts_of(
    steps: Iterable[Step], bodies: dict[int, Body], matter: str, facts: Facts, on: date, powers: Powers
) -> dict[int, Verdict]:
    """For each deciding step, whether its body may decide this project."""
    return {
        step.pk: may_decide(bodies[min(step.bodies)], matter=matter, amount=facts.amount, on=on, powers=powers)
        for step in steps
        if step.is_deciding and step.bodies
    }


def standing_of(project: Project, on: date, *, reader: User | None = None) -> Standing:
    """Where the project stands in its circuit, in words that the reader is entitled to."""
    circuit = circuit_of(project)
    said, matter = said_of(project, reader), matter_of(project)
    sent_to = referral_of(said)
    referred = Body.objects.filter(pk=sent_to).first() if sent_to else None
    if circuit is None:
        return Standing(None, [], {}, referred, matter)
    steps, facts = circuit.as_steps(), facts_of(project, names_of_communes(project.intercommunality_id))
    bodies = {body.pk: body for step in circuit.steps.all() for body in step.bodies.all()}
    departed = {one.step_id: told_of(one) for one in project.departures.all()}
    verdicts = verdicts_of(steps, bodies, matter, facts, on, powers_of(project.intercommunality_id))
    places = places_of(steps, facts, said=said, departed=departed, may_decide=verdicts)
    return Standing(circuit, places, bodies, referred, matter)


def turn_in(standing: Standing, body: Body) -> Verdict:
    """Whether the turn of a body that meets in session has come, where the project stands."""
    referred = standing.referred
    return turn_of(
        standing.places,
        body.pk,
        str(body),
        decides=body.is_deciding,
        referred=referred.pk if referred else None,
        to=str(referred or ""),
    )


def ahead_of_turn(project: Project, standing: Standing, user: User, *, session: Session | None = None) -> list[str]:
    """What the coordination must know of an agenda that has the project on it before the turn of its body.

    Nothing is refused there: the step that lacks may still be done, or passed over, before the session decides.
    """
    is_told = scope_of(user).may("plan_sessions", project.intercommunality_id)
    if not is_told or project.status != Status.ON_AGENDA:
        return []
    items = AgendaItem.objects.filter(project=project, decision=None).exclude(session__state__in=OVER)
    if session:
        items = items.filter(session=session)
    held = [one.session for one in items.select_related("session__body").order_by("session__held_on", "pk")]
    turns = [(one, turn_in(standing, one.body)) for one in held if one.body.kind != Body.Kind.PRESIDENCY]
    return [f"Inscrit avant son tour : {one}. {verdict.reason}" for one, verdict in turns if not verdict]


def told_of(departure: Any) -> str:
    day = date_fr(timezone.localdate(departure.departed_at))
    return f"On s’en est passé le {day}, par {departure.departed_by_name} : {departure.reason}"


WORDS = {
    Mark.DONE: "fait",
    Mark.PASSED_OVER: "on s’en est passé, avec un motif",
    Mark.NEXT: "prochaine étape",
    Mark.TO_COME: "à venir",
    Mark.UNCONCERNED: "ne concerne pas ce projet",
    Mark.LEFT_OUT: "rien n’est inscrit",
}


CSS = {Mark.PASSED_OVER: "done", Mark.LEFT_OUT: "unconcerned"}


def path_of(standing: Standing, *, is_own_page: bool = False) -> list[dict[str, Any]]:
    """The path as it is drawn: each place with its bodies, its mark in words, and why.

    `is_own_page`: on the page « Circuit » itself, which nobody is sent to.
    """
    return [
        {
            "label": place.step.label,
            "bodies": names_of(standing, place) if place.mark != Mark.DONE else [],
            "css": CSS.get(place.mark, place.mark),
            "words": WORDS[place.mark],
            "why": place.why.replace(SAID_ELSEWHERE, SAID_BELOW) if is_own_page else place.why,
            "decides": place.decides,
            "step": place.step.pk,
            "may_pass": place.waits and not place.decides,
        }
        for place in standing.places
    ]


def summary_of(project: Project, user: User, on: date) -> dict[str, Any]:
    """What the page of a project tells of its circuit."""
    standing = standing_of(project, on, reader=user)
    return {
        "standing": standing,
        "path": path_of(standing),
        "next": next_words(standing, above_path=True),
        "ahead": ahead_of_turn(project, standing, user),
    }


def next_words(standing: Standing, *, above_path: bool = False) -> str:
    """What comes next and who speaks then; above the path, which names several bodies, they are only counted."""
    if standing.referred:
        return f"Renvoyé à une autre instance : {standing.referred} se prononce."
    if standing.next is None:
        return ""
    names = names_of(standing, standing.next)
    if above_path and len(names) > 1:
        return f"{standing.next.step.label} — l’une des {len(names)} instances nommées plus bas"
    one_of = "l’une de ces instances : " if len(names) > 1 else ""
    return f"{standing.next.step.label} — {one_of}{', '.join(names)}"


def names_of(standing: Standing, place: Place) -> list[str]:
    return [str(standing.bodies[pk]) for pk in sorted(place.step.bodies)]
