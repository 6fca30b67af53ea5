"""Take away what is printed of a session: convocations, note or pack, the list of its decisions, its procès-verbal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from projects.briefing.papers import SessionCopies, SessionDecisions, SessionMinutes, SessionNote, SessionPack
from projects.deliberation.access import get_session
from projects.prints.views import hand_or_prepare


@require_http_methods(["GET", "HEAD", "POST"])
def convocation_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = SessionCopies(get_session(request.user, pk, "plan_sessions"))
    if not paper.is_open_to(request.user):
        raise Http404("Aucune convocation de cette séance n’est à remettre sur papier.")
    return hand_or_prepare(request, paper)


@require_http_methods(["GET", "HEAD", "POST"])
def session_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    return told(request, pk, SessionNote)


@require_http_methods(["GET", "HEAD", "POST"])
def session_pack(request: HttpRequest, pk: int) -> HttpResponseBase:
    return told(request, pk, SessionPack)


def told(request: HttpRequest, pk: int, kind: type[SessionNote]) -> HttpResponseBase:
    session = get_session(request.user, pk)
    paper = kind.of(session, request.user)
    if not paper.is_open_to(request.user):
        raise Http404("La note de synthèse part avec la convocation.")
    if not session.items.exists():
        messages.info(request, "L’ordre du jour est vide : il n’y a pas encore de note de synthèse.")
        return redirect("projects:session", pk)
    return hand_or_prepare(request, paper)


@require_http_methods(["GET", "HEAD", "POST"])
def decisions_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = SessionDecisions(get_session(request.user, pk))
    if not paper.is_open_to(request.user):
        raise Http404("Les décisions de cette séance ne sont pas publiées.")
    return hand_or_prepare(request, paper)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = SessionMinutes(get_session(request.user, pk))
    if not paper.is_open_to(request.user):
        raise Http404("Le procès-verbal de cette séance n’est pas encore arrêté.")
    return hand_or_prepare(request, paper)
