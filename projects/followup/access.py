"""Who may say how a project is doing, write what was decided, and close it; the gate of an action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from cooperation.access import ALLOWED, Verdict
from partners.people.acting import ACTING, acting_for
from partners.people.models import Membership, User
from projects.followup.models import Action
from projects.proposals.access import may, steers
from projects.proposals.models import Project
from projects.proposals.states import BEFORE_ADMISSIBILITY, Status

ENDED = {Status.DRAFT, *BEFORE_ADMISSIBILITY, Status.REJECTED, Status.ABANDONED, Status.EVALUATED}


def may_note_health(user: User, project: Project) -> Verdict:
    """The coordination, the author and the elected member in charge say how a living project is doing."""
    if not steers(user, project):
        return Verdict("La coordination, l’auteur et l’élu·e référent·e disent comment va le projet.")
    if project.status in ENDED:
        return Verdict(f"Ce projet est à l’état « {project.get_status_display()} » : sa santé ne se note pas.")
    return ALLOWED


def may_write_actions(user: User, project: Project) -> bool:
    """The coordination writes what was decided to be done."""
    return may(user, "review_project", project)


def closer_of(user: User, project: Project, today: date) -> Callable[[Action], bool]:
    """Whether the person may close an action of the project, for a whole list in one query.

    The coordination, the person in charge, and those who act for the commune or the partner in charge. A municipal
    councillor reads, and closes nothing (CGCT, art. L. 5211-40-2).
    """
    if may_write_actions(user, project):
        return lambda action: True
    held = Membership.objects.filter(user=user, role__in=ACTING).in_force(today)
    memberships = list(held.values_list("commune", "partner"))
    communes = {commune for commune, _ in memberships if commune}
    partners = {partner for _, partner in memberships if partner}
    return lambda action: (
        (action.person_id is not None and action.person_id == user.pk)
        or action.commune_id in communes
        or action.partner_id in partners
    )


def people_in_charge(action: Action, today: date) -> QuerySet[User]:
    """The person in charge, and those who act for the commune or the partner in charge; nobody for mere words."""
    return acting_for(
        intercommunality_id=action.intercommunality_id,
        on=today,
        persons=[action.person_id],
        communes=[action.commune_id],
        partners=[action.partner_id],
    )


def may_close(user: User, action: Action, today: date) -> bool:
    return closer_of(user, action.project, today)(action)


def get_action(project: Project, pk: int) -> Action:
    """The only way a view obtains an action: through a project that the person sees."""
    return get_object_or_404(project.actions.select_related("project", "body"), pk=pk)
