"""What is done with a consultation: prepare it, notify the communes, record their answers, remind, close."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cooperation.french import date_fr
from territories.consultations.council import judge_council
from territories.consultations.deadlines import months_after
from territories.consultations.electors import MissingPopulation, electors_of
from territories.consultations.models import Answer, Consultation, Stage
from territories.consultations.outcome import judge
from territories.consultations.procedures import Asked, CouncilVote, Position
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from django.contrib.auth.models import PermissionsMixin

RIGHT = "territories.manage_consultations"


def require_right(by: PermissionsMixin, epci: Intercommunality) -> None:
    if not by.has_perm(RIGHT, epci):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les consultations.")


def lock(consultation: Consultation, by: PermissionsMixin, *, on: date) -> Consultation:
    """The consultation again, locked and still open: two people may be holding it."""
    require_right(by, consultation.intercommunality)
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if locked.closed_on or locked.abandoned_on:
        raise ValidationError(f"Cette consultation est {locked.stage_on(on).label} : elle ne change plus.")
    return locked


@transaction.atomic
def prepare(*, consultation: Consultation, communes: Collection[Commune] = (), by: PermissionsMixin) -> Consultation:
    """Write a new consultation and the communes it asks; nothing is sent yet.

    `communes` is read when the procedure does not ask all of them. Raises ValidationError, in French.
    """
    epci, procedure = consultation.intercommunality, consultation.procedure
    require_right(by, epci)
    if fault := fault_of_communes(consultation, communes):
        raise ValidationError({"communes": fault})
    consultation.full_clean()
    consultation.save()
    if procedure.asked is not Asked.COUNCIL:
        asked = None if procedure.asked is Asked.EVERY_COMMUNE else {commune.pk for commune in communes}
        write_answers(consultation, asked, on=consultation.council_on)
    return consultation


def fault_of_communes(consultation: Consultation, communes: Collection[Commune]) -> str:
    asked = consultation.procedure.asked
    if any(commune.intercommunality_id != consultation.intercommunality_id for commune in communes):
        return "Une de ces communes n’est pas membre de votre intercommunalité."
    if asked is Asked.ONE_COMMUNE and len(communes) != 1:
        return "Choisissez la commune concernée, une seule."
    if asked is Asked.SOME_COMMUNES and not communes:
        return "Choisissez les communes concernées."
    return ""


def write_answers(consultation: Consultation, asked: Collection[int] | None, *, on: date | None) -> None:
    """One answer to come per commune asked (None: all), with the populations in force that year."""
    try:
        electors = electors_of(consultation.intercommunality, year=on.year if on else None)
    except MissingPopulation as error:
        raise ValidationError(str(error)) from error
    consultation.population_year = electors[0].year
    consultation.save()
    for elector in electors:
        if asked is None or elector.commune.pk in asked:
            answer = Answer(
                intercommunality=consultation.intercommunality,
                consultation=consultation,
                commune=elector.commune,
                inhabitants=elector.total,
                municipal_inhabitants=elector.municipal,
            )
            answer.full_clean()
            answer.save()


@transaction.atomic
def notify(
    *, consultation: Consultation, notified_on: date, answers: Iterable[Answer] | None = None, by: PermissionsMixin
) -> Consultation:
    """Write the date on which communes were notified: each one's delay runs from its own date.

    `answers` limits it to these (None: all those not notified yet). Raises ValidationError, in French.
    """
    locked = lock(consultation, by, on=notified_on)
    procedure = locked.procedure
    if procedure.asked is Asked.COUNCIL:
        raise ValidationError("Le conseil communautaire décide seul : il n’y a pas de commune à notifier.")
    if procedure.council is not CouncilVote.NONE and procedure.asked is not Asked.ONE_COMMUNE:
        if locked.council_on is None:
            raise ValidationError("Écrivez d’abord la délibération du conseil communautaire, et sa date.")
        if notified_on < locked.council_on:
            raise ValidationError(
                f"La notification suit la délibération du conseil communautaire, du {date_fr(locked.council_on)}."
            )
    if procedure.has_window and locked.window_closes_on is None:
        raise ValidationError("Écrivez d’abord entre quelles dates les conseils municipaux délibèrent.")
    wanted = None if answers is None else {answer.pk for answer in answers}
    for answer in locked.answers.select_related("commune"):
        if (answer.notified_on is None) if wanted is None else (answer.pk in wanted):
            if answer.position:
                raise ValidationError(f"{answer.commune} a déjà délibéré : sa date de notification ne change plus.")
            answer.notified_on = notified_on
            answer.due_on = locked.window_closes_on or months_after(notified_on, procedure.months)
            answer.full_clean()
            answer.save()
    return locked


@transaction.atomic
def record(*, answer: Answer, values: dict[str, Any], by: PermissionsMixin) -> Answer:
    """Write what a municipal council has deliberated; an empty position takes back what was typed by mistake.

    A late deliberation is kept and shown as late; it does not count. Raises ValidationError, in French.
    """
    lock(answer.consultation, by, on=values.get("deliberated_on") or date.max)
    answer = Answer.objects.select_for_update(of=("self",)).select_related("commune", "consultation").get(pk=answer.pk)
    if answer.notified_on is None:
        raise ValidationError(f"{answer.commune} n’a pas encore été notifiée : écrivez d’abord cette date.")
    for name in ("position", "deliberated_on", "reference", "words"):
        setattr(answer, name, values.get(name) or (None if name == "deliberated_on" else ""))
    if answer.position and answer.deliberated_on is None:
        raise ValidationError({"deliberated_on": "Donnez la date de la délibération."})
    if not answer.position:
        answer.deliberated_on = None
    if answer.deliberated_on and answer.deliberated_on < answer.notified_on:
        raise ValidationError(
            {"deliberated_on": f"La délibération suit la notification, reçue le {date_fr(answer.notified_on)}."}
        )
    answer.full_clean()
    answer.save()
    return answer


@transaction.atomic
def remind(*, consultation: Consultation, on: date, by: PermissionsMixin) -> int:
    """Remind the communes whose answer is still awaited; returns how many. Their people hear of it from these rows."""
    locked = lock(consultation, by, on=on)
    awaited = [
        answer
        for answer in locked.answers.select_related("commune")
        if answer.notified_on and answer.position_on(on) == Position.PENDING
    ]
    for answer in awaited:
        answer.reminded_on = on
        answer.save()
    return len(awaited)


@transaction.atomic
def close(*, consultation: Consultation, on: date, by: PermissionsMixin) -> Consultation:
    """Freeze the result once every commune has answered or let its time go by. Raises ValidationError, in French."""
    locked = lock(consultation, by, on=on)
    if locked.procedure.asked is Asked.COUNCIL:
        locked.accepted, locked.result = result_of_council(locked)
    else:
        if (stage := locked.stage_on(on)) is not Stage.OVER:
            raise ValidationError(
                "Notifiez d’abord les communes."
                if stage is Stage.PREPARED
                else "Des communes peuvent encore répondre : la consultation se clôt quand toutes ont répondu, "
                "ou que leur délai est passé."
            )
        outcome = judge(locked.procedure, locked.voices_on(on))
        locked.accepted, locked.result = outcome.accepted, outcome.as_json()
    locked.closed_on = on
    locked.full_clean()
    locked.save()
    return locked


def result_of_council(consultation: Consultation) -> tuple[bool, dict[str, Any]]:
    votes_for, votes_against = consultation.votes_for, consultation.votes_against
    seats = consultation.intercommunality.council_seats
    if votes_for is None or votes_against is None or seats is None:
        raise ValidationError("Écrivez d’abord les voix du conseil communautaire, et le nombre de ses sièges.")
    try:
        found = judge_council(consultation.procedure, votes_for=votes_for, votes_against=votes_against, seats=seats)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return found.standing.is_carried, {"reasons": list(found.reasons), "standing": found.standing.value}


@transaction.atomic
def abandon(*, consultation: Consultation, because: str, on: date, by: PermissionsMixin) -> Consultation:
    """Stop a consultation that will not be closed; why stays readable."""
    locked = lock(consultation, by, on=on)
    if not because.strip():
        raise ValidationError("Dites pourquoi la consultation est abandonnée.")
    locked.abandoned_on, locked.abandoned_because = on, because.strip()
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def record_order(*, consultation: Consultation, order_on: date, reference: str, by: PermissionsMixin) -> Consultation:
    """Write the prefect's order that follows an accepted consultation."""
    require_right(by, consultation.intercommunality)
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    if not locked.accepted or locked.closed_on is None:
        raise ValidationError("Seule une consultation close et acceptée est suivie d’un arrêté.")
    if order_on < locked.closed_on:
        raise ValidationError(f"L’arrêté suit la clôture, du {date_fr(locked.closed_on)}.")
    locked.order_on, locked.order_reference = order_on, reference
    locked.full_clean()
    locked.save()
    return locked
