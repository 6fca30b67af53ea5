"""What is done to follow a project: note how it is doing, write what was decided, say that it is done or given up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cooperation.access import require
from partners.directory.models import Partner
from partners.governance.models import Body
from projects.followup.access import may_close, may_note_health, may_write_actions
from projects.followup.models import Action, HealthNote
from projects.proposals.models import Project
from territories.places.models import Commune

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def note_health(*, project: Project, by: User, on: date, level: str, reason: str, unblocking: str = "") -> HealthNote:
    """Say how the project is doing and why; the former notes stay, in the order of their days."""
    locked = Project.objects.select_for_update(of=("self",)).select_related("lead_councillor").get(pk=project.pk)
    require(may_note_health(by, locked))
    note = HealthNote(
        intercommunality_id=locked.intercommunality_id,
        project=locked,
        level=level,
        reason=reason.strip(),
        unblocking=unblocking.strip(),
        noted_on=on,
        noted_by=by,
        noted_by_name=str(by),
    )
    note.full_clean()
    note.save()
    return note


@transaction.atomic
def decide_action(
    *,
    project: Project,
    by: User,
    text: str,
    due_on: date,
    decided_on: date,
    who: str = "",
    person: User | None = None,
    commune: Commune | None = None,
    partner: Partner | None = None,
    body: Body | None = None,
) -> Action:
    """Write what was decided to be done: by whom, by when. Without words, whoever is chosen gives its name."""
    if not may_write_actions(by, project):
        raise PermissionDenied("La coordination seule écrit ce qui a été décidé.")
    named = who.strip() or ", ".join(str(one) for one in (person, commune, partner) if one)
    action = Action(
        intercommunality_id=project.intercommunality_id,
        project=project,
        text=text.strip(),
        who=named,
        person=person,
        commune=commune,
        partner=partner,
        due_on=due_on,
        body=body,
        decided_on=decided_on,
        written_by=by,
        written_by_name=str(by),
    )
    action.full_clean()
    action.save()
    return action


@transaction.atomic
def close_action(*, action: Action, by: User, on: date, is_done: bool, words: str = "") -> Action:
    """Say that it is done, or that it is given up and why."""
    locked = Action.objects.select_for_update(of=("self",)).select_related("project").get(pk=action.pk)
    if not may_close(by, locked, on):
        raise PermissionDenied("La personne qui en est chargée, ou la coordination, clôt cette action.")
    if locked.done_on or locked.dropped_on:
        raise ValidationError("Cette action est déjà close.")
    locked.done_on, locked.dropped_on = (on, None) if is_done else (None, on)
    locked.closing_words, locked.closed_by_name = words.strip(), str(by)
    locked.full_clean()
    locked.save()
    return locked
