"""What the database itself refuses, whoever asks and by whatever way: to change or remove a row written once.

Triggers stop `QuerySet.update`, raw SQL and the administrator's console alike, on SQLite and on PostgreSQL. Whoever
owns the database can still drop a trigger: the chain (`checking.py`) then tells what was done. SQLite loses the
triggers of a table that a migration builds again, so they are put in place after every migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps as installed
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "Une ligne scellée ne se modifie pas et ne s’efface pas."
# Model → the columns that may become empty, and nothing else: the account of a person can be erased, the act stays.
GUARDED: dict[str, tuple[str, ...]] = {
    "SealedRecord": (),
    "Decision": ("proclaimed_by",),
    "Correction": (),
    "Publication": (),
    "Departure": (),
    "Referral": (),
}
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION refuse_to_change_what_is_sealed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""


def install(connection: BaseDatabaseWrapper, apps: Any = installed) -> None:
    """Put every trigger in place, in the shape that the tables have now."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for model, emptied in guarded(connection, apps):
            for statement in dropped(connection, model) + created(connection, model, emptied):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, apps: Any = installed) -> None:
    with connection.cursor() as cursor:
        for model, _ in guarded(connection, apps):
            for statement in dropped(connection, model):
                cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let rows go for the time of a block: for the demo territory, which is invented, and for the tests."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def guarded(connection: BaseDatabaseWrapper, apps: Any) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """The guarded models whose table is there."""
    tables = set(connection.introspection.table_names())
    for name, emptied in GUARDED.items():
        try:
            model = apps.get_model("projects", name)
        except LookupError:
            continue
        if model._meta.db_table in tables:
            yield model, emptied


def names(table: str, *, postgresql: bool) -> list[str]:
    """The names of the triggers of a table."""
    kinds = ["update", "delete", "erase", *(["truncate"] if postgresql else [])]
    return [f"{table}_refuse_{kind}" for kind in kinds]


def dropped(connection: BaseDatabaseWrapper, model: Any) -> list[str]:
    table, postgresql = model._meta.db_table, connection.vendor == "postgresql"
    place = f" ON {table}" if postgresql else ""
    return [f"DROP TRIGGER IF EXISTS {name}{place}" for name in names(table, postgresql=postgresql)]


def created(connection: BaseDatabaseWrapper, model: Any, emptied: tuple[str, ...]) -> list[str]:
    """One trigger on deletion, one on every column, one on the columns that may only become empty."""
    table = model._meta.db_table
    freed = [model._meta.get_field(name).column for name in emptied]
    kept = [field.column for field in model._meta.concrete_fields if field.column not in freed]
    postgresql = connection.vendor == "postgresql"
    then = "EXECUTE FUNCTION refuse_to_change_what_is_sealed()"
    if not postgresql:
        then = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    row = "FOR EACH ROW"
    statements = [
        f"CREATE TRIGGER {table}_refuse_delete BEFORE DELETE ON {table} {row} {then}",
        f"CREATE TRIGGER {table}_refuse_update BEFORE UPDATE OF {', '.join(kept)} ON {table} {row} {then}",
    ]
    if freed:
        filled = " OR ".join(f"NEW.{column} IS NOT NULL" for column in freed)
        columns = ", ".join(freed)
        statements.append(
            f"CREATE TRIGGER {table}_refuse_erase BEFORE UPDATE OF {columns} ON {table} {row} WHEN ({filled}) {then}"
        )
    if postgresql:
        statements.append(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {then}"
        )
    return statements


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables whose triggers are not in place, for the one who checks the seal."""
    catalogue = "pg_trigger" if connection.vendor == "postgresql" else "sqlite_master"
    column = "tgname" if connection.vendor == "postgresql" else "name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue}")
        there = {row[0] for row in cursor.fetchall()}
    tables = [model._meta.db_table for model, _ in guarded(connection, installed)]
    return [table for table in tables if not {f"{table}_refuse_delete", f"{table}_refuse_update"} <= there]
