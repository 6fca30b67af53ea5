"""Who may ask for an opinion, who may give it, who may take it back, and the gate through which a view obtains one."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from cooperation.access import ALLOWED, Verdict
from partners.governance.models import Seat
from partners.people.access import scope_of
from partners.people.models import Membership, Role, User
from projects.opinions.models import Opinion, OpinionRequest, OpinionRequestQuerySet
from projects.proposals.access import may
from projects.proposals.models import Project
from projects.proposals.states import Status
from territories.places.models import Intercommunality

# While these last, an opinion may still weigh: before, the proposal is between its author and the coordination.
OPEN = (
    Status.UNDER_REVIEW, Status.ON_AGENDA, Status.DEFERRED, Status.ADOPTED, Status.IN_PROGRESS, Status.SUSPENDED,
)  # fmt: skip
# The élus have decided: an opinion that comes now stays in the file, and weighs on nothing.
DECIDED = (Status.ADOPTED, Status.IN_PROGRESS, Status.SUSPENDED)
# A municipal councillor reads, and answers nothing (CGCT, art. L. 5211-40-2).
ANSWERING = (Role.ELECTED, Role.AGENT, Role.RELAY)


def may_ask(user: User, project: Project) -> Verdict:
    """The coordination asks, on a project under examination or carried, which is not its own proposal."""
    if not may(user, "review_project", project):
        return Verdict("La coordination seule demande des avis.")
    if project.is_proposed_by(user):
        return Verdict("Vous avez proposé ce projet : une autre personne doit demander les avis.")
    if project.status not in OPEN:
        return Verdict(f"Ce projet est à l’état « {project.get_status_display()} » : on n’y demande plus d’avis.")
    return ALLOWED


def speaks_for(user: User, request: OpinionRequest, today: date) -> bool:
    """Whether the person answers in the name of whoever is asked."""
    return people_asked(request, today).filter(pk=user.pk).exists()


def people_asked(request: OpinionRequest, today: date) -> QuerySet[User]:
    """Those who answer: elected members and agents of a commune, relays of a partner, whoever chairs a body.

    A member does not speak for the others: what a body thinks is told by its chair. A service has no account: whoever
    asked writes its opinion.
    """
    people = User.objects.filter(is_active=True)
    if request.body_id:
        seats = Seat.objects.filter(body=request.body_id, is_chair=True).in_force(today)
        return people.filter(elected_member__seats__in=seats).distinct()
    held = Membership.objects.filter(intercommunality=request.intercommunality_id, role__in=ANSWERING).in_force(today)
    if request.commune_id:
        return people.filter(memberships__in=held.filter(commune=request.commune_id)).distinct()
    if request.partner_id:
        return people.filter(memberships__in=held.filter(partner=request.partner_id)).distinct()
    return people.filter(pk__in=[request.asked_by_id])  # nobody, once whoever asked has left


def may_report(user: User, request: OpinionRequest) -> bool:
    """The coordination writes down, and says so, an opinion that reached it by letter or from a service."""
    return may(user, "review_project", request.project)


def may_answer(user: User, request: OpinionRequest, today: date) -> Verdict:
    """Answer in one's own organisation's name, or report what it said; nobody on their own proposal."""
    if request.project.is_proposed_by(user):
        return Verdict("Vous avez proposé ce projet : une autre personne doit rendre cet avis.")
    if not (may_report(user, request) or speaks_for(user, request, today)):
        return Verdict(told_who_answers(request, today))
    if request.withdrawn_on:
        return Verdict("Cette demande d’avis a été retirée.")
    if request.standing_opinion:
        return Verdict("L’avis a déjà été rendu.")
    if request.project.status not in OPEN:
        return Verdict(
            f"Ce projet est à l’état « {request.project.get_status_display()} » : l’avis n’est plus attendu."
        )
    return ALLOWED


def told_who_answers(request: OpinionRequest, today: date) -> str:
    """Who gives the opinion, told to whoever reads the question and does not answer it."""
    if not request.body:
        return f"Cet avis est demandé à d’autres : {request.who}."
    if chair := request.body.chair_on(today):
        by = f"{chair}, qui préside cette instance, rend son avis ; la coordination peut aussi le transmettre."
    else:
        by = "personne n’est noté à la présidence de cette instance : la coordination transmet son avis."
    return f"Cet avis est demandé à une instance, {request.who} : {by}"


def may_withdraw(user: User, opinion: Opinion, today: date) -> bool:
    """Whoever wrote the opinion, or speaks today for the same organisation."""
    wrote = opinion.recorded_by_id is not None and opinion.recorded_by_id == user.pk
    if opinion.is_reported:
        return wrote or may_report(user, opinion.request)
    return wrote or speaks_for(user, opinion.request, today)


def readable_by(user: User) -> OpinionRequestQuerySet:
    """Opinions are read by those who read the project."""
    return OpinionRequest.objects.all().filter(Project.objects.visibility(user, of="project__"))


def get_request(user: User, pk: int) -> OpinionRequest:
    """The only way a view obtains an opinion asked for: 404 if its project is invisible."""
    return get_object_or_404(readable_by(user).with_all(), pk=pk)


def awaited_from(user: User, epci: Intercommunality, today: date) -> QuerySet[OpinionRequest]:
    """The opinions that the person may give in an EPCI and that nobody gave yet, the nearest deadline first.

    The silent ones stay: an opinion given late is still read.
    """
    scope = scope_of(user)
    held = Membership.objects.filter(user=user, role__in=ANSWERING).in_force(today)
    organisations = list(held.values_list("commune", "partner"))
    seats = Seat.objects.filter(member__user=user, is_chair=True).in_force(today)
    # Named one by one: the questions are found from these few, and not looked for among all.
    mine = Q(commune__in=[commune for commune, _ in organisations if commune])
    mine |= Q(partner__in=[partner for _, partner in organisations if partner])
    mine |= Q(body__in=list(seats.values_list("body", flat=True)))
    mine |= Q(asked="service", intercommunality__in=scope.where("review_projects"))
    answered = Opinion.objects.filter(withdrawn_on__isnull=True, request=OuterRef("pk"))
    readable = Project.objects.visibility(user, of="project__", each=True, within=epci)  # few are asked
    found = OpinionRequest.objects.standing().filter(readable, mine, intercommunality=epci, project__status__in=OPEN)
    return found.exclude(project__author=user).filter(~Exists(answered)).with_all().order_by("due_on", "pk")
