"""The demo territory for the tests: loaded once by each process, then put back row by row as it was.

Loading takes four seconds, because it goes through the verbs and writes the history of each thing; the tests of some
fifty files start from it. `manage.py load_demo` itself has its own tests, which load it for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.db import connection, transaction

from partners.models import Circuit
from projects.demo import files
from projects.demo.load import load as load_for_good
from territories.places.models import Intercommunality


@dataclass(frozen=True)
class Rows:
    """What a table held, in the form in which its database gives it and takes it back."""

    table: str
    columns: list[str]
    lines: list


BROUGHT_BY_THE_MODELS = {"django_content_type", "auth_permission"}
_kept: dict[str, list[Rows]] = {}


@transaction.atomic
def load() -> Intercommunality:
    """Put the demo territory in a database that holds nothing else, and return its EPCI."""
    name = connection.settings_dict["NAME"]
    if Intercommunality.objects.filter(siren=files.siren()).exists():
        pass  # as the loader: what is there is left as it is
    elif name in _kept:
        _put_back(_kept[name])
    else:
        load_for_good()
        _kept[name] = read()
    connection.check_constraints()  # PostgreSQL would keep them for a commit that may never come
    return Intercommunality.objects.get(siren=files.siren())


def load_without_circuit() -> Intercommunality:
    """The same where a project goes to whichever body a test is about: the circuit has tests of its own."""
    epci = load()
    Circuit.objects.all().delete()
    return epci


def read() -> list[Rows]:
    """Read all that the database holds, but what comes with the models."""
    tables = connection.introspection.django_table_names(only_existing=True)
    return [_read(table) for table in tables if table not in BROUGHT_BY_THE_MODELS]


def _read(table: str) -> Rows:
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        if connection.vendor != "postgresql":
            cursor.execute(f"SELECT {_quoted(columns)} FROM {table}")
            return Rows(table, columns, [tuple(map(_as_stored, row)) for row in cursor.fetchall()])
        with cursor.copy(f"COPY {table} ({_quoted(columns)}) TO STDOUT") as copy:
            return Rows(table, columns, b"".join(copy).splitlines(keepends=True))


def _as_stored(value):
    """SQLite keeps dates and hours as text."""
    return str(value) if isinstance(value, date | time) else value


def _put_back(kept: list[Rows]) -> None:
    """What the tables hold already is what migrations left there, and is in what was kept."""
    with connection.cursor() as cursor:
        for rows in kept:
            cursor.execute(f"DELETE FROM {rows.table}")
        for rows in kept:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {rows.table} ({_quoted(rows.columns)}) FROM STDIN") as copy:
                    copy.write(b"".join(rows.lines))
            elif rows.lines:
                marks = ", ".join("%s" for _ in rows.columns)
                cursor.executemany(f"INSERT INTO {rows.table} ({_quoted(rows.columns)}) VALUES ({marks})", rows.lines)


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
