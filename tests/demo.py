"""The demo territory for the tests: loaded once for all the processes of a run, then put back row by row as it was.

Loading takes four seconds, because it goes through the verbs and writes the history of each thing; the tests of some
fifty files start from it. `manage.py load_demo` itself has its own tests, which load it for good.
"""

from __future__ import annotations

import fcntl
import pickle
from dataclasses import dataclass
from datetime import date, time

from django.conf import settings
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
SHARED = settings.FOLDER / "demo"  # the processes of a run start from the same template, and share this folder
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
        _kept[name] = _load_or_take()
    connection.check_constraints()  # PostgreSQL would keep them for a commit that may never come
    return Intercommunality.objects.get(siren=files.siren())


def _load_or_take() -> list[Rows]:
    """Load it for good where no process of this run has, and take its rows otherwise; one process at a time."""
    SHARED.mkdir(parents=True, exist_ok=True)
    with (SHARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = SHARED / connection.vendor
        if not path.exists():
            load_for_good()
            rows = read()
            path.write_bytes(pickle.dumps(rows))
            return rows
    rows = pickle.loads(path.read_bytes())
    _put_back(rows)
    _number_after(rows)
    return rows


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
        cursor.execute(f"SELECT * FROM {table}{' LIMIT 0' if connection.vendor == 'postgresql' else ''}")
        columns = [column[0] for column in cursor.description]
        if connection.vendor != "postgresql":
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


def _number_after(kept: list[Rows]) -> None:
    """Have the rows to come numbered after those: SQLite looks at what it holds, PostgreSQL at what it numbered."""
    if connection.vendor != "postgresql":
        return
    filled = {rows.table for rows in kept if rows.lines}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, pg_get_serial_sequence(table_name, column_name)"
            " FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'"
        )
        for table, column, numbers in cursor.fetchall():
            if table in filled:
                last = f"greatest((SELECT max({column}) FROM {table}), nextval('{numbers}'))"
                cursor.execute(f"SELECT setval('{numbers}', {last})")


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
