"""Pages of the sessions: the list, one session and its agenda, the decision on an item."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cooperation.answering import carried_out
from cooperation.forms import show_errors
from cooperation.french import hour_fr
from cooperation.ordering import asked_order
from cooperation.paging import page_after
from cooperation.shared import one_writer
from partners.governance.models import Body
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.deliberation import planning, rules, services
from projects.deliberation.access import get_decision, get_item, get_session, may_plan, may_proclaim
from projects.deliberation.act_reads import after_context, count_rows, seal_context
from projects.deliberation.forms import (
    AgendaForm,
    DecisionForm,
    ItemForm,
    PresenceForm,
    ReasonForm,
    SessionChangeForm,
    SessionForm,
    starting_presence,
)
from projects.deliberation.majorities import law_of
from projects.deliberation.models import Outcome, Session
from projects.deliberation.timing import said, timing_of
from projects.proposals.models import Project

GET_POST = ["GET", "HEAD", "POST"]
UPCOMING = 30  # sessions to come on one page
PRINTED = {"session_note", "session_pack"}  # laid out when they are asked for: it takes a few seconds


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    intercommunality = require_intercommunality(request)
    scope = scope_of(request.user)
    if not scope.may("view_sessions", intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas de lire les séances.")
    today = timezone.localdate()
    found = Session.objects.filter(intercommunality=intercommunality).select_related("body")
    found = found.annotate(item_count=Count("items"))
    is_past = Q(held_on__lt=today) | Q(state__in=services.OVER)  # one may be closed, or called off, before its day
    past = Paginator(found.filter(is_past).order_by("-held_on", "pk"), 20)
    coming = page_after(found.exclude(is_past), request.GET.get("apres", ""), by="held_on", size=UPCOMING)
    context = {
        "upcoming": coming,
        "is_first": "apres" not in request.GET,
        "page": past.get_page(request.GET.get("page")),
        "may_plan": scope.may("plan_sessions", intercommunality.pk),
    }
    return render(request, "projects/deliberation/sessions.html", context)


@require_http_methods(GET_POST)
def session_create(request: HttpRequest) -> HttpResponse:
    intercommunality = require_intercommunality(request)
    if not scope_of(request.user).may("plan_sessions", intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas de tenir les séances.")
    form = SessionForm(request.POST or None, intercommunality=intercommunality, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            session = services.plan_session(session=form.save(commit=False), by=request.user, notice=form.notice_told())
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "La séance est inscrite au calendrier.")
            return redirect("projects:session", session.pk)
    context = {"form": form, "has_bodies": Body.objects.filter(intercommunality=intercommunality).exists()}
    return render(request, "projects/deliberation/session_form.html", context)


@require_http_methods(GET_POST)
@one_writer(lambda pk: Session.objects.filter(pk=pk))
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a session, or say how one takes part in it."""
    held = get_session(request.user, pk, "plan_sessions")
    was_convened = held.state == Session.State.CONVENED
    form = SessionChangeForm(request.POST or None, instance=get_session(request.user, pk))
    if request.method == "POST" and form.is_valid():
        try:
            moved = planning.change_session(session=held, values=form.cleaned_data, by=request.user)
        except ValidationError as error:
            show_errors(form, error)
        else:
            again = was_convened and moved.state == Session.State.PLANNED
            messages.success(request, "La séance est modifiée." + " Convoquez de nouveau les membres." * again)
            return redirect("projects:session", pk)
    context = {"form": form, "session": held, "was_convened": was_convened, "may_change": held.is_to_come}
    return render(request, "projects/deliberation/session_edit.html", context)


@require_http_methods(GET_POST)
@one_writer(lambda pk: Session.objects.filter(items=pk))
def agenda_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Who reports an item, for how long, what is asked of the body and the draft that it reads."""
    item = get_item(request.user, pk, "plan_sessions")
    initial = {name: getattr(item, name) for name in ("rapporteur_member", "minutes_planned", "asked", "draft")}
    initial["rapporteur"] = "" if item.rapporteur_member_id else item.rapporteur
    form = ItemForm(request.POST or None, session=item.session, initial=initial)
    if done := carried_out(
        request,
        form,
        lambda: planning.write_item(item=item, values=form.cleaned_data, by=request.user),
        told="Le point est enregistré.",
        back=reverse("projects:session", args=[item.session_id]),
    ):
        return done
    return render(request, "projects/deliberation/agenda_edit.html", {"item": item, "form": form})


def timed(session: Session, items: list) -> dict:
    """The hour expected for each item, its length, and how long the whole agenda lasts, in words."""
    timing = timing_of(session.held_at, [item.minutes_planned for item in items])
    for item, hour in zip(items, timing.hours, strict=True):
        item.hour = hour_fr(hour)
        item.length = said(item.minutes_planned) if item.minutes_planned else ""
    if not timing.total:
        return {"duration": ""}
    ending = f", fin prévue à {hour_fr(timing.ends_at)}" if timing.ends_at else ""
    unknown = f" ; points sans durée : {timing.unknown}" if timing.unknown else ""
    return {"duration": f"Durée prévue : {said(timing.total)}{ending}{unknown}."}


def session_context(request: HttpRequest, session: Session) -> dict:
    """What the page of a session shows, in a constant number of queries."""
    items = list(session.items.select_related("project", "decision", "urgency"))  # by its reverse name, from above
    plans = may_plan(request.user, session)
    is_closed = session.state in services.OVER
    return (
        after_context(request.user, session, items)
        | timed(session, items)
        | {
            "session": session,
            "items": items,
            "may_plan": plans and not is_closed,
            "may_open": plans and session.is_to_come,
            "may_move": plans and session.is_to_come,
            "is_open": plans and session.state == Session.State.OPEN,
            "order": [{"id": item.pk, "label": str(item.project)} for item in items] if len(items) > 1 else [],
        }
    )


def show_session(request: HttpRequest, held: Session, *, status: int = 200, **refused: object) -> HttpResponse:
    """The page of a session; a form that was refused comes back with what was typed."""
    context = session_context(request, held) | {"live": live_links(request, held)}
    if context["may_plan"]:
        context["agenda_form"] = AgendaForm(session=held, user=request.user)
    if context["may_open"]:
        in_office = services.members_in_office(held.body, held.held_on)
        context["presence_form"] = PresenceForm(
            initial=starting_presence(held, in_office), session=held, today=timezone.localdate()
        )
    return render(request, "projects/deliberation/session.html", {"refusal": ""} | context | refused, status=status)


def live_links(request: HttpRequest, session: Session) -> list[dict[str, str]]:
    """Where the session is held, voted and shown, for those who hold it, sit in it, or look at it.

    The first is what is to be done next: a session that is days ahead is prepared, not held.
    """
    sits = session.body.seats.filter(member__user=request.user).exists()
    plans, is_over = may_plan(request.user, session), session.state in services.OVER
    is_open, is_planned = session.state == Session.State.OPEN, session.state == Session.State.PLANNED
    may_hold = may_proclaim(request.user, session) and not is_over
    is_ahead = session.held_on > timezone.localdate() and not is_open  # one opened before its day is held
    has_note = (plans or not is_planned) and session.state != Session.State.CANCELLED
    wanted = [
        ("convocation", "Convoquer les membres", plans and is_planned),
        ("desk", "Tenir la séance", may_hold and not is_ahead),
        ("tablet", "Voter en séance", sits and is_open),
        ("screen", "Écran de la salle", is_open),
        ("session_note", "Note de synthèse (PDF)", has_note),
        ("session_pack", "Dossier complet (PDF)", has_note),
        ("convocation", "Voir la convocation", plans and not is_planned),
        ("desk", "Tenir la séance", may_hold and is_ahead),
        ("session_edit", "Modifier la séance", plans and session.is_to_come),
        ("urgent", "Ajouter un point urgent", plans and not is_over),
    ]
    wanted += [("delegated_report", "Décisions prises par délégation", session.body.is_council)]
    return [
        {"label": label, "url": reverse(f"projects:{name}", args=[session.pk]), "is_printed": name in PRINTED}
        for name, label, may in wanted
        if may
    ]


@require_GET
def session(request: HttpRequest, pk: int) -> HttpResponse:
    return show_session(request, get_session(request.user, pk))


@require_POST
def agenda_add(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    form = AgendaForm(request.POST, session=held, user=request.user)
    if form.is_valid():
        try:
            if late := services.fault_of_late_item(held, timezone.localdate()):
                raise ValidationError(late)
            services.add_item(session=held, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "Le projet est à l’ordre du jour.")
            return redirect("projects:session", pk)
    return show_session(request, held, status=422, agenda_form=form)


@require_POST
def agenda_order(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    try:
        ids = asked_order(request.POST, list(held.items.values_list("pk", flat=True)))
        services.reorder(session=held, ids=ids, by=request.user)
    except ValidationError as error:
        if "order" in request.POST:
            return HttpResponse(error.messages[0], status=400, content_type="text/plain; charset=utf-8")
        messages.error(request, error.messages[0])
    return HttpResponse(status=204) if "order" in request.POST else redirect("projects:session", pk)


@require_http_methods(GET_POST)
def agenda_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    form = ReasonForm(request.POST or None)
    if done := carried_out(
        request,
        form,
        lambda: services.remove_item(item=item, by=request.user, reason=form.cleaned_data["reason"]),
        told="Le projet est retiré de l’ordre du jour et revient à l’instruction.",
        back=reverse("projects:session", args=[item.session_id]),
    ):
        return done
    return render(request, "projects/deliberation/agenda_remove.html", {"item": item, "form": form})


@require_POST
def session_open(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    today = timezone.localdate()
    form = PresenceForm(request.POST, session=held, today=today)
    if done := carried_out(
        request,
        form,
        lambda: services.open_session(session=held, by=request.user, on=today, **form.cleaned_data),
        told="La séance est ouverte.",
        back=reverse("projects:session", args=[pk]),
    ):
        return done
    return show_session(request, held, status=422, presence_form=form)


@require_POST
def session_close(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_session(request.user, pk, "plan_sessions")
    try:
        services.close_session(session=held, by=request.user)
    except ValidationError as error:
        return show_session(request, held, status=422, refusal=error.messages[0])
    messages.success(request, "La séance est close.")
    return redirect("projects:session", pk)


def totals_of(form: DecisionForm) -> list[dict[str, object]]:
    """What a count gives, as terms and values to read again before it is proclaimed."""
    count = form.count()
    if count is None:
        return []
    result = "partage des voix" if count.is_tie and not count.is_adopted else "adopté" if count.is_adopted else "rejeté"
    told = (
        ("Votants", str(count.voters)),
        ("Voix écrites", str(count.given)),
        ("Suffrages exprimés", str(count.cast)),
        ("Le décompte donne", result),
    )
    return [{"label": label, "value": value} for label, value in told] + form.bases()


@require_http_methods(GET_POST)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_item(request.user, pk, "plan_sessions")
    if hasattr(item, "decision"):
        messages.info(request, "La décision sur ce point est déjà proclamée : elle ne change plus.")
        return redirect("projects:decision", pk)
    held = item.session
    there = services.presence_of(item)
    initial = starting_presence(held, held.in_office or 0) | there | {"text": item.draft}
    settles = services.conduct_of(held).chair_settles_ties
    outcomes = services.outcomes_of(held.body)
    law = law_of(
        item, request.user, timezone.localdate(), held.in_office or services.members_in_office(held.body, held.held_on)
    )
    form = DecisionForm(
        request.POST or None,
        body=held.body,
        outcomes=outcomes,
        asked=law.asked,
        chair_settles=settles,
        initial=initial,
    )
    is_sound = request.method == "POST" and form.is_valid()
    only_checks, totals = "check" in request.POST, totals_of(form)
    if is_sound and only_checks:
        values = form.values()
        values["text"] = services.text_of(item, values["outcome"], values["text"])
        form.take(services.faults_of(held, values))
        form.take(services.fault_of_circuit(item, values["outcome"], values["referred_to"]))
    elif is_sound:
        try:
            services.proclaim(item=item, values=form.values(), by=request.user, at=timezone.now())
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, "La décision est proclamée.")
            return redirect("projects:decision", pk)
    context = {"item": item, "session": held, "form": form, "is_open": held.state == Session.State.OPEN}
    context |= {"opinions": law.opinions, "unsettled": law.unsettled}
    context |= {"totals": totals, "is_checked": only_checks and form.is_valid()}
    context["is_own"] = item.project.is_proposed_by(request.user)
    context["counted"] = held.present is not None and held.in_office is not None
    taking_part = (initial["present"] or 0) - initial.get("not_taking_part", 0)
    context["quorum"] = context["counted"] and services.has_quorum(held, taking_part, initial["in_office"])
    context["is_listed"] = bool(there)
    return render(request, "projects/deliberation/decide.html", context)


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    made = get_decision(request.user, pk)
    item = made.item
    context = {"item": item, "decision": made, "headers": ["Membres et voix", "Nombre"], "rows": count_rows(made)}
    context |= seal_context(made) | {"may_correct": may_plan(request.user, item.session)}
    returns = made.outcome == Outcome.DEFERRED and may_plan(request.user, item.session)
    majority = made.get_majority_display().lower() if made.majority != rules.Majority.SIMPLE else ""
    context |= {"majority": majority, "return_url": reverse("projects:bring_back", args=[pk]) if returns else ""}
    is_seen = Project.objects.visible_to(request.user).filter(pk=item.project_id).exists()
    context["project_url"] = item.project.get_absolute_url() if is_seen else ""
    return render(request, "projects/deliberation/decision.html", context)
