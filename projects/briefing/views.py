"""Take away the note of a session, or its pack."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from cooperation.printing import PrintingError
from partners.people.access import scope_of
from projects.briefing.content import gather
from projects.briefing.documents import print_note
from projects.convocation.access import is_told, reads_member_opinions
from projects.deliberation.access import get_session


@require_GET
def session_note(request: HttpRequest, pk: int) -> HttpResponse:
    return printed(request, pk, "note-de-synthese")


@require_GET
def session_pack(request: HttpRequest, pk: int) -> HttpResponse:
    return printed(request, pk, "dossier-de-seance", with_sheets=True)


def printed(request: HttpRequest, pk: int, name: str, *, with_sheets: bool = False) -> HttpResponse:
    """The document of this reader: the annexe of the members, and internal sheets, for those who may read them."""
    session = get_session(request.user, pk)
    if not is_told(request.user, session):
        raise Http404("La note de synthèse part avec la convocation.")
    note = gather(
        session,
        today=timezone.localdate(),
        with_members=reads_member_opinions(request.user, session),
        with_sheets=with_sheets,
        internal=scope_of(request.user).may("view_projects", session.intercommunality_id),
    )
    if not note.items:
        messages.info(request, "L’ordre du jour est vide : il n’y a pas encore de note de synthèse.")
        return redirect("projects:session", pk)
    try:
        pdf = print_note(note)
    except PrintingError as error:
        messages.error(request, str(error))
        return redirect("projects:session", pk)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{session.held_on:%Y-%m-%d}-{pk}.pdf"'
    return answer
