"""The circles of those who read some projects only: what one commune, one partner or the agendas bring to read.

The sum of a circle is kept like any other. It says in rows what `visibility` asks of the database; the tests hold one
against the other, reader by reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from partners.people.access import scope_of
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

ON_AGENDA = "agenda"


def of_commune(pk: int, *, on_agenda: bool) -> str:
    """Projects that concern a commune: those that are on an agenda make another circle, so that none is read twice."""
    return f"{'seen' if on_agenda else 'commune'}:{pk}"


def of_partner(pk: int) -> str:
    return f"partner:{pk}"


def circles_read(user: User, epci: Intercommunality) -> frozenset[str] | None:
    """The circles that hold all the admissible projects others wrote and the person sees; they share no project.

    None for whoever speaks for several organisations: theirs would share some.
    """
    scope = scope_of(user)
    reads_agendas = scope.may("view_sessions", epci.pk)
    if len(scope.communes) + len(scope.partners) > 1 or (scope.partners and reads_agendas):
        return None
    found = {ON_AGENDA} if reads_agendas else set()
    found |= {of_partner(pk) for pk in scope.partners}
    for pk in scope.communes:
        found |= {of_commune(pk, on_agenda=False)} if reads_agendas else circles_of_commune(pk)
    return frozenset(found)


def circles_of_commune(pk: int) -> set[str]:
    return {of_commune(pk, on_agenda=on_agenda) for on_agenda in (False, True)}


def circles_of_many(projects: Collection[int]) -> dict[int, list[str]]:
    """The circles of each of these projects, once it is admissible."""
    linked, found = Project.objects.linked, defaultdict(set)
    on_agenda = set(linked("agenda_items").filter(project__in=projects).values_list("project", flat=True))
    for project in on_agenda:
        found[project].add(ON_AGENDA)
    asked = linked("opinion_requests").filter(project__in=projects, withdrawn_on=None)
    for rows in (linked("communes").filter(project__in=projects), asked.filter(commune__isnull=False)):
        for project, commune in rows.values_list("project", "commune"):
            found[project].add(of_commune(commune, on_agenda=project in on_agenda))
    for rows in (linked("actors").filter(project__in=projects), asked):
        for project, partner in rows.filter(partner__isnull=False).values_list("project", "partner"):
            found[project].add(of_partner(partner))
    return {project: sorted(circles) for project, circles in found.items()}
