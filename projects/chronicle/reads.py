"""A project as it was on a day, and what differs between two days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models.functions import TruncDate

from cooperation.difference import Piece, difference
from cooperation.french import date_fr, uncapitalized
from projects.calendar.models import Milestone
from projects.chronicle.money import MONEY, money_as_it_was
from projects.chronicle.past import end_of, latest
from projects.funding.models import FundingPlan
from projects.proposals.actor_models import Actor, Endorsement, Interest
from projects.proposals.models import Project
from projects.proposals.places import role_of
from projects.proposals.sharing import answer_said

if TYPE_CHECKING:
    from partners.people.models import User

# What the page of a project shows to all who see it; remarks, recommendations and officers stay where they are.
TEXTS = (
    "title", "status", "need", "shared_objective", "service", "beneficiaries", "origin_text", "scale", "communes_text",
    "competence_text", "no_competence_reason", "owner_name", "resources", "levers", "indicators", "starts_on",
    "ends_on", "orientation_statement",
)  # fmt: skip
LISTS = (("communes", "commune"), ("competences", "competence"), ("objectives", "strategynode"))
DAYS = 30  # of change proposed at most


@dataclass(frozen=True)
class Change:
    """One thing that is not what it was; `pieces` mark what went and what came."""

    label: str
    pieces: list[Piece]
    kind: str  # changed, appeared, or gone


def changes_between(project: Project, since: date, until: date, *, reader: User) -> list[Change]:
    """What differs between the end of two days, in the order of the page of the project."""
    before, after = (dict(as_it_was(project, day, reader=reader)) for day in (since, until))
    labels = [*after, *(label for label in before if label not in after)]
    return [
        Change(label, difference(was, now), "appeared" if not was else "gone" if not now else "changed")
        for label in labels
        if (was := before.get(label, "")) != (now := after.get(label, ""))
    ]


def days_of_change(project: Project, since: date) -> list[date]:
    """The latest days on which the text, the actors, their answers, the stages or the money changed, last one first."""
    kept = (Actor, Milestone, FundingPlan)
    rows: tuple[Any, ...] = (
        project.history,
        Endorsement.history.filter(actor__project=project),
        *(model.history.filter(project_id=project.pk) for model in kept),
        *(model.history.filter(plan__project=project) for model in MONEY),
    )
    days = {
        day
        for history in rows
        for day in history.annotate(day=TruncDate("history_date")).values_list("day", flat=True).distinct()
    }
    return sorted((day for day in days if day >= since), reverse=True)[:DAYS]


def as_it_was(project: Project, day: date, *, reader: User) -> Iterator[tuple[str, str]]:
    """Each thing with its name, as it was at the end of a day."""
    moment = end_of(day)
    record = latest(Project, moment, id=project.pk).first()
    if record is None:
        return
    for name in TEXTS:
        yield label_of(name), said(record, name)
    for name, target in LISTS:
        rows = getattr(record, name).select_related(target)
        yield (
            label_of(name),
            ", ".join(sorted(str(getattr(row, target)) for row in rows)),
        )
    actors = latest(Actor, moment, project_id=project.pk)
    for actor in actors:
        yield f"Acteur : {actor.name}", role_of(actor) or "place à préciser"
    names = {actor.id: actor.name for actor in actors}
    yield from endorsements_as_they_were(moment, names)
    yield from interests_as_they_were(project, moment, names, reader=reader)
    for stage in latest(Milestone, moment, project_id=project.pk):
        yield f"Étape : {stage.label}", f"du {date_fr(stage.planned_start)} au {date_fr(stage.planned_end)}"
    yield from money_as_it_was(project, moment)


def endorsements_as_they_were(moment: datetime, names: dict[int, str]) -> Iterator[tuple[str, str]]:
    """What each actor had last answered on the objective, by name and date."""
    rows = latest(Endorsement, moment, actor_id__in=names)
    for row in sorted(rows, key=lambda one: one.objective_version):  # the last wording comes last, and stays
        answer = uncapitalized(answer_said(row.endorses))
        said_by = f"par {row.given_by_name}, le {date_fr(row.given_on)}"
        yield f"Partage de l’objectif : {names[row.actor_id]}", f"{answer}, version {row.objective_version}, {said_by}"


def interests_as_they_were(
    project: Project, moment: datetime, names: dict[int, str], *, reader: User
) -> Iterator[tuple[str, str]]:
    """What the reader may read today, in words that were as open then: what became private is never shown again."""
    now = dict(Interest.objects.visible_to(reader).filter(actor__project=project).values_list("pk", "visibility"))
    kept = set(Interest.objects.filter(actor__project=project).values_list("pk", flat=True))
    for row in latest(Interest, moment, actor_id__in=names):
        is_open = row.visibility == Interest.Visibility.EVERYONE
        if (row.id in now and (is_open or row.visibility == now[row.id])) or (row.id not in kept and is_open):
            words = (row.text, row.gains and f"Il y gagne : {row.gains}", row.gives and f"Il apporte : {row.gives}")
            yield f"Intérêt : {names[row.actor_id]}", " ".join(part for part in words if part)


def said(record: Any, name: str) -> str:
    value = getattr(record, f"get_{name}_display", lambda: getattr(record, name))()
    return date_fr(value) if isinstance(value, date) else str(value or "")


def label_of(name: str) -> str:
    text = str(Project._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return text[:1].upper() + text[1:]
