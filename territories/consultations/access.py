"""The gates of the consultations: which one a person may open, and for what."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from territories.consultations.models import Answer, Consultation
from territories.places.access import get_intercommunality

VIEW, MANAGE = "view_consultations", "manage_consultations"


def get_consultation(request: HttpRequest, pk: int, permission: str = VIEW) -> Consultation:
    """The only way a view obtains a consultation: 404 outside the EPCI, 403 when the act is not allowed."""
    epci = get_intercommunality(request)
    found = Consultation.objects.of(epci).with_answers().select_related("intercommunality", "competence")
    consultation = get_object_or_404(found, pk=pk)
    get_intercommunality(request, permission)
    return consultation


def get_answer(request: HttpRequest, pk: int) -> Answer:
    """The answer of a commune, to whoever holds the consultation."""
    epci = get_intercommunality(request)
    answer = get_object_or_404(
        Answer.objects.filter(intercommunality=epci).select_related("consultation", "commune"), pk=pk
    )
    get_intercommunality(request, MANAGE)
    return answer
