"""Pages of a session being held: the desk of the clerk, the screen of the room, the tablet of a member."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.answering import carried_out
from cooperation.forms import show_errors
from partners.governance.models import Seat
from projects.ballots import desk as reading
from projects.ballots import forms, services, urgency
from projects.ballots.access import get_ballot, require_seat, seats_of
from projects.ballots.models import Attendance, Position, Proxy
from projects.deliberation.access import get_item, get_session, may_plan, require_proclaim
from projects.deliberation.models import AgendaItem, Decision, Session

GET_POST = ["GET", "HEAD", "POST"]


def first_fault(form: Form) -> str:
    return next((errors[0] for errors in form.errors.values()), "")


def show_desk(
    request: HttpRequest, session: Session, *, status: int = 200, refusal: str = "", unfolded: str = ""
) -> HttpResponse:
    """The desk; an act that was refused says why at the top, and changed nothing.

    `unfolded` names the part from which the act came: it is found again open, for the next act of the same kind.
    """
    context = reading.desk_context(session, request.user) | {"refusal": refusal}
    context["may_hold"] = may_plan(request.user, session)
    if context["may_open"]:
        context["roll"] = forms.RollForm(request.POST or None, session=session, today=timezone.localdate())
    context["unfolded"] = unfolded or request.GET.get("ouvert", "")
    context["ticked"] = {name: set(request.POST.getlist(name)) for name in ("present", "substitutes")}
    return render(request, "projects/ballots/desk.html", context, status=status)


def perform(
    request: HttpRequest,
    session: Session,
    act: Callable[[], object],
    done: str,
    form: Form | None = None,
    *,
    part: str = "",
) -> HttpResponse:
    """Do one act of the desk and come back to it: done once, or refused with the reason."""
    if form is not None and not form.is_valid():
        return show_desk(request, session, status=422, refusal=first_fault(form), unfolded=part)
    try:
        act()
    except ValidationError as error:
        return show_desk(request, session, status=422, refusal=error.messages[0], unfolded=part)
    messages.success(request, done)
    address = reverse("projects:desk", args=[session.pk])
    return redirect(f"{address}?ouvert={part}#{part}" if part else address)


@never_cache
@require_GET
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk)
    require_proclaim(request.user, session)
    return show_desk(request, session)


@never_cache
@require_GET
def desk_count(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the open vote has come, alone: the desk asks for it again every two seconds."""
    ballot = get_ballot(request.user, pk)
    require_proclaim(request.user, ballot.item.session)
    return render(request, "projects/ballots/_count.html", {"ballot": ballot, "count": reading.count_of(ballot)})


@require_POST
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the session with the list of who is there."""
    session = get_session(request.user, pk, "plan_sessions")
    form = forms.RollForm(request.POST, session=session, today=timezone.localdate())

    def act() -> object:
        return services.open_sitting(session=session, **form.cleaned_data, by=request.user, at=timezone.now())

    return perform(request, session, act, "La séance est ouverte.", form)


@require_POST
def movement(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk, "plan_sessions")
    form = forms.MovementForm(request.POST, session=session)

    def act() -> object:
        told = {"session": session, "seat": form.cleaned_data["seat"], "by": request.user, "at": timezone.now()}
        if form.cleaned_data["way"] == Attendance.Way.OUT:
            return services.record_departure(**told)
        return services.record_arrival(**told, as_substitute=form.cleaned_data["way"] == form.SUBSTITUTE)

    return perform(request, session, act, "Le mouvement est inscrit.", form, part="mouvements")


@require_POST
def proxy_give(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk, "plan_sessions")
    form = forms.ProxyForm(request.POST, session=session, prefix="pouvoir")

    def act() -> object:
        return services.give_proxy(session=session, **form.cleaned_data, by=request.user, at=timezone.now())

    return perform(request, session, act, "Le pouvoir est inscrit.", form, part="pouvoirs")


@require_POST
def proxy_revoke(request: HttpRequest, pk: int, proxy: int) -> HttpResponse:
    session = get_session(request.user, pk, "plan_sessions")
    found = get_object_or_404(Proxy, session=session, pk=proxy)

    def act() -> object:
        return services.revoke_proxy(proxy=found, by=request.user, at=timezone.now())

    return perform(request, session, act, "Le pouvoir est retiré.")


@require_POST
def item_call(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    return perform(
        request, item.session, lambda: services.call_item(item=item, by=request.user), "Le point est appelé."
    )


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    form = forms.WithdrawalForm(request.POST, session=item.session, prefix="deport")

    def act() -> object:
        return services.withdraw(item=item, **form.cleaned_data, by=request.user, at=timezone.now())

    return perform(request, item.session, act, "Cette personne ne prend pas part à ce point.", form)


@require_POST
def ballot_open(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    form = forms.BallotForm(request.POST, prefix="scrutin")

    def act() -> object:
        return services.open_ballot(item=item, **form.cleaned_data, by=request.user, at=timezone.now())

    return perform(request, item.session, act, "Le scrutin est ouvert.", form)


@require_POST
def ballot_names(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the votes said aloud, by name."""
    ballot = get_ballot(request.user, pk, "plan_sessions")
    said = {seat: request.POST.get(f"voix-{seat}", "") for seat in ballot.voters.values_list("seat_id", flat=True)}
    positions = {seat: told for seat, told in said.items() if told in services.Position.values}

    def act() -> object:
        return services.record_positions(ballot=ballot, positions=positions, by=request.user, at=timezone.now())

    return perform(request, ballot.item.session, act, "Les votes sont inscrits.")


@require_POST
def ballot_close(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = get_ballot(request.user, pk, "plan_sessions")
    warning = reading.warning_of(ballot, reading.count_of(ballot))
    form = forms.TotalsForm(request.POST, warning=warning, prefix="totaux")

    def act() -> object:
        told = {"typed": form.typed(), "chair_votes_for": form.chair()}
        return services.close_ballot(ballot=ballot, **told, by=request.user, at=timezone.now())

    return perform(request, ballot.item.session, act, "Le scrutin est clos : le décompte est arrêté.", form)


@require_POST
def ballot_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = get_ballot(request.user, pk, "plan_sessions")
    form = forms.CancelForm(request.POST, prefix="annulation")

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return services.cancel_ballot(ballot=ballot, reason=reason, by=request.user, at=timezone.now())

    return perform(request, ballot.item.session, act, "Le scrutin est annulé.", form)


@require_POST
def proclaim(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk)
    require_proclaim(request.user, item.session)
    form = forms.ProclamationForm(request.POST, session=item.session, prefix="decision")

    if is_proclaimed(item):
        return already_proclaimed(request, pk)
    if not form.is_valid():
        return show_desk(request, item.session, status=422, refusal=first_fault(form))
    try:
        services.proclaim(item=item, **form.cleaned_data, by=request.user, at=timezone.now())
    except ValidationError as error:
        if is_proclaimed(item):  # by somebody else, while this request was waiting for the session
            return already_proclaimed(request, pk)
        return show_desk(request, item.session, status=422, refusal=error.messages[0])
    messages.success(request, "La décision est proclamée.")
    return redirect("projects:desk", item.session_id)


def is_proclaimed(item: AgendaItem) -> bool:
    return Decision.objects.filter(item=item).exists()


def already_proclaimed(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever comes second reads the decision of the first: it does not change."""
    messages.info(request, "La décision sur ce point est déjà proclamée : elle ne change plus.")
    return redirect("projects:decision", pk)


@never_cache
@require_GET
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen of the room: large, without any private data."""
    return show_live(request, "screen", reading.screen_context(get_session(request.user, pk)))


@never_cache
@require_GET
def tablet(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk)
    return show_live(
        request, "tablet", reading.tablet_context(session, require_seat(request.user, session), request.user)
    )


def show_live(request: HttpRequest, name: str, context: dict) -> HttpResponse:
    """A page that refreshes itself: whole, or its moving part alone, or nothing while nothing changed."""
    if not request.htmx:
        return render(request, f"projects/ballots/{name}.html", context)
    if request.GET.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, f"projects/ballots/_{name}.html", context)


@sensitive_post_parameters()
@never_cache
@require_POST
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a vote again to the member, then receive it: acknowledged on their tablet, or refused with the reason."""
    ballot = get_ballot(request.user, pk)
    session = ballot.item.session
    mine = require_seat(request.user, session)
    form = forms.VoteForm(request.POST)
    if not form.is_valid():
        return refuse_vote(request, session, "Choisissez votre vote, puis réessayez.")
    seat = get_object_or_404(seats_of(session), pk=form.cleaned_data["seat"])
    told = {"position": form.cleaned_data["position"], "key": form.cleaned_data["key"]}
    if not form.cleaned_data["confirmed"]:
        return read_again(request, session, seat, **told)
    try:
        services.vote(ballot=ballot, seat=seat, **told, by=request.user, at=timezone.now())
    except ValidationError as error:
        return refuse_vote(request, session, error.messages[0])
    messages.success(request, "Le vote est reçu." if seat == mine else "Le vote par pouvoir est reçu.")
    return redirect("projects:tablet", session.pk)


def read_again(request: HttpRequest, session: Session, seat: Seat, *, position: str, key: UUID) -> HttpResponse:
    """The tablet asks whether this is the vote meant: nothing is recorded, and one vote is asked about at a time."""
    context = reading.tablet_context(session, require_seat(request.user, session), request.user)
    papers = [paper for paper in context["papers"] if paper["seat"] == seat.pk and not paper["has_voted"]]
    if not papers or not context["ballot"].is_open:  # received or closed in the meantime: the tablet says it
        return redirect("projects:tablet", session.pk)
    asked = papers[0] | {"key": key, "asked": Position(position)}
    return render(request, "projects/ballots/tablet.html", context | {"papers": [asked], "is_voting": False})


def refuse_vote(request: HttpRequest, session: Session, refusal: str) -> HttpResponse:
    context = reading.tablet_context(session, require_seat(request.user, session), request.user)
    return render(request, "projects/ballots/tablet.html", context | {"refusal": refusal}, status=422)


@require_http_methods(GET_POST)
def urgent(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_session(request.user, pk, "plan_sessions")
    form = forms.UrgentForm(request.POST or None, session=session, user=request.user)
    if done := carried_out(
        request,
        form,
        lambda: urgency.add_urgent_item(session=session, **form.cleaned_data, by=request.user, at=timezone.now()),
        told="Le point urgent est à l’ordre du jour.",
        back=reverse("projects:session", args=[pk]),
    ):
        return done
    return render(request, "projects/ballots/urgent.html", {"session": session, "form": form})


@require_POST
def urgency_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """What the body said of the urgency, by its totals."""
    session = get_session(request.user, pk, "plan_sessions")
    form = forms.UrgencyVoteForm(request.POST, prefix="urgence")

    def act() -> object:
        told = {"totals": form.totals(), "chair_votes_for": form.chair()}
        return urgency.settle(session=session, **told, by=request.user, at=timezone.now())

    return perform(request, session, act, "Le vote sur l’urgence est inscrit.", form)


@require_http_methods(GET_POST)
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    form = forms.ReturnForm(request.POST or None, session=item.session)
    if request.method == "POST" and form.is_valid():
        try:
            services.bring_back(item=item, session=form.cleaned_data["session"], by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "Le projet revient comme un nouveau point.")
            return redirect("projects:session", form.cleaned_data["session"].pk)
    return render(request, "projects/ballots/bring_back.html", {"item": item, "form": form})
