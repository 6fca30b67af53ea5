"""A territory that holds many projects: those of the demo over and over, each with all that hangs on it, in SQL.

A hundred thousand projects are some five million rows; made one by one they would take hours. Sessions, which no
number of projects multiplies, are copied once for twenty copies of the projects.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from cooperation import statistics
from partners.models import User
from projects.models import Addend, Meeting, Milestone, Notice, Project, Session
from projects.totals.circles import ON_AGENDA
from projects.totals.services import recount, settle
from territories.models import Intercommunality
from tests.factories import make_meeting, make_milestone

STRIDE = 10_000  # between the numbers of a row and those of its copies; the demo holds fewer rows in any table
SESSIONS_EACH = 20
DEPTH = 5  # of the tables that hang on tables that hang on a project
STAGES = ("Études", "Concertation", "Travaux")


def prepare() -> None:
    """What the demo has too little of for a portfolio: stages of calendar, meetings, and news for everybody."""
    projects, people = list(Project.objects.submitted()), User.objects.order_by("pk")
    if not Milestone.objects.exists():
        for project in projects:
            for label in STAGES:
                make_milestone(project, label=label)
    if not Meeting.objects.exists():
        for project in projects[::3]:
            make_meeting(project, commune=project.communes.first())
    seen = [(person, Project.objects.visible_to(person).submitted().order_by("pk").first()) for person in people]
    told = [(person, project) for person, project in seen if project]
    Notice.objects.bulk_create(
        Notice(
            intercommunality=project.intercommunality, person=person, project=project, kind="spoken",
            fact=f"bench:{person.pk}", detail="La CAF", address=project.get_absolute_url(),
            happened_at=timezone.now(), due_at=timezone.now(),
        )
        for person, project in told
    )  # fmt: skip


def fill(size: int) -> None:
    """Complete the demo up to `size` projects; may be called again with a larger number, and does nothing when full."""
    if not Notice.objects.filter(fact__startswith="bench:").exists():
        prepare()
    for epci in Intercommunality.objects.all():
        settle(epci.pk)
    originals = Project.objects.filter(pk__lt=STRIDE).count()
    first, last = Project.objects.count() // originals, -(-size // originals) - 1
    if first > last:
        return
    tables, of_a_session = hanging_on(Project, Session), set(hanging_on(Session))
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        if connection.vendor == "postgresql":  # as above for SQLite: some tables point at each other
            cursor.execute("SET session_replication_role = replica")
        for model in tables:
            cursor.execute(copy_of(model, tables, first, last, rarely=model in of_a_session))
        number_beyond(cursor, tables)
        take_off_agendas(cursor)
        know_references(cursor, first)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")  # what its own housekeeping does in the hour that follows
    statistics.refresh()
    for epci in Intercommunality.objects.all():
        recount(epci.pk)


def number_beyond(cursor: Any, tables: list[type[models.Model]]) -> None:
    """What is written next takes its number after those of the copies: PostgreSQL counts apart what it numbers."""
    for sql in connection.ops.sequence_reset_sql(no_style(), tables):
        cursor.execute(sql)


def take_off_agendas(cursor: Any) -> None:
    """The copies of projects that are on no agenda, since sessions are copied rarely, are not in its circles either."""
    for key, circles in Addend.objects.filter(project__lt=STRIDE).values_list("project", "circles"):
        if ON_AGENDA in circles:
            left = sorted({one.replace("seen:", "commune:") for one in circles} - {ON_AGENDA})
            cursor.execute(
                f"UPDATE projects_addend SET circles = %s WHERE project_id %% {STRIDE} = %s "
                f"AND project_id / {STRIDE} %% {SESSIONS_EACH} <> 0",
                [json.dumps(left), key],
            )


def know_references(cursor: Any, first: int) -> None:
    """The reference of each copy is a word of its own, by which it is found: the only one that its original has not."""
    of_copies = f"FROM projects_project p {{}} WHERE p.id >= {first * STRIDE} AND p.id >= {STRIDE}"
    cursor.execute(
        "INSERT INTO projects_word (intercommunality_id, text) "
        f"SELECT DISTINCT p.intercommunality_id, lower(p.reference) {of_copies.format('')} ON CONFLICT DO NOTHING"
    )
    cursor.execute(
        "INSERT INTO projects_projectword (intercommunality_id, project_id, word_id) "
        "SELECT p.intercommunality_id, p.id, w.id "
        + of_copies.format(
            "JOIN projects_word w ON w.intercommunality_id = p.intercommunality_id AND w.text = lower(p.reference)"
        )
    )


def hanging_on(*roots: type[models.Model]) -> list[type[models.Model]]:
    """These tables and every table that hangs on them, each after what it points at; histories stay where they are."""
    known = list(roots)
    for _ in range(DEPTH):
        known += [
            model
            for model in apps.get_models(include_auto_created=True)
            if model not in known
            and not model.__name__.startswith("Historical")
            and any(target in known for target, _ in links_of(model))
        ]
    return in_order([model for model in known if model._meta.pk.get_internal_type().endswith("AutoField")])


def in_order(tables: list[type[models.Model]]) -> list[type[models.Model]]:
    """Each after what it points at: PostgreSQL looks at once whether it is there."""
    placed: list[type[models.Model]] = []
    while waiting := [model for model in tables if model not in placed]:
        ready = [
            model for model in waiting if all(target not in waiting or target is model for target, _ in links_of(model))
        ]
        placed += ready or waiting
    return placed


def links_of(model: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    for field in model._meta.concrete_fields:
        if field.remote_field:
            yield field.remote_field.model, field.column


def copy_of(model: type[models.Model], among: list, first: int, last: int, *, rarely: bool) -> str:
    """The rows of a table, copied under numbers shifted by so many strides, pointing at the copies of the others."""
    table = model._meta.db_table
    shifted = {model._meta.pk.column} | {column for target, column in links_of(model) if target in among}
    columns = [field.column for field in model._meta.concrete_fields]
    said = ", ".join(written(table, column, shifted=column in shifted) for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    kept = f" AND n.k % {SESSIONS_EACH} = 0" if rarely else ""
    return (
        f"WITH RECURSIVE n(k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM n WHERE k < {last}) "
        f"INSERT INTO {table} ({names}) SELECT {said} FROM {table} t, n "
        f"WHERE t.{model._meta.pk.column} < {STRIDE}{kept}"
    )


def written(table: str, column: str, *, shifted: bool) -> str:
    """A column of a copy: a number that is shifted, a day or an hour that moves, or the same value."""
    if shifted:
        return f't."{column}" + n.k * {STRIDE}'
    if (table, column) == ("projects_project", "search_text"):
        return f"t.\"{column}\" || ' ' || lower(t.\"reference\") || '-' || n.k"
    if (table, column) in UNIQUE:
        return f"t.\"{column}\" || '-' || n.k"
    if move := MOVED.get((table, column)):
        return in_time(column, move)
    return f't."{column}"'


UNIQUE = {
    ("projects_project", "reference"), ("projects_actfiling", "number"), ("projects_notice", "fact"),
    ("projects_envelope", "message_id"),
}  # fmt: skip
MOVED = {
    ("projects_project", "updated_at"): "minutes",
    ("projects_project", "submitted_at"): "minutes",
    ("projects_project", "starts_on"): "days",
    ("projects_project", "ends_on"): "days",
    ("projects_session", "held_on"): "days",
    ("projects_milestone", "planned_start"): "days",
    ("projects_milestone", "planned_end"): "days",
    ("projects_meeting", "starts_at"): "days",
    ("projects_meeting", "ends_at"): "days",
}


def in_time(column: str, unit: str) -> str:
    """Copies spread over six years before and after the original (days), or over the weeks before it (minutes)."""
    number = "(n.k % 4000 - 2000)" if unit == "days" else "-n.k"
    if connection.vendor == "postgresql":
        cast = "::date" if column.endswith(("_on", "planned_start", "planned_end")) else ""
        return f"(t.\"{column}\" + {number} * interval '1 {unit[:-1]}'){cast}"
    if column.endswith(("_on", "planned_start", "planned_end")):
        return f"date(t.\"{column}\", {number} || ' {unit}')"
    return f"strftime('%Y-%m-%d %H:%M:%f', t.\"{column}\", {number} || ' {unit}')"
