"""What is done with a session: plan it, compose its agenda, open it, proclaim its decisions, close it.

What changes before it opens is in planning.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.module_loading import import_string

from cooperation.alphabetical import Alphabetical
from cooperation.french import date_fr
from cooperation.history import sign
from cooperation.ordering import put_in_order
from cooperation.texts import REASON, as_counted, shortened
from partners.governance.conduct import Conduct, fault_of_majority
from partners.governance.models import Body, ElectedMember
from partners.people.access import scope_of
from projects.deliberation import rules
from projects.deliberation.access import require_plan, require_proclaim
from projects.deliberation.models import AgendaItem, Decision, Outcome, Session
from projects.deliberation.sealing import seal_decision
from projects.opinions.models import WORDS
from projects.opinions.services import take_from_session
from projects.proposals.models import Project
from projects.proposals.workflow import decides_for_others, workflow

if TYPE_CHECKING:
    from partners.people.models import User

VOTED = {Outcome.ADOPTED, Outcome.ADOPTED_MODIFIED, Outcome.REJECTED}
DECIDING_OUTCOMES = (
    Outcome.ADOPTED,
    Outcome.ADOPTED_MODIFIED,
    Outcome.REJECTED,
    Outcome.DEFERRED,
    Outcome.TAKEN_NOTE,
    Outcome.REFERRED,
    Outcome.WITHDRAWN,
    Outcome.NO_OBJECT,
    Outcome.NO_ACTION,
)
ADVISORY_OUTCOMES = (
    Outcome.FAVOURABLE,
    Outcome.RESERVED,
    Outcome.UNFAVOURABLE,
    Outcome.TAKEN_NOTE,
    Outcome.DEFERRED,
    Outcome.REFERRED,
    Outcome.WITHDRAWN,
    Outcome.NO_OBJECT,
    Outcome.NO_ACTION,
)
# What a decision does to the project.
TRANSITION_OF = {
    Outcome.ADOPTED: "adopt", Outcome.ADOPTED_MODIFIED: "adopt", Outcome.REJECTED: "reject", Outcome.DEFERRED: "defer",
    Outcome.TAKEN_NOTE: "advise", Outcome.REFERRED: "refer", Outcome.WITHDRAWN: "set_aside",
    Outcome.NO_OBJECT: "drop", Outcome.NO_ACTION: "drop",
    Outcome.FAVOURABLE: "advise", Outcome.RESERVED: "advise", Outcome.UNFAVOURABLE: "advise",
}  # fmt: skip
NO_QUORUM = (
    "Le quorum n’est pas atteint : ce point ne peut pas être décidé. Une seconde convocation, à trois jours francs au "
    "moins, permet de délibérer sans condition de quorum (CGCT, art. L. 2121-17)."
)
# The circuit says whether the turn of a body has come and what it may proclaim, the ballots who is there: a room above
# is asked by its name.
CIRCUIT = "projects.circuit.services"
PRESENCE = "projects.ballots.counting.presence_to_begin_with"
NO_POWERS = "Les règles de cette instance n’admettent pas de pouvoir : seuls les membres présents se prononcent."
BEGUN = (
    "L’examen de ce point a commencé : un vote ou un déport y est inscrit, et reste au dossier. Proclamez qu’il est "
    "retiré de l’ordre du jour."
)
NEEDS_TEXT = {
    Outcome.ADOPTED_MODIFIED, Outcome.DEFERRED, Outcome.WITHDRAWN, Outcome.RESERVED, Outcome.UNFAVOURABLE,
    Outcome.REFERRED, Outcome.NO_OBJECT, Outcome.NO_ACTION,
}  # fmt: skip

# What takes over the text submitted as it stood; any other outcome has words of its own.
AS_SUBMITTED = {Outcome.ADOPTED, Outcome.TAKEN_NOTE, Outcome.FAVOURABLE}


def text_of(item: AgendaItem, outcome: str, text: str) -> str:
    """The text that a decision keeps: the text submitted, left as it was, is that of no rejection or adjournment."""
    is_submitted = as_counted(text).strip() == as_counted(item.draft).strip()
    return "" if is_submitted and outcome not in AS_SUBMITTED else text


def outcomes_of(body: Body) -> tuple[Outcome, ...]:
    """A bureau decides what is delegated to it, and advises on the rest (CGCT, art. L. 5211-10)."""
    if body.kind == Body.Kind.BUREAU and body.is_deciding:
        return (*DECIDING_OUTCOMES, *(one for one in ADVISORY_OUTCOMES if one not in DECIDING_OUTCOMES))
    return DECIDING_OUTCOMES if body.is_deciding else ADVISORY_OUTCOMES


def members_in_office(body: Body, on: date) -> int:
    """Seats held on the day, or the legal number when no holder is named."""
    return max(body.seats.in_force(on).filled().count(), body.legal_seats or 0)


def members_on(body: Body, on: date) -> QuerySet[ElectedMember]:
    """Who sits in the body that day: the holders of its seats."""
    held = body.seats.in_force(on).filter(member__isnull=False)
    return ElectedMember.objects.filter(pk__in=held.values("member")).order_by(Alphabetical("full_name"))


def fault_of_second_convocation(session: Session) -> str:
    """Why a body may not meet that day without quorum, in French; "" when it may (CGCT, art. L. 2121-17)."""
    met = {Session.State.OPEN, Session.State.CLOSED}
    earlier = session.body.sessions.filter(state__in=met, held_on__lt=session.held_on).order_by("held_on").last()
    if earlier is None or not lacked_quorum(earlier):
        return "Une seconde convocation suit une séance qui n’a pas réuni le quorum : il n’y en a pas avant cette date."
    earliest = rules.earliest_second_meeting(earlier.held_on)
    if session.held_on < earliest:
        return (
            f"Après la séance du {date_fr(earlier.held_on)}, trois jours francs séparent la seconde convocation : "
            f"elle ne peut pas se tenir avant le {date_fr(earliest)} (CGCT, art. L. 2121-17)."
        )
    return ""


def lacked_quorum(session: Session) -> bool:
    """The quorum never came, or was lost on the way, so that an item had to be withdrawn."""
    if session.present is None or session.in_office is None:
        return False
    outcomes = set(session.items.filter(decision__isnull=False).values_list("decision__outcome", flat=True))
    if Outcome.WITHDRAWN in outcomes:
        return True
    # Opened without it, a session may have waited for those who came in later: it then decided.
    return not outcomes and not has_quorum(session, session.present, session.in_office)


@transaction.atomic
def plan_session(*, session: Session, by: User, notice: str = "") -> Session:
    """Put a session on the calendar; `notice` says in its history why the delay of convocation is short."""
    if not scope_of(by).may("plan_sessions", session.intercommunality_id):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")
    if session.body.intercommunality_id != session.intercommunality_id:
        raise ValidationError("Cette instance n’est pas celle de votre intercommunalité.")
    session.full_clean()
    if session.is_second_convocation and (fault := fault_of_second_convocation(session)):
        raise ValidationError({"held_on": fault})
    sign(session, because=notice)
    session.save()
    return session


def lock(session: Session, by: User) -> Session:
    """The session again, locked: two people may be holding it."""
    require_plan(by, session)
    return locked(session)


def locked(session: Session) -> Session:
    """The session again, locked, whoever acts: the caller has asked the right that the act needs."""
    return Session.objects.select_for_update(of=("self",)).select_related("body").get(pk=session.pk)


OVER = {Session.State.CLOSED, Session.State.CANCELLED}


def require_changing(session: Session) -> None:
    if session.state in OVER:
        state = session.get_state_display().lower()
        raise ValidationError(f"Cette séance est {state} : son ordre du jour ne change plus.")


def fault_of_late_item(session: Session, today: date) -> str:
    """Why an item comes too late for an agenda already sent; "" while it may still be told in time."""
    delay = rules.delay_of(today, session.held_on, is_deciding=session.body.is_deciding)
    if session.state != Session.State.CONVENED or delay in {rules.Delay.KEPT, rules.Delay.FREE}:
        return ""
    return (
        "La convocation est partie et il reste moins de cinq jours francs : inscrivez ce projet comme point urgent, en "
        "disant pourquoi il ne peut pas attendre (CGCT, art. L. 2121-12)."
    )


@transaction.atomic
def add_item(
    *,
    session: Session,
    project: Project,
    by: User,
    rapporteur: str = "",
    rapporteur_member: ElectedMember | None = None,
    minutes_planned: int | None = None,
) -> AgendaItem:
    session = lock(session, by)
    require_changing(session)
    if project.intercommunality_id != session.intercommunality_id:
        raise ValidationError("Ce projet n’est pas celui de votre intercommunalité.")
    moved = workflow.perform(project, "place_on_agenda", by=by)
    if not (verdict := import_string(f"{CIRCUIT}.turn")(moved, session.body, on=session.held_on)):
        raise ValidationError(verdict.reason)
    item = AgendaItem(
        intercommunality_id=session.intercommunality_id,
        session=session,
        project=moved,
        position=session.items.count() + 1,
        rapporteur=rapporteur_member.full_name if rapporteur_member else rapporteur,
        rapporteur_member=rapporteur_member,
        minutes_planned=minutes_planned,
        project_version=moved.version,
    )
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def remove_item(*, item: AgendaItem, by: User, reason: str) -> None:
    """Take a project off the agenda before it is examined; the reason stays in its course."""
    session = lock(item.session, by)
    if session.state == Session.State.CLOSED or Decision.objects.filter(item=item).exists():
        raise ValidationError("Ce point a été examiné : il reste à l’ordre du jour.")
    workflow.perform(item.project, "take_off_agenda", by=by, reason=reason)
    try:
        item.delete()
    except ProtectedError as error:
        raise ValidationError(BEGUN) from error


@transaction.atomic
def reorder(*, session: Session, ids: Sequence[int], by: User) -> None:
    session = lock(session, by)
    require_changing(session)
    put_in_order(session.items.all(), ids)


@transaction.atomic
def open_session(
    *, session: Session, in_office: int, present: int, powers: int, by: User, on: date, ahead: bool = False
) -> Session:
    """Begin a session with its members counted; nothing takes it back. `ahead`: before its day, and this is meant."""
    session = lock(session, by)
    if session.state not in {Session.State.PLANNED, Session.State.CONVENED}:
        raise ValidationError(f"Cette séance ne peut pas être ouverte : elle est « {session.get_state_display()} ».")
    if fault := rules.fault_of_opening(session.held_on, on, ahead=ahead):
        raise ValidationError(fault)
    if faults := rules.faults_of_presence(in_office=in_office, present=present, powers=powers):
        raise ValidationError(faults)
    if powers and not conduct_of(session).admits_powers:
        raise ValidationError(NO_POWERS)
    session.in_office, session.present, session.powers = in_office, present, powers
    session.state = Session.State.OPEN
    session.save()
    return session


@transaction.atomic
def close_session(*, session: Session, by: User) -> Session:
    session = lock(session, by)
    if session.state != Session.State.OPEN:
        raise ValidationError("Seule une séance ouverte peut être close.")
    if waiting := session.items.filter(decision__isnull=True).count():
        raise ValidationError(f"Points sans décision : {waiting}. Proclamez, ajournez ou retirez chacun d’eux d’abord.")
    session.state = Session.State.CLOSED
    session.save()
    return session


def conduct_of(session: Session) -> Conduct:
    """How the body decides, as its rules were on the day of the session."""
    return session.body.conduct_on(session.held_on)


def has_quorum(session: Session, present: int, in_office: int, conduct: Conduct | None = None) -> bool:
    """Each body follows its own rules; a second convocation asks for no quorum (CGCT, art. L. 2121-17).

    `conduct`: those rules, when they have been read already, for many items.
    """
    return session.is_second_convocation or (conduct or conduct_of(session)).quorum_reached(present, in_office)


def presence_of(item: AgendaItem) -> dict[str, Any]:
    """Who is there for an item, where members are called by name and come and go; nothing otherwise."""
    told: dict[str, Any] = import_string(PRESENCE)(item)
    return told


@transaction.atomic
def proclaim(*, item: AgendaItem, values: dict[str, Any], by: User, at: datetime) -> Decision:
    """Freeze the decision on an item and move its project, in one go; raises `ValidationError` with the reason.

    `values` may name, beside the columns of the decision, the body to which a project is sent (`referred_to`).
    """
    referred_to = values.get("referred_to")
    values = {name: value for name, value in values.items() if name != "referred_to"}
    require_proclaim(by, item.session)
    session = locked(item.session)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("project").get(pk=item.pk)
    if Decision.objects.filter(item=item).exists():
        raise ValidationError("La décision sur ce point a déjà été proclamée : elle ne change plus.")
    if session.state != Session.State.OPEN:
        raise ValidationError("Ouvrez d’abord la séance : on ne décide que séance tenante.")
    if fault := decides_for_others(item.project, by):
        raise ValidationError(fault)
    values["text"] = text_of(item, values["outcome"], values["text"])
    if faults := faults_of(session, values) | fault_of_circuit(item, values["outcome"], referred_to):
        raise ValidationError(faults)
    values = {"majority": conduct_of(session).majority} | values
    ask = import_string(f"{CIRCUIT}.basis_of")
    basis = ask(item.project, session.body, values["outcome"], on=session.held_on)
    values["text"] = f"{basis}\n\n{values['text']}".strip()
    decision = Decision(
        intercommunality_id=session.intercommunality_id,
        item=item,
        proclaimed_at=at,
        proclaimed_by=by,
        proclaimed_by_name=str(by),
        **values,
    )
    decision.full_clean()
    decision.save()
    if referred_to:
        import_string(f"{CIRCUIT}.keep_referral")(decision, referred_to)
    answer_what_was_asked(item, decision, by=by, at=at)
    workflow.perform(
        item.project, TRANSITION_OF[Outcome(decision.outcome)], by=by, reason=shortened(decision.text, REASON)
    )
    seal_decision(decision, by=by, now=at)
    return decision


def fault_of_circuit(item: AgendaItem, outcome: str, referred_to: Body | None) -> dict[str, list[str]]:
    """What the circuit and the delegations forbid of this outcome, by field."""
    session = item.session
    ask = import_string(f"{CIRCUIT}.fault_of_outcome")
    faults = ask(item.project, session.body, outcome, on=session.held_on, referred_to=referred_to)
    return {name: [sentence] for name, sentence in faults.items()}


OPINION_OF = {
    Outcome.FAVOURABLE: "favourable", Outcome.RESERVED: "reserved", Outcome.UNFAVOURABLE: "unfavourable",
}  # fmt: skip


def answer_what_was_asked(item: AgendaItem, decision: Decision, *, by: User, at: datetime) -> None:
    """An advisory body that was asked for its opinion gives it by what it proclaims: nobody writes it again."""
    if position := OPINION_OF.get(Outcome(decision.outcome)):
        take_from_session(
            project=item.project,
            body=item.session.body,
            position=position,
            words=shortened(decision.text, WORDS),
            held_on=item.session.held_on,
            by=by,
            now=at,
        )


def faults_of(session: Session, values: dict[str, Any]) -> dict[str, list[str]]:
    """Everything that forbids the decision as it is written, in French, by the field where it is put right."""
    outcome = Outcome(values["outcome"])
    if outcome not in outcomes_of(session.body):
        return {"outcome": [f"« {outcome.label} » n’est pas un résultat possible pour {session.body}."]}
    faults: dict[str, list[str]] = {}
    if outcome in NEEDS_TEXT and not values["text"].strip():
        faults["text"] = [f"« {outcome.label} » demande un texte : dites pourquoi, ou ce qui change."]
    if outcome == Outcome.WITHDRAWN:  # the chair's own act: nobody deliberates
        return faults
    conduct = conduct_of(session)
    votes = faults_of_remote_vote(session, values) or faults_of_votes(session, conduct, values)
    return faults | (faults_of_presence(session, conduct, values) or votes)


def faults_of_remote_vote(session: Session, values: dict[str, Any]) -> dict[str, list[str]]:
    """Votes cast at a distance are public (CGCT, art. L. 5211-11-1); advisory bodies follow their own rules."""
    is_remote = session.is_remote and session.body.is_deciding and values["votes_for"] is not None
    fault = rules.fault_of_remote_ballot(values["ballot"], is_remote=is_remote)
    return {"ballot": [fault]} if fault else {}


def faults_of_presence(session: Session, conduct: Conduct, values: dict[str, Any]) -> dict[str, list[str]]:
    """The members are counted, their number is possible and the quorum is there."""
    presence = {name: values[name] for name in ("in_office", "present", "powers", "not_taking_part")}
    if missing := [name for name, given in presence.items() if given is None]:
        return {name: ["Comptez d’abord les membres : écrivez ce nombre."] for name in missing}
    if faults := rules.faults_of_presence(**presence):
        return {"present": faults}
    if values["powers"] and not conduct.admits_powers:
        return {"powers": [NO_POWERS]}
    if values["not_taking_part"] and not values["not_taking_part_reason"].strip():
        return {"not_taking_part_reason": ["Dites qui ne prend pas part au vote, et pourquoi (CGCT, art. L. 2131-11)."]}
    if not has_quorum(session, values["present"] - values["not_taking_part"], values["in_office"]):
        return {"present": [NO_QUORUM]}
    return {}


def faults_of_votes(session: Session, conduct: Conduct, values: dict[str, Any]) -> dict[str, list[str]]:
    """The votes add up to the voters, and the outcome is the one that the rules give."""
    outcome = Outcome(values["outcome"])
    if session.body.kind == Body.Kind.PRESIDENCY:  # one person decides: nobody votes
        return {}
    counts = {name: values[name] for name in ("votes_for", "votes_against", "abstentions")}
    missing = [name for name, given in counts.items() if given is None]
    if len(missing) == len(counts) and outcome not in VOTED:
        return {}
    if missing:
        return {name: ["Écrivez ce nombre, zéro s’il n’y en a pas."] for name in missing}
    expected = rules.voters(values["present"], values["powers"], values["not_taking_part"])
    if fault := rules.fault_of_sum(expected=expected, given=sum(counts.values()) + values["blank_votes"]):
        return {"votes_for": [fault]}
    if outcome not in VOTED:
        return {}
    secret = values["ballot"] == Decision.Ballot.SECRET
    votes_for, votes_against = values["votes_for"], values["votes_against"]
    majority = values.get("majority") or conduct.majority
    if fault := fault_of_majority(conduct, majority, str(session.body)):
        return {"outcome": [fault]}
    may_tie = majority == rules.Majority.SIMPLE and not secret and conduct.chair_settles_ties
    if may_tie and rules.is_tie(votes_for, votes_against) and values["chair_votes_for"] is None:
        return {
            "chair_votes_for": ["Il y a partage des voix : dites si la présidence a voté pour (CGCT, art. L. 2121-20)."]
        }
    adopted = rules.is_carried(
        majority,
        votes_for=votes_for,
        votes_against=votes_against,
        in_office=values["in_office"],
        secret=secret,
        chair_votes_for=values["chair_votes_for"] if conduct.chair_settles_ties else None,
    )
    if adopted != (outcome != Outcome.REJECTED):
        given = "adopté" if adopted else "rejeté"
        return {"outcome": [f"Le décompte donne un projet {given} : corrigez le résultat ou les voix."]}
    return {}
