"""The file of an item: what the body reads before the session, and the opinions of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.forms import show_errors
from cooperation.french import hour_fr
from projects.circuit.reads import ahead_of_turn, standing_of
from projects.convocation.access import is_told, may_give, member_in, reads_member_opinions
from projects.convocation.forms import MemberOpinionForm, capacities_of
from projects.convocation.models import Mailing
from projects.convocation.opinion_models import MemberOpinion
from projects.convocation.opinion_reads import count_said, opinions_in
from projects.convocation.opinion_services import give_opinion
from projects.convocation.recipients import seat_held_by
from projects.deliberation.access import get_item, may_plan, reads_decisions
from projects.deliberation.models import AgendaItem
from projects.deliberation.timing import said, timing_of
from projects.opinions.reads import summary_of
from projects.proposals.models import Project
from projects.proposals.states import Status

if TYPE_CHECKING:
    from partners.governance.models import Seat
    from partners.people.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def item_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an item and, for a member of the body, say what one thinks of it."""
    item = get_item(request.user, pk)
    seat = seat_held_by(request.user, item.session)
    verdict = may_give(request.user, item, seat)
    form = opinion_form(request, item, seat) if seat and verdict else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(verdict.reason)
        if form.is_valid():
            try:
                give_opinion(item=item, by=request.user, now=timezone.now(), **form.cleaned_data)
            except ValidationError as error:
                show_errors(form, error)
            else:
                messages.success(request, "Votre avis est au dossier : vous pouvez le changer jusqu’à l’ouverture.")
                return redirect("projects:item_file", pk)
    context = file_of(item, request.user) | {"form": form, "refusal": verdict.reason if seat else ""}
    return render(request, "projects/convocation/item.html", context, status=422 if form and form.errors else 200)


def opinion_form(request: HttpRequest, item: AgendaItem, seat: Seat) -> MemberOpinionForm:
    """The form of a member, with what they said last."""
    member = member_in(request.user, seat)
    mine = MemberOpinion.objects.standing().filter(session=item.session, project=item.project, member=member).first()
    names = ("position", "words", "capacity")
    initial = {name: getattr(mine, name) for name in names} if mine else {}
    return MemberOpinionForm(request.POST or None, capacities=capacities_of(seat, member), initial=initial)


def file_of(item: AgendaItem, user: User) -> dict[str, Any]:
    """What the page shows, in a constant number of queries."""
    session = item.session
    items = list(session.items.values_list("pk", "minutes_planned"))
    rank = [pk for pk, _ in items].index(item.pk)
    hour = timing_of(session.held_at, [minutes for _, minutes in items]).hours[rank]
    reads = reads_member_opinions(user, session)
    lines = opinions_in(session).get(item.project_id, []) if reads else []
    return {
        "item": item,
        "session": session,
        "project": item.project,
        "rank": rank + 1,
        "hour": hour_fr(hour),
        "length": said(item.minutes_planned) if item.minutes_planned else "",
        "project_url": item.project.get_absolute_url()
        if Project.objects.visible_to(user).filter(pk=item.project_id).exists()
        else "",
        "opinions": summary_of(item.project, user, timezone.localdate()),
        "is_added": was_added(item),
        "decision": item.decision if hasattr(item, "decision") and reads_decisions(user, session) else None,
        "ahead": ahead_told(item, user),
        "reads_member_opinions": reads,
        "draft": item.draft if is_told(user, session) else "",
        "lines": lines,
        "count": count_said(lines),
    }


def ahead_told(item: AgendaItem, user: User) -> list[str]:
    """For whoever prepares the session: the item came on its agenda before its turn."""
    if not (may_plan(user, item.session) and item.project.status == Status.ON_AGENDA):
        return []
    standing = standing_of(item.project, timezone.localdate(), reader=user)
    return ahead_of_turn(item.project, standing, user, session=item.session)


def was_added(item: AgendaItem) -> bool:
    """The item is in no convocation of its session: it came on the agenda after the last one."""
    last = item.session.mailings.filter(kind=Mailing.Kind.CONVOCATION).order_by("number").last()
    return last is not None and item.project_id not in {number for number, _ in last.agenda}
