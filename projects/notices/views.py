"""The pages where a person reads what they were told, and says how often to be written to."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.notices import services
from projects.notices.access import get_addressee
from projects.notices.forms import PaceForm
from projects.notices.models import Notice
from projects.notices.reads import refused_for, told_to


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/notices/list.html", {"told": told_to(request.user)})


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a notice: it is read, and leads where its act is done."""
    notice = get_object_or_404(Notice.objects.filter(pk=pk).readable_by(request.user))
    services.mark_read(notice=notice, now=timezone.now())
    return redirect(notice.address)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(by=request.user, now=timezone.now())
    messages.success(request, "Toutes vos nouvelles sont marquées comme lues.")
    return redirect("projects:notices")


@require_http_methods(["GET", "HEAD", "POST"])
def paces(request: HttpRequest) -> HttpResponse:
    form = PaceForm(request.POST or None, person=request.user)
    if form.is_valid():
        services.choose_paces(by=request.user, paces={kind: pace for kind, pace in form.cleaned_data.items() if pace})
        messages.success(request, "Vos choix sont enregistrés : ils valent pour ce qui arrivera désormais.")
        return redirect("projects:notices")
    context = {"form": form, "refused": refused_for(request.user)}
    return render(request, "projects/notices/paces.html", context, status=422 if form.errors else 200)


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again an address that was refused, once it is put right."""
    addressee = get_addressee(request.user, pk)
    try:
        services.send_again(person_id=addressee, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Les courriels partent de nouveau dans la minute.")
    return redirect("projects:notice_paces")
