"""What follows a proclamation: the chair has the decisions of a session published, a slip is put right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cooperation.access import Verdict
from projects.deliberation import rules
from projects.deliberation.access import may_plan, may_publish
from projects.deliberation.acts import Correction, Publication
from projects.deliberation.models import Decision, Session
from projects.deliberation.sealing import seal_correction, seal_publication, totals_of
from projects.deliberation.services import VOTED

if TYPE_CHECKING:
    from partners.people.models import User


def publication_of(session: Session) -> Publication | None:
    return Publication.objects.filter(session=session).first()


def ready_to_publish(session: Session) -> Verdict:
    """Whether the decisions of a session may be published now, with the reason why not."""
    if session.state != Session.State.CLOSED:
        return Verdict("La séance n’est pas close : ses décisions se publient ensemble.")
    if not Decision.objects.filter(item__session=session).exists():
        return Verdict("Cette séance n’a pas de décision à publier.")
    if publication_of(session):
        return Verdict("Les décisions de cette séance sont déjà publiées.")
    return Verdict()


@transaction.atomic
def publish_decisions(*, session: Session, by: User, now: datetime) -> Publication:
    """Let everybody entitled read the decisions of a session, all at once and once for all (CGCT, art. L. 2131-1)."""
    if not may_publish(by, session):
        raise PermissionDenied("Seule la présidence, ou la coordination à sa demande, publie les décisions.")
    session = Session.objects.select_for_update(of=("self",)).select_related("body").get(pk=session.pk)
    if not (verdict := ready_to_publish(session)):
        raise ValidationError(verdict.reason)
    return write_publication(session=session, by=by, now=now)


def write_publication(*, session: Session, by: User | None, now: datetime) -> Publication:
    """The publication and its seal, for the verb above and for the demo territory, whose past is told at once."""
    publication = Publication(
        intercommunality_id=session.intercommunality_id,
        session=session,
        published_at=now,
        published_by_name=str(by) if by else "",
    )
    publication.full_clean()
    publication.save()
    seal_publication(publication, by=by, now=now)
    return publication


@transaction.atomic
def correct(
    *, decision: Decision, reason: str, text: str, counts: dict[str, Any], by: User, now: datetime
) -> Correction:
    """Put a slip right by another act; the decision stays as it was proclaimed, and its outcome never changes.

    `counts` are all the numbers of the count, right or put right. Raises `ValidationError` by field, in French.
    """
    session = decision.item.session
    if not may_plan(by, session):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")
    decision = (
        Decision.objects.select_for_update(of=("self",)).select_related("item__session__body").get(pk=decision.pk)
    )
    if decision.item.project.is_proposed_by(by):
        raise ValidationError("Vous avez proposé ce projet : une autre personne doit rectifier la décision.")
    if faults := faults_of_correction(decision, reason=reason, text=text, counts=counts):
        raise ValidationError(faults)
    correction = Correction(
        intercommunality_id=decision.intercommunality_id,
        decision=decision,
        number=decision.corrections.count() + 1,
        reason=reason,
        text=text,
        corrected_at=now,
        corrected_by_name=str(by),
        **counts,
    )
    correction.full_clean()
    correction.save()
    seal_correction(correction, by=by, now=now)
    return correction


def standing(decision: Decision) -> Decision | Correction:
    """What is to be read now: the last correction, or the decision itself. Corrections are read once if prefetched."""
    return max(decision.corrections.all(), key=lambda one: one.number, default=decision)


def faults_of_correction(decision: Decision, *, reason: str, text: str, counts: dict[str, Any]) -> dict[str, list[str]]:
    """Everything that forbids the correction, in French, by the field where it is put right."""
    now = standing(decision)
    if not reason.strip():
        return {"reason": ["Dites ce qui était inexact, et d’où vient l’erreur."]}
    if text == now.text and counts == totals_of(now):
        return {"text": ["Rien ne change : corrigez le texte ou un nombre."]}
    presence = {name: counts[name] for name in ("in_office", "present", "powers", "not_taking_part")}
    if None not in presence.values() and (faults := rules.faults_of_presence(**presence)):
        return {"present": faults}
    votes = [counts[name] for name in ("votes_for", "votes_against", "abstentions")]
    if None in votes or None in presence.values():
        return {}
    expected = rules.voters(counts["present"], counts["powers"], counts["not_taking_part"])
    if fault := rules.fault_of_sum(expected=expected, given=sum(votes) + counts["blank_votes"]):
        return {"votes_for": [fault]}
    return faults_of_outcome(decision, counts)


def faults_of_outcome(decision: Decision, counts: dict[str, Any]) -> dict[str, list[str]]:
    """A count put right gives the outcome that was proclaimed; another outcome is another deliberation."""
    if decision.outcome not in VOTED:
        return {}
    adopted = rules.is_carried(
        decision.majority,
        votes_for=counts["votes_for"],
        votes_against=counts["votes_against"],
        in_office=counts["in_office"],
        secret=decision.ballot == Decision.Ballot.SECRET,
        chair_votes_for=decision.chair_votes_for,
    )
    if adopted == (decision.outcome != "rejected"):
        return {}
    sentence = "Ce décompte changerait le résultat proclamé : il faut une nouvelle délibération, pas une rectification."
    return {"votes_for": [sentence]}
