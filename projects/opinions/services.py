"""What is done with an opinion: ask for it, give it or report it, take it back, remind, and note that it was seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cooperation.access import require
from cooperation.french import date_fr
from partners.directory.models import Partner
from partners.governance.models import Body
from projects.opinions import rules
from projects.opinions.access import OPEN, may_answer, may_ask, may_report, may_withdraw, people_asked, speaks_for
from projects.opinions.models import Opinion, OpinionReminder, OpinionRequest
from projects.proposals.models import Project
from projects.proposals.states import Status
from territories.places.models import Commune

if TYPE_CHECKING:
    from partners.people.models import User


def version_date(project: Project) -> date:
    """The day from which the text reads as it does now."""
    first = project.history.filter(version=project.version).order_by("history_date", "history_id").first()
    return timezone.localdate(first.history_date if first else project.updated_at)


def has_text_changed(opinion: Opinion) -> bool:
    """Whether the text is no longer the one that the opinion bears on."""
    return opinion.request.project.version != opinion.project_version


def is_decided_since(opinion: Opinion) -> bool:
    """Whether the élus adopted or rejected the project after the opinion was written."""
    decided = opinion.request.project.moves.filter(target__in=(Status.ADOPTED, Status.REJECTED))
    return decided.filter(moved_at__gte=opinion.recorded_at).exists()


@transaction.atomic
def ask(
    *,
    project: Project,
    by: User,
    on: date,
    question: str,
    working_days: int,
    months: int | None = None,
    silence: str = OpinionRequest.Silence.NONE,
    silence_reason: str = "",
    service: str = "",
    commune: Commune | None = None,
    partner: Partner | None = None,
    body: Body | None = None,
) -> OpinionRequest:
    """Ask one organisation for its opinion on the text as it stands; its people are told."""
    locked = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    require(may_ask(by, locked))
    if working_days < 1:
        raise ValidationError({"working_days": "Laissez au moins un jour ouvré."})
    department = commune.department_code if commune else locked.intercommunality.department_code
    asked = "commune" if commune else "partner" if partner else "body" if body else "service"
    request = OpinionRequest(
        intercommunality_id=locked.intercommunality_id,
        project=locked,
        asked=asked,
        service=service.strip(),
        commune=commune,
        partner=partner,
        body=body,
        question=question.strip(),
        asked_on=on,
        working_days=working_days,
        months=months,
        due_on=rules.due_date(on, working_days, department, months=months),
        silence=silence,
        silence_reason="" if silence == OpinionRequest.Silence.NONE else silence_reason.strip(),
        project_version=locked.version,
        objective_version=locked.objective_version,
        version_of=version_date(locked),
        asked_by=by,
        asked_by_name=str(by),
    )
    if commune and commune.intercommunality_id != locked.intercommunality_id:
        raise ValidationError({"commune": "Cette commune n’est pas de votre intercommunalité."})
    if twin := awaited_from_the_same(request, on):
        raise ValidationError(f"{twin.who} a déjà jusqu’au {date_fr(twin.due_on)} pour donner son avis.")
    request.full_clean()
    request.save()
    write_reminders(request, kind=rules.Reminder.ASKED, on=on)
    return request


def awaited_from_the_same(request: OpinionRequest, on: date) -> OpinionRequest | None:
    """The same organisation is not asked twice at once."""
    same = {name: getattr(request, name) for name in ("commune", "partner", "body", "service")}
    return OpinionRequest.objects.awaited(on).filter(project=request.project, **same).first()


def lock(request: OpinionRequest) -> OpinionRequest:
    return (
        OpinionRequest.objects.select_for_update(of=("self",))
        .select_related("project", "commune", "partner", "body")
        .get(pk=request.pk)
    )


@transaction.atomic
def give(
    *, request: OpinionRequest, by: User, now: datetime, position: str, words: str = "", said_by: str = "",
    given_on: date | None = None,
) -> Opinion:  # fmt: skip
    """Give the opinion of one's organisation; or, for the coordination, report the one it received and say from whom.

    An opinion given after the deadline is written all the same: its date tells that it came late.
    """
    locked, today = lock(request), timezone.localdate(now)
    if not (verdict := may_answer(by, locked, today)):
        if may_report(by, locked) or speaks_for(by, locked, today):
            raise ValidationError(verdict.reason)
        raise PermissionDenied(verdict.reason)
    is_reported = not speaks_for(by, locked, today) or locked.asked == OpinionRequest.Asked.SERVICE
    if is_reported and not said_by.strip():
        raise ValidationError({"said_by": "Dites qui a rendu cet avis : une personne, une fonction."})
    day = (given_on or today) if is_reported else today
    if not locked.asked_on <= day <= today:
        raise ValidationError({"given_on": "Cette date se trouve entre la demande et aujourd’hui."})
    return write(
        locked,
        position=position,
        words=words,
        given_on=day,
        given_by_name=said_by.strip() if is_reported else str(by),
        by=by,
        now=now,
        is_reported=is_reported,
    )


def write(
    request: OpinionRequest, *, position: str, words: str, given_on: date, given_by_name: str, by: User, now: datetime,
    is_reported: bool,
) -> Opinion:  # fmt: skip
    project = request.project
    opinion = Opinion(
        intercommunality_id=request.intercommunality_id,
        request=request,
        position=position,
        words=words.strip(),
        given_on=given_on,
        recorded_at=now,
        given_by_name=given_by_name,
        recorded_by=by,
        recorded_by_name=str(by),
        is_reported=is_reported,
        project_version=project.version,
        version_of=version_date(project),
    )
    opinion.full_clean()
    opinion.save()
    return opinion


@transaction.atomic
def take_from_session(
    *, project: Project, body: Body, position: str, words: str, held_on: date, by: User, now: datetime
) -> Opinion | None:
    """Answer the question asked of a body with what it proclaimed in session: an opinion is never written twice."""
    waiting = OpinionRequest.objects.standing().filter(project=project, body=body, asked_on__lte=held_on)
    request = waiting.exclude(opinions__in=Opinion.objects.filter(withdrawn_on=None)).order_by("due_on", "pk").first()
    if request is None:
        return None
    return write(
        lock(request),
        position=position,
        words=words,
        given_on=held_on,
        given_by_name=str(body),
        by=by,
        now=now,
        is_reported=True,
    )


@transaction.atomic
def withdraw_request(*, request: OpinionRequest, by: User, on: date, reason: str) -> OpinionRequest:
    """Take a question back, with its reason, while nobody answered it and silence has not answered in its place."""
    locked = lock(request)
    if not may_report(by, locked):
        raise PermissionDenied("La coordination seule retire une demande d’avis.")
    if locked.withdrawn_on:
        raise ValidationError("Cette demande est déjà retirée.")
    given = locked.standing_opinion is not None
    silence = rules.Silence(locked.silence)
    if refusal := rules.refusal_to_withdraw_request(on, due_on=locked.due_on, silence=silence, is_given=given):
        raise ValidationError(refusal)
    locked.withdrawn_on, locked.withdrawn_reason, locked.withdrawn_by_name = on, reason.strip(), str(by)
    locked.full_clean()
    locked.save()
    return locked


@transaction.atomic
def withdraw_opinion(*, opinion: Opinion, by: User, on: date, reason: str) -> Opinion:
    """Take an opinion back, with its reason; it stays readable, and the question waits again for an answer."""
    lock(opinion.request)
    locked = Opinion.objects.select_for_update(of=("self",)).select_related("request__project").get(pk=opinion.pk)
    if not may_withdraw(by, locked, on):
        raise PermissionDenied("Un avis est retiré par qui l’a rendu.")
    if locked.withdrawn_on:
        raise ValidationError("Cet avis est déjà retiré.")
    if refusal := refusal_to_withdraw(locked, on):
        raise ValidationError(refusal)
    locked.withdrawn_on, locked.withdrawn_reason, locked.withdrawn_by_name = on, reason.strip(), str(by)
    locked.full_clean()
    locked.save()
    return locked


def refusal_to_withdraw(opinion: Opinion, on: date) -> str:
    return rules.refusal_to_withdraw_opinion(
        on,
        due_on=opinion.request.due_on,
        has_text_changed=has_text_changed(opinion),
        is_decided=is_decided_since(opinion),
    )


@transaction.atomic
def note_seen(*, request: OpinionRequest, by: User, now: datetime) -> None:
    """The person opened the page of an opinion that was asked of them: what they were told was seen."""
    for reminder in request.reminders.filter(person=by, seen_at__isnull=True):
        reminder.seen_at = now
        reminder.save()


# --- Reminders -------------------------------------------------------------------------------------------------------


def remind(*, today: date) -> int:
    """Write the reminders that are due on a day, in every territory; returns how many. The notices carry them."""
    written = 0
    for request in OpinionRequest.objects.awaited(today).filter(project__status__in=OPEN).with_all():
        department = (request.commune or request.project.intercommunality).department_code
        kind = rules.reminder_on(today, due_on=request.due_on, department=department)
        written += write_reminders(request, kind=kind, on=today)
    return written


@transaction.atomic
def write_reminders(request: OpinionRequest, *, kind: rules.Reminder, on: date) -> int:
    """Write once that each person asked was told; returns how many more are.

    A service has no account: the coordination asks it in its own way, and is reminded of it as the deadline comes.
    """
    if kind is rules.Reminder.ASKED and request.asked == OpinionRequest.Asked.SERVICE:
        return 0
    lock(request)  # two nights at once never tell twice
    told = set(request.reminders.filter(kind=kind.value).values_list("person_id", flat=True))
    people = [person for person in people_asked(request, on) if person.pk not in told]
    for person in people:
        reminder = OpinionReminder(
            intercommunality_id=request.intercommunality_id,
            request=request,
            kind=kind.value,
            person=person,
            person_name=str(person),
            told_on=on,
        )
        reminder.full_clean()
        reminder.save()
    return len(people)
