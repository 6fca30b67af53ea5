"""Which fact is told to whom. The rooms below write their rows and know of nobody who listens.

A notice is written in the transaction of its fact: what is rolled back was never told. Whether the fact still holds is
asked again when the notice is about to leave (`still_holds`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.urls import reverse
from django.utils import timezone

from cooperation.french import date_fr
from partners.governance.models import Seat
from partners.people.models import Membership, Role, User
from projects.calendar.models import Guest, Meeting
from projects.circuit.models import Departure
from projects.circuit.reads import next_words, standing_of
from projects.convocation.models import Envelope, Mailing
from projects.convocation.services import mailed
from projects.debate.models import Contribution
from projects.deliberation.acts import Publication
from projects.deliberation.models import Decision
from projects.followup.access import people_in_charge
from projects.followup.models import Action
from projects.notices.meetings import (
    hear_guest,
    hear_guest_gone,
    hear_meeting,
    hear_minutes,
    is_true_of_meeting,
)
from projects.notices.models import Notice
from projects.notices.services import tell
from projects.opinions.access import OPEN
from projects.opinions.models import OpinionReminder, OpinionRequest
from projects.proposals.actor_models import Actor
from projects.proposals.models import Move, ObjectiveVersion, Project
from projects.proposals.services import SUBMISSIONS
from projects.proposals.states import GIVEN_UP, Status
from projects.proposals.workflow import workflow
from territories.consultations.models import Answer

# What a session decides is told when it is published, not when it is proclaimed.
ADMITTING = {"accept", "open_politically"}  # from then on, those who are named see the project
KIND_OF_REMINDER = {"asked": "opinion", "soon": "opinion_soon", "last": "opinion_due"}
OF_A_COUNCIL = (Role.ELECTED, Role.AGENT, Role.COUNCILLOR)
AT_A_STEP = {Status.UNDER_REVIEW, Status.DEFERRED}  # where a project waits for the next body of its circuit
OF_A_SESSION = {transition.name for transition in workflow.table.values() if not transition.permission}


def coordinators(intercommunality_id: int, on: date) -> QuerySet[User]:
    held = Membership.objects.filter(intercommunality=intercommunality_id, role=Role.COORDINATOR).in_force(on)
    return User.objects.filter(memberships__in=held).distinct()


def people_of(actors: Iterable[Actor], on: date) -> QuerySet[User]:
    """Those who speak for actors: relays of a partner, élus and agents of a commune, the coordination for the EPCI."""
    known = [actor for actor in actors if actor.has_voice]
    held = Q(partner__in=[actor.partner_id for actor in known if actor.partner_id], role=Role.RELAY)
    communes = [actor.commune_id for actor in known if actor.commune_id]
    held |= Q(commune__in=communes, role__in=(Role.ELECTED, Role.AGENT))
    epcis = [actor.intercommunality_id for actor in known if actor.is_intercommunality]
    held |= Q(intercommunality__in=epcis, role=Role.COORDINATOR)
    return User.objects.filter(memberships__in=Membership.objects.filter(held).in_force(on)).distinct()


def author_of(project: Project) -> list[User]:
    return [project.author] if project.author else []


def about(project: Project, **told: Any) -> dict[str, Any]:
    """What every notice about a project has in common."""
    return {
        "project": project,
        "intercommunality_id": project.intercommunality_id,
        "address": project.get_absolute_url(),
    } | told


def hear_move(instance: Move, created: bool, **_: Any) -> None:
    """A submission is told to the coordination, what follows to the author; decisions wait for their publication."""
    if not created:
        return
    project, now = instance.project, instance.moved_at
    told = about(project, fact=f"move:{instance.pk}", now=now, by=instance.moved_by)
    if instance.transition in SUBMISSIONS:
        review = reverse("projects:review", args=[project.pk])
        kind = "sent_again" if instance.is_sent_again else "submitted"
        tell(kind, coordinators(project.intercommunality_id, day(now)), **told | {"address": review})
    elif instance.transition == "withdraw":
        tell("taken_back", coordinators(project.intercommunality_id, day(now)), **told)
    elif instance.target == Status.TO_COMPLETE:
        tell("to_complete", author_of(project), **told)
    elif instance.transition not in OF_A_SESSION:
        tell("moved", author_of(project), **told | {"detail": Status(instance.target).label})


def hear_admission(instance: Move, created: bool, **_: Any) -> None:
    """Those who speak for its actors now see the project: they are asked whether they share its objective."""
    if created and instance.transition in ADMITTING:
        project, now = instance.project, instance.moved_at
        told = about(project, fact=f"named:{project.pk}", now=now, by=instance.moved_by)
        tell("named", people_of(project.actors.all(), day(now)), **told)


def hear_publication(instance: Publication, created: bool, **_: Any) -> None:
    if not created:
        return
    decisions = Decision.objects.filter(item__session=instance.session_id).select_related("item__project__author")
    for decision in decisions.prefetch_related("item__project__actors"):
        project = decision.item.project
        concerned = {*author_of(project), *people_of(project.actors.all(), day(instance.published_at))}
        told = about(project, fact=f"decision:{decision.pk}", now=instance.published_at)
        tell("decided", concerned, detail=decision.get_outcome_display().lower(), **told)


def hear_step(instance: Move, created: bool, **_: Any) -> None:
    """A project comes, or comes back, to where its circuit goes on."""
    if created and instance.target == Status.UNDER_REVIEW:
        tell_next_step(instance.project, instance.moved_at, by=instance.moved_by)


def hear_departure(instance: Departure, created: bool, **_: Any) -> None:
    """An opinion is done without: the circuit goes on."""
    if created:
        tell_next_step(instance.project, instance.departed_at)


def hear_steps_published(instance: Publication, created: bool, **_: Any) -> None:
    """What came next of a decision is told to all once the decision is."""
    if created:
        for decision in Decision.objects.filter(item__session=instance.session_id).select_related("item__project"):
            tell_next_step(decision.item.project, instance.published_at)


def tell_next_step(project: Project, now: datetime, *, by: User | None = None) -> None:
    """Tell, once, who speaks next: to the coordination, which places the project on an agenda; and, unless a decision
    that leads there is still unpublished, to the author and to those who chair these bodies.
    """
    if project.status not in AT_A_STEP:
        return
    standing = standing_of(project, day(now))
    if not standing.next_key:
        return
    people = [*coordinators(project.intercommunality_id, day(now))]
    if not Decision.objects.filter(item__project=project, item__session__publication=None).exists():
        chairs = Seat.objects.in_force(day(now)).filter(body__in=standing.next_bodies, is_chair=True)
        people += [*author_of(project), *User.objects.filter(elected_member__seats__in=chairs)]
    told = about(project, fact=f"step:{project.pk}:{standing.next_key}", now=now, by=by)
    told["address"] = reverse("projects:project_circuit", args=[project.pk])
    tell("next_step", people, detail=next_words(standing), **told)


def hear_objective(instance: ObjectiveVersion, created: bool, **_: Any) -> None:
    if created and instance.number > 1:
        project, now = instance.project, instance.written_at
        told = about(project, fact=f"objective:{instance.pk}", now=now, by=instance.written_by)
        tell("endorse", people_of(project.actors.all(), day(now)), **told)


def hear_contribution(instance: Contribution, created: bool, **_: Any) -> None:
    if not created:
        return
    answered = [instance.parent.author] if instance.parent and instance.parent.author else []
    told = said_in(instance)
    tell("answered", answered, **told)
    tell("spoken", [one for one in author_of(instance.project) if one not in answered], **told)


def hear_mentions(instance: Any, action: str, pk_set: set[int] | None, reverse: bool, **_: Any) -> None:
    if action == "post_add" and pk_set and not reverse:
        cited = people_of(Actor.objects.filter(pk__in=pk_set), day(instance.written_at))
        tell("mentioned", cited, **said_in(instance))


def said_in(one: Contribution) -> dict[str, Any]:
    told = about(one.project, fact=f"contribution:{one.pk}", now=one.written_at, by=one.author)
    return told | {"detail": one.organisation, "address": one.get_absolute_url()}


def hear_reminder(instance: OpinionReminder, created: bool, **_: Any) -> None:
    """An opinion is asked, or awaited still; once the person opened its page, there is nothing more to read."""
    fact, asked = f"reminder:{instance.pk}", instance.request
    if created and instance.person:
        told = about(asked.project, fact=fact, now=timezone.now())
        told |= {"detail": date_fr(asked.due_on), "address": asked.get_absolute_url()}
        tell(KIND_OF_REMINDER[instance.kind], [instance.person], **told)
    elif instance.seen_at:
        Notice.objects.unread().filter(person=instance.person_id, fact=fact).update(read_at=instance.seen_at)


def hear_action(instance: Action, created: bool, **_: Any) -> None:
    if created:
        now = timezone.now()
        tell("to_do", people_in_charge(instance, day(now)), **of_action(instance, now), by=instance.written_by)


def of_action(action: Action, now: datetime) -> dict[str, Any]:
    """What every notice about an action says, and the page where it is closed in a minute."""
    address = reverse("projects:action_close", args=[action.project_id, action.pk])
    told = about(action.project, fact=f"action:{action.pk}", now=now)
    return told | {"detail": date_fr(action.due_on), "address": address}


def hear_answer(instance: Answer, **_: Any) -> None:
    """A council is notified, or the coordination reminds it: its people are told what silence is worth."""
    now = timezone.now()
    if instance.notified_on is None or instance.position or instance.due_on is None or instance.due_on < day(now):
        return
    tell_council("council", instance, now)
    if instance.reminded_on == day(now):
        tell_council("council_soon", instance, now, called_on=instance.reminded_on)


def tell_council(kind: str, answer: Answer, now: datetime, *, called_on: date | None = None) -> None:
    """Tell the élus, agents and councillors of a commune; once for a deadline, and once each day they are called."""
    held = Membership.objects.filter(commune=answer.commune_id, role__in=OF_A_COUNCIL).in_force(day(now))
    deadline = f"{answer.commune.name} répond jusqu’au {date_fr(answer.due_on)}" if answer.due_on else ""
    tell(
        kind,
        User.objects.filter(memberships__in=held).distinct(),
        fact=f"council:{answer.pk}:{answer.due_on}{f':{called_on}' if called_on else ''}",
        address=answer.consultation.get_absolute_url(),
        intercommunality_id=answer.intercommunality_id,
        now=now,
        detail=f"{deadline} ; passé ce jour, {answer.consultation.procedure.silence_told}",
    )


def hear_mailing(mailing: Mailing, **_: Any) -> None:
    """Those who are convened, or informed for their council, find it here too; the mail leaves on its own."""
    session, now = mailing.session, mailing.made_at
    told: dict[str, Any] = {
        "fact": f"mailing:{mailing.pk}",
        "address": reverse("projects:session", args=[session.pk]),
        "now": now,
        "intercommunality_id": mailing.intercommunality_id,
    }
    sitting = f"{session.body}, {date_fr(mailing.held_on)}"
    people: dict[bool, list[User]] = {True: [], False: []}
    for one in mailing.envelopes.select_related("person"):
        if one.person:
            people[one.capacity == Envelope.Capacity.COUNCILLOR].append(one.person)
    if mailing.kind == Mailing.Kind.CANCELLATION:
        tell("called_off", people[True] + people[False], detail=sitting, **told)
        return
    tell("convened", people[False], detail=sitting, **told)
    tell("informed", people[True], detail=f"{mailing.get_kind_display().lower()} — {sitting}", **told)


def day(moment: datetime) -> date:
    return timezone.localdate(moment)


def still_holds(notice: Notice, now: datetime) -> bool:
    """Whether what a notice tells of was neither undone, nor done, nor overtaken since."""
    source, key, *_ = notice.fact.split(":")
    return HOLDS[source](notice, int(key), now) if source in HOLDS else True


def is_last_move(notice: Notice, pk: int, now: datetime) -> bool:
    return (
        Move.objects.filter(project=notice.project).order_by("-moved_at", "-pk").values_list("pk", flat=True)[0] == pk
    )


def is_next(notice: Notice, pk: int, now: datetime) -> bool:
    """The project still waits for what was told to come next: it was neither sent back, nor placed on an agenda."""
    project = Project.objects.filter(pk=pk, status__in=AT_A_STEP).first()
    return project is not None and standing_of(project, day(now)).next_key == notice.fact.split(":")[2]


def is_shown(notice: Notice, pk: int, now: datetime) -> bool:
    return Contribution.objects.filter(pk=pk, hidden_at=None).exists()


def is_last_wording(notice: Notice, pk: int, now: datetime) -> bool:
    version = ObjectiveVersion.objects.select_related("project").filter(pk=pk).first()
    return version is not None and version.number == version.project.objective_version


def is_awaited(notice: Notice, pk: int, now: datetime) -> bool:
    return OpinionRequest.objects.awaited(day(now)).filter(reminders=pk, project__status__in=OPEN).exists()


def is_named(notice: Notice, pk: int, now: datetime) -> bool:
    return Project.objects.admissible().exclude(status__in=GIVEN_UP).filter(pk=pk).exists()


def remains(notice: Notice, pk: int, now: datetime) -> bool:
    """An action remains to be done; one that was told to be late, or near, is so whatever the hour."""
    return Action.objects.open().filter(pk=pk).exists()


def is_consulted(notice: Notice, pk: int, now: datetime) -> bool:
    """The council has not answered, by the deadline that was told, and the person still belongs to the commune."""
    told_due_on = notice.fact.split(":")[2]
    answer = Answer.objects.filter(pk=pk, position="", due_on=told_due_on, due_on__gte=day(now)).first()
    if answer is None:
        return False
    held = Membership.objects.filter(user=notice.person_id, commune=answer.commune_id).in_force(day(now))
    return held.exists()


def is_last_mailing(notice: Notice, pk: int, now: datetime) -> bool:
    """A convocation that another one, or a cancellation, overtook is no news any more."""
    mailing = Mailing.objects.filter(pk=pk).first()
    if mailing is None or mailing.kind not in Mailing.ABOUT_THE_DAY:
        return mailing is not None
    later = Mailing.objects.filter(session=mailing.session_id, kind__in=Mailing.ABOUT_THE_DAY)
    return not later.filter(number__gt=mailing.number).exists()


HOLDS: dict[str, Callable[[Notice, int, datetime], bool]] = {
    "move": is_last_move,
    "step": is_next,
    "contribution": is_shown,
    "objective": is_last_wording,
    "reminder": is_awaited,
    "named": is_named,
    "action": remains,
    "council": is_consulted,
    "mailing": is_last_mailing,
    "meeting": is_true_of_meeting,
}


def listen() -> None:
    """Hear what happens, from the start of the application."""
    for hear, model in (
        (hear_move, Move),
        (hear_admission, Move),
        (hear_step, Move),
        (hear_departure, Departure),
        (hear_publication, Publication),
        (hear_steps_published, Publication),
        (hear_objective, ObjectiveVersion),
        (hear_contribution, Contribution),
        (hear_reminder, OpinionReminder),
        (hear_action, Action),
        (hear_answer, Answer),
        (hear_guest, Guest),
        (hear_meeting, Meeting),
        (hear_minutes, Meeting),
    ):
        post_save.connect(hear, sender=model, dispatch_uid=f"notices:{hear.__name__}")
    post_delete.connect(hear_guest_gone, sender=Guest, dispatch_uid="notices:hear_guest_gone")
    mailed.connect(hear_mailing, dispatch_uid="notices:mailed")
    m2m_changed.connect(hear_mentions, sender=Contribution.mentions.through, dispatch_uid="notices:mentions")
