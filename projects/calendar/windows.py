"""Which meetings and which stages: those of the projects that a person sees, found without reading all the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partners.people.access import scope_of
from projects.calendar.models import Guest, Meeting, Milestone
from projects.deliberation.models import AgendaItem, Session
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

FEW = 1_000  # projects that may be named one by one in a query
DAY = timedelta(days=1)
NOTHING = Q(pk__in=())


def visible_projects(epci: Intercommunality, user: User) -> ProjectQuerySet:
    return Project.objects.visible_in(epci, user)


@dataclass(frozen=True)
class Asked:
    """The projects asked for, among those that a person sees: to be named, or each looking for its own rows.

    For each row of the calendar, PostgreSQL would name them all again.
    """

    together: ProjectQuerySet
    each: ProjectQuerySet


def asked_for(epci: Intercommunality, user: User, narrow: Callable[..., ProjectQuerySet | None]) -> Asked | None:
    """What a choice keeps of the projects that the person sees; None when it says nothing."""
    # The choice before the reader: it is asked in the order written, and is told by one row where readers take several.
    together, each = narrow(Project.objects.all()), narrow(Project.objects.all(), each=True)
    if together is None or each is None:
        return None
    return Asked(together.visible_in(epci, user), each.visible_in(epci, user, each=True))


R = TypeVar("R", Meeting, Milestone)


def named(projects: ProjectQuerySet) -> list[int] | None:
    """The numbers of these projects; None when there are more than may be named."""
    keys = list(projects.order_by().values_list("pk", flat=True)[: FEW + 1])
    return keys if len(keys) <= FEW else None


def of_projects(rows: QuerySet[R], epci: Intercommunality, projects: Asked) -> tuple[QuerySet[R], bool]:
    """The rows that hang on one of these projects of the EPCI; and whether these are few: all may then be read.

    When the projects are few they are named, and their rows found at once. When they are many, rows are read in the
    order of time and each asks for its own project: the first page is full after a few of them.
    """
    keys = named(projects.together)
    if keys is not None:
        return rows.filter(project__in=keys), True
    return rows.filter(Exists(projects.each.filter(pk=OuterRef("project"))), intercommunality=epci), False


def seen_by(user: User, rows: QuerySet[R], epci: Intercommunality, or_else: Q = NOTHING) -> tuple[QuerySet[R], bool]:
    """The same for all the projects that the person sees in the EPCI; or the rows that answer `or_else`."""
    if not Project.objects.are_many(user):
        keys = named(visible_projects(epci, user))
        if keys is not None:
            return rows.filter(Q(project__in=keys) | or_else), Project.objects.are_few(user)
    seen = Q(project__isnull=False) & Project.objects.visibility(user, of="project__", each=True, within=epci)
    return rows.filter(seen | or_else, intercommunality=epci), False


def meetings_seen(epci: Intercommunality, user: User, projects: Asked | None = None) -> tuple[QuerySet[Meeting], bool]:
    """The meetings that the person sees: of these projects, or of all of them and of the territory itself, which
    those who do not work in the EPCI see when they are expected there. And whether their projects are few.
    """
    rows = Meeting.objects.order_by()
    if projects is not None:
        return of_projects(rows, epci, projects)
    return seen_by(user, rows, epci, or_else=of_the_territory(epci, user))


def meetings_of(epci: Intercommunality, user: User, projects: Asked | None = None) -> QuerySet[Meeting]:
    """The same, whether they are few or many."""
    return meetings_seen(epci, user, projects)[0]


def of_the_territory(epci: Intercommunality, user: User) -> Q:
    """Meetings about the territory itself: for who reads them all, or for those whom they expect."""
    scope = scope_of(user)
    reads_all = scope.may("view_sessions", epci.pk) or scope.may("submit_projects", epci.pk)
    of_territory = Q(project=None, intercommunality=epci)
    return of_territory if reads_all else of_territory & Q(pk__in=Guest.objects.expecting(user).values("meeting"))


def milestones_seen(
    epci: Intercommunality, user: User, projects: Asked | None = None
) -> tuple[QuerySet[Milestone], bool]:
    """The stages of these projects, or of all those that the person sees; and whether these projects are few."""
    rows = Milestone.objects.order_by()
    return seen_by(user, rows, epci) if projects is None else of_projects(rows, epci, projects)


def milestones_of(epci: Intercommunality, user: User, projects: Asked | None = None) -> QuerySet[Milestone]:
    """The same, whether they are few or many."""
    return milestones_seen(epci, user, projects)[0]


def sessions_seen(epci: Intercommunality, user: User, projects: Asked | None = None) -> QuerySet[Session]:
    """The sessions that the person may read: of every body, or those with one of these projects on their agenda."""
    if not scope_of(user).may("view_sessions", epci.pk):
        return Session.objects.none()
    found = Session.objects.filter(intercommunality=epci)
    if projects is None:
        return found
    items = AgendaItem.objects.filter(session=OuterRef("pk"))
    return found.filter(Exists(items.filter(Exists(projects.each.filter(pk=OuterRef("project"))))))


def starting_between(first: date, last: date) -> Q:
    """Meetings that begin on one of these days, in local time."""
    here = timezone.get_current_timezone()
    return Q(
        starts_at__gte=datetime.combine(first, time.min, tzinfo=here),
        starts_at__lt=datetime.combine(last + DAY, time.min, tzinfo=here),
    )


def starting_from(day: date) -> Q:
    """Meetings of a day and after it; a meeting never lasts beyond its day (its form asks for one)."""
    return Q(starts_at__gte=datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone()))


def running_between(first: date, last: date) -> Q:
    """Stages planned on one day at least of a window."""
    return Q(planned_start__lte=last, planned_end__gte=first)


def to_come(today: date) -> Q:
    """Stages whose planned end is still ahead, and that have not ended before it."""
    return Q(planned_end__gte=today, actual_end=None)


def late(today: date) -> Q:
    """Stages that should have ended."""
    return Q(planned_end__lt=today, actual_end=None)
