"""What every test is given: no internet, a browser when there is one, real data when they are there."""

from __future__ import annotations

import gc
import json
import logging
import os
import shutil
import socket
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from _pytest import runner
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from cooperation.calls import roomy
from projects.seal import guards
from tests import demo
from tests.databases import prepare

# How long an example takes depends on what else the machine is doing: time is measured in the bench, never here.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")
# Memory is ample, and a run is short: what can no longer be reached is looked for rarely.
gc.set_threshold(50_000, 20, 20)

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0"}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the lightest first
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), "")
# Each context would draw the address bar of a window that nobody sees, in two processes of its own. The last list given
# counts alone: what Playwright turns off is said again.
TURNED_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsUpgrades", "MediaRouter", "OptimizationHints", "PaintHolding",
    "ThirdPartyStoragePartitioning", "NetworkTimeServiceQuerying", "PreconnectToSearch",
)  # fmt: skip
CHROMIUM_FLAGS = [
    f"--disable-features={','.join(TURNED_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_DATA = "données publiques réelles absentes (réglage SHARED_DATA)"
# The longest first, in this order: two workers then end together.
LONGEST = (
    "test_accessibility.py",
    "test_pages.py",
    "test_live_in_browser.py",
    "test_seal.py",
    "test_report_as_of.py",
    "test_seal_of_a_live_session.py",
    "test_two_people.py",
    "test_journey.py",
    "test_report_demo.py",
    "test_demo_command.py",
    "test_readers_in_browser.py",
    "test_import_competences.py",
    "test_printing_process.py",
    "test_printing_in_parts.py",
    "test_import_places.py",
)
# What the second database takes from the first keeps its place, near the end: the first is done with it by then.
TAKEN_FROM_THE_FIRST = {"test_accessibility.py", "test_journey.py", "test_report_demo.py"}
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
NO_BROWSER = "navigateur Chromium absent"
PATIENCE = 180_000  # milliseconds for a page to come: how long it takes depends on what else the machine is doing

WAYS_OUT = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}


def _to_this_machine_only(way):
    """The same way out of a socket, closed to every other machine; the address is the last argument of all three."""

    def checked(self, *args):
        if isinstance(args[-1], tuple) and args[-1][0] not in LOOPBACK:
            raise RuntimeError(f"Un test a voulu joindre {args[-1][0]} : aucun test ne sort de la machine.")
        return way(self, *args)

    return checked


def _names_of_this_machine_only(resolve):
    """Asking for the address of a name already leaves the machine: only its own names are answered."""

    def checked(host, *args, **kwargs):
        name = host.decode() if isinstance(host, bytes) else host
        if name and name not in LOOPBACK and name != socket.gethostname():
            raise RuntimeError(f"Un test a voulu résoudre {name} : aucun test ne sort de la machine.")
        return resolve(host, *args, **kwargs)

    return checked


@pytest.fixture(autouse=True, scope="session")
def no_internet():
    resolve = socket.getaddrinfo
    for name, way in WAYS_OUT.items():
        setattr(socket.socket, name, _to_this_machine_only(way))
    socket.getaddrinfo = _names_of_this_machine_only(resolve)
    yield
    socket.getaddrinfo = resolve
    for name, way in WAYS_OUT.items():
        setattr(socket.socket, name, way)


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """Start from a migrated template; a file that was copied is removed at the end, not destroyed by Django."""
    if request.config.getvalue("reuse_db"):
        yield True
        return
    is_there = prepare(connection)
    yield is_there
    if is_there:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(connection.settings_dict["TEST"]["NAME"] + suffix).unlink(missing_ok=True)


@pytest.fixture(autouse=True, scope="session")
def tables_are_emptied_between_tests():
    """What the database refuses to remove is removed all the same after a test that wrote for good.

    What the models themselves bring stays: making it again takes a second, and would give it other numbers.
    """
    empty, write = (getattr(type(connection.ops), name) for name in ("execute_sql_flush", "sql_flush"))

    def execute_sql_flush(ops, statements):
        with guards.lifted(connection):
            empty(ops, statements)

    def sql_flush(ops, style, tables, **options):
        return write(ops, style, [name for name in tables if name not in demo.BROUGHT_BY_THE_MODELS], **options)

    type(connection.ops).execute_sql_flush, type(connection.ops).sql_flush = execute_sql_flush, sql_flush
    yield
    type(connection.ops).execute_sql_flush, type(connection.ops).sql_flush = empty, write


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data, read in place."""
    if settings.SHARED_DATA is None:
        pytest.skip(NO_DATA)
    return settings.SHARED_DATA


def opens_a_database(item) -> bool:
    """Whether a test may open a database; pytest-django stops any other that tries to."""
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))


def pytest_collection_modifyitems(config, items):
    """Put the longest files first.

    On the second database, what opens none is not run again: nothing in it could differ.
    """
    first = LONGEST
    if os.environ.get("SUITE_SECOND_DATABASE"):
        config.hook.pytest_deselected(items=[item for item in items if not opens_a_database(item)])
        items[:] = [item for item in items if opens_a_database(item)]
        first = [name for name in LONGEST if name not in TAKEN_FROM_THE_FIRST]
    rank = {name: position for position, name in enumerate(first)}
    items.sort(key=lambda item: rank.get(item.path.name, len(LONGEST)))


protocol_with_room = roomy(runner.pytest_runtest_protocol)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run a test as pytest does, with room for its calls."""
    return protocol_with_room(item, nextitem)


def pytest_collection_finish():
    """What is loaded by then stays until the end: nobody looks through it again."""
    gc.freeze()


@pytest.fixture(scope="module")
def demo_territory(django_db_setup, django_db_blocker):
    """The demo territory, loaded once for the tests of a file: each starts from it and leaves it as it found it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.load_without_circuit()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(request, django_db_setup, django_db_blocker):
    """The `World` of a file, made once for its tests and undone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield request.module.World()
        transaction.set_rollback(True)


@pytest.fixture
def world(made, db):
    """The world of the file as it was made, whatever the tests before did with it: rows and objects alike."""
    return deepcopy(made)


class Said(logging.Handler):
    """What was logged during a test."""

    def __init__(self):
        super().__init__()
        self.records = []
        self.emit = self.records.append


@pytest.fixture
def said():
    """Every record from INFO on, kept whole. Pytest's own writes each one in words, twice, for tests that never ask."""
    root, handler = logging.getLogger(), Said()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the session."""
    if not CHROMIUM:
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django must still be allowed to query from it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser, live_server):
    """A fresh page, in French, on the live server (`browser_page.goto(live_server.url + "/")`)."""
    context = browser.new_context(locale="fr-FR", base_url=live_server.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def pytest_terminal_summary(terminalreporter):
    """Name in the last lines every part that could not run: nothing is passed over in silence."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"NON EXÉCUTÉ — {reason.removeprefix('Skipped: ')} : {count} tests")
    if path := os.environ.get("SUITE_SUMMARY"):
        stats = {name: terminalreporter.stats.get(name, []) for name in ("passed", "failed", "error")}
        counts = {name: len(reports) for name, reports in stats.items()}
        failures = dict.fromkeys(report.nodeid for report in (*stats["failed"], *stats["error"]))  # once each
        Path(path).write_text(json.dumps({"counts": counts, "skipped": reasons, "failures": [*failures]}))
