"""Who writes indicators, measurements and surveys: one table; and the gates of an indicator and of a survey."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from cooperation.access import ALLOWED, Verdict
from partners.people.access import scope_of
from partners.people.models import Membership, Role
from projects.effects.models import Indicator
from projects.effects.survey_models import Survey
from projects.proposals.access import may
from projects.proposals.models import Project
from projects.proposals.states import BEFORE_ADMISSIBILITY, GIVEN_UP, Status

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality


class Act(StrEnum):
    """What is written here."""

    DEFINE = "define"  # an indicator: what is measured, from where, to where
    MEASURE = "measure"  # one of its values
    SURVEY = "survey"  # what beneficiaries answered


class Tie(StrEnum):
    """What ties a person to a project."""

    COORDINATION = "coordination"
    AUTHOR = "author"
    COLLEAGUE = "colleague"  # an agent of the organisation of its author


# Measurements are written by those who hold the counter, so that one person does not fill the tool for all the others;
# the yardstick itself, once the coordination has taken the project in, is no longer moved by those it measures.
# fmt: off
WRITERS: dict[Act, tuple[frozenset[Tie], frozenset[Tie]]] = {
    #            while its author writes it   once admissible
    Act.DEFINE:  (frozenset({Tie.AUTHOR}),    frozenset({Tie.COORDINATION})),
    Act.MEASURE: (frozenset(),                frozenset({Tie.COORDINATION, Tie.AUTHOR, Tie.COLLEAGUE})),
    Act.SURVEY:  (frozenset(),                frozenset({Tie.COORDINATION})),
}
REFUSED = {
    Act.DEFINE:  "L’auteur écrit les indicateurs tant que le projet est entre ses mains, la coordination ensuite.",
    Act.MEASURE: "La coordination, l’auteur du projet et les agents de son organisation notent les mesures.",
    Act.SURVEY:  "La coordination saisit les enquêtes.",
}
# fmt: on
CLOSED = {*BEFORE_ADMISSIBILITY, *GIVEN_UP} - {Status.TO_COMPLETE}


def verdict(user: User, act: Act, project: Project, today: date) -> Verdict:
    """Whether the person may write this of the project now, and else why not."""
    if project.status in CLOSED:
        return Verdict(f"Ce projet est à l’état « {project.get_status_display()} » : ses effets ne s’écrivent pas.")
    writing, admissible = WRITERS[act]
    allowed = writing if project.is_editable else admissible
    return ALLOWED if allowed & ties_of(user, project, today) else Verdict(REFUSED[act])


def ties_of(user: User, project: Project, today: date) -> set[Tie]:
    """Read at most two rows of memberships, and only for an agent who is neither author nor coordinator."""
    tests = (
        (Tie.COORDINATION, lambda: may(user, "review_project", project)),
        (Tie.AUTHOR, lambda: project.is_proposed_by(user)),
    )
    found = {tie for tie, test in tests if test()}
    return found or ({Tie.COLLEAGUE} if works_with_the_author(user, project, today) else set())


def works_with_the_author(user: User, project: Project, today: date) -> bool:
    """An agent, today, of a commune or of the EPCI for which the author of the project works or worked."""
    if project.author_id is None:
        return False
    held = Membership.objects.filter(intercommunality=project.intercommunality_id, partner=None)
    mine = set(held.filter(user=user, role=Role.AGENT).in_force(today).values_list("commune", flat=True))
    return bool(mine and mine & set(held.filter(user=project.author_id).values_list("commune", flat=True)))


def may_survey(user: User, epci: Intercommunality) -> bool:
    """The coordination enters surveys, of a project or of a service."""
    return scope_of(user).may("review_projects", epci.pk)


def may_change(user: User, survey: Survey, today: date) -> Verdict:
    if survey.project is not None:
        return verdict(user, Act.SURVEY, survey.project, today)
    return ALLOWED if may_survey(user, survey.intercommunality) else Verdict(REFUSED[Act.SURVEY])


def get_indicator(project: Project, pk: int) -> Indicator:
    """The only way a view obtains an indicator: through a project that the person sees."""
    return get_object_or_404(project.indicator_set.with_last().select_related("project"), pk=pk)


def get_survey(user: User, pk: int, today: date, *, to_write: bool = False) -> Survey:
    """The only way a view obtains a survey: 404 if invisible, 403 if the person may not change it."""
    visible = Survey.objects.visible_to(user).select_related("project", "intercommunality")
    survey = get_object_or_404(visible, pk=pk)
    if to_write and not (answer := may_change(user, survey, today)):
        raise PermissionDenied(answer.reason)
    return survey
