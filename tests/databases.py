"""A database already migrated, made once for a given set of migrations and copied for each worker of the suite.

Migrating from nothing costs several seconds to each worker, and more with each migration to come: Django works out the
models between two operations. The copy holds what the migrations made: nothing is built another way.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
HOUSES = ("cooperation", "territories", "partners", "projects")


def state_of_migrations() -> str:
    """What names a template: the text of our migrations, and the versions of the libraries that bring theirs."""
    digest = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes())
    for house in HOUSES:
        for path in sorted((ROOT / house / "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def one_at_a_time(template: str):
    """Let one process at a time make, or copy, this template; the others wait for it."""
    with (Path(settings.TEST_DATABASES) / f"{template}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(connection) -> bool:
    """Give the test database of this connection its template; say whether the database is already there."""
    template = make_template(connection.vendor)
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
        return False
    with one_at_a_time(Path(template).stem):
        copy = connection.settings_dict["TEST"]["NAME"]
        for journal in ("-wal", "-shm"):  # of a run that was stopped under the same name: SQLite would replay it
            Path(f"{copy}{journal}").unlink(missing_ok=True)
        shutil.copyfile(template, copy)
    return True


def make_template(vendor: str) -> str:
    """Make the template where it is missing; return its name on PostgreSQL, its path on SQLite."""
    name = f"template_{state_of_migrations()}"
    with one_at_a_time(name if vendor == "sqlite" else f"{name}-{vendor}"):
        if vendor == "postgresql":
            return _postgresql_template(name)
        template = Path(settings.TEST_DATABASES) / f"{name}.sqlite3"
        if not template.exists():
            _migrate(f"sqlite:///{template}.part")
            Path(f"{template}.part").rename(template)
        return str(template)


def _postgresql_template(name: str) -> str:
    """Make the template where it is missing, under the server's own list of databases, and return its name."""
    import psycopg

    url = os.environ["TEST_DATABASE_URL"]
    with closing(psycopg.connect(url, autocommit=True)) as server:
        known = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
        if name not in known:
            server.execute(f'DROP DATABASE IF EXISTS "{name}_part"')
            server.execute(f'CREATE DATABASE "{name}_part"')
            _migrate(url, database=f"{name}_part")
            server.execute(f'ALTER DATABASE "{name}_part" RENAME TO "{name}"')
    return name


def _migrate(url: str, database: str = "") -> None:
    """Migrate an empty database in a process of its own, which leaves no connection behind it."""
    environment = os.environ | {"TEST_DATABASE_URL": url, "TEST_DATABASE_NAME": database}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    make_template("postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite")
