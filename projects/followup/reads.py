"""What pages show of the health of projects and of what remains to be done, at a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cooperation.french import date_fr
from partners.people.access import scope_of
from projects.followup.access import closer_of
from projects.followup.models import Action, HealthNote
from projects.followup.rules import STALE_AFTER, Standing, is_stale
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

SAID = {
    Standing.TO_DO: ("in_progress", "À faire"),
    Standing.LATE: ("alert", "En retard"),
    Standing.DONE: ("completed", "Fait"),
    Standing.DROPPED: ("abandoned", "Abandonné"),
}
HEALTH_CHOICES = [
    *HealthNote.Level.choices,
    ("unsaid", "Jamais notée"),
    ("stale", f"Pas actualisée depuis {STALE_AFTER.days // 7} semaines"),
]


@dataclass(frozen=True)
class Health:
    """The last note on a project, and whether it is too old to be relied upon."""

    note: HealthNote
    is_stale: bool

    @property
    def age(self) -> str:
        if not self.is_stale:
            return ""
        return f"Cette note a plus de {STALE_AFTER.days // 7} semaines : elle est à actualiser."


@dataclass(frozen=True)
class Row:
    """An action as it stands on a day, and whether the person may close it."""

    action: Action
    badge: str
    label: str
    may_close: bool


def health_of(project: Project, today: date) -> Health | None:
    """How the project is doing, as it was last said."""
    note = project.health_notes.first()
    return Health(note, is_stale(note.noted_on, today)) if note else None


def with_health(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Each project with the level and the day of its last note, read with the list itself."""
    last = HealthNote.objects.filter(project=OuterRef("pk")).order_by("-noted_on", "-pk")
    return projects.annotate(health=Subquery(last.values("level")[:1]), health_on=Subquery(last.values("noted_on")[:1]))


def of_health(wanted: str, projects: ProjectQuerySet, today: date) -> ProjectQuerySet:
    """Keep the projects whose last note says this, is missing, or is out of date."""
    found = with_health(projects)
    match wanted:
        case "unsaid":
            return found.filter(health__isnull=True)
        case "stale":
            return found.filter(health_on__lt=today - STALE_AFTER)
        case _:
            return found.filter(health=wanted)


def health_words(level: str | None, noted_on: date | None, today: date) -> dict[str, str]:
    """A level in words for a line of a list; one that is out of date says so."""
    if not level or noted_on is None:
        return {"level": "", "label": "", "note": ""}
    old = f"noté le {date_fr(noted_on)}, à actualiser" if is_stale(noted_on, today) else ""
    return {"level": level, "label": HealthNote.Level(level).label, "note": old}


def row_of(action: Action, today: date, *, closes: bool) -> Row:
    standing = action.standing_on(today)
    badge, label = SAID[standing]
    return Row(action, badge, label, closes and standing in (Standing.TO_DO, Standing.LATE))


def rows_of(project: Project, user: User, today: date) -> list[Row]:
    """The actions of a project: what remains first, then what is closed."""
    actions = project.actions.select_related("body", "project")
    may_close = closer_of(user, project, today)
    rows = [row_of(one, today, closes=may_close(one)) for one in actions]
    return sorted(rows, key=lambda row: row.badge in ("completed", "abandoned"))


def told_of(project: Project, user: User, today: date) -> dict[str, Any]:
    """What the page of a project says of its follow-up: how it is doing, what remains to be done."""
    remaining = project.actions.open().select_related("body", "project")
    return {
        "health": health_of(project, today),
        "actions": [row_of(one, today, closes=False) for one in remaining[:6]],
        "remaining": project.actions.open().count(),
    }


def remaining_in(epci: Intercommunality, user: User) -> QuerySet[Action]:
    """What remains to be done on the projects that the person sees, the oldest deadline first."""
    visible = Project.objects.visibility(user, of="project__", within=epci)
    remaining = Action.objects.open().filter(visible, intercommunality=epci)
    return remaining.select_related("project", "body").order_by("due_on", "pk")


def of_person(actions: QuerySet[Action], user: User) -> QuerySet[Action]:
    """Those of which the person is in charge, in their own name or for their commune or partner."""
    scope = scope_of(user)
    return actions.filter(Q(person=user) | Q(commune__in=scope.communes) | Q(partner__in=scope.partners))
