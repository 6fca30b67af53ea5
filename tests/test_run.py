"""Nothing is passed over in silence: what failed or could not run is named in the last lines of a run."""

import json
import sys
from types import SimpleNamespace

import pytest

from tests import conftest, run

SKIPPED = [("tests/test_pages.py", 3, f"Skipped: {conftest.NO_BROWSER}")] * 2 + [
    ("x.py", 1, f"Skipped: {conftest.NO_DATA}")
]
A_TEST, A_FILE = "tests/test_pages.py::test_no_page_is_missing_from_the_table", "tests/test_journey.py"


@pytest.fixture
def summary(tmp_path, monkeypatch):
    """What a run leaves of its reports, and the lines that it writes."""

    def made(**reports):
        monkeypatch.setenv("SUITE_SUMMARY", str(tmp_path / "summary.json"))
        lines = []
        conftest.pytest_terminal_summary(SimpleNamespace(stats=reports, write_line=lines.append))
        return lines, json.loads((tmp_path / "summary.json").read_text())

    return made


def test_a_missing_browser_and_missing_data_are_named_with_the_tests_that_wait_for_them(summary):
    lines, found = summary(skipped=[SimpleNamespace(longrepr=one) for one in SKIPPED], passed=[1, 2, 3])
    assert lines == [
        "NON EXÉCUTÉ — navigateur Chromium absent : 2 tests",
        "NON EXÉCUTÉ — données publiques réelles absentes (réglage SHARED_DATA) : 1 tests",
    ]
    told = list(run.last_lines([{"name": "SQLite", **found}, {"name": "PostgreSQL", **found}]))
    assert told[0] == "NON EXÉCUTÉ sur SQLite — navigateur Chromium absent : 2 tests"
    assert told[2] == "NON EXÉCUTÉ sur PostgreSQL — navigateur Chromium absent : 2 tests"
    assert told[-1] == "6 passed, 0 failed"


def test_what_failed_is_named_on_its_database_in_the_last_lines(summary):
    right, wrong = summary(passed=[1])[1], {"failed": [SimpleNamespace(nodeid=A_TEST)]}
    twice = [SimpleNamespace(nodeid=A_FILE)] * 2  # each worker meets a file that cannot be read
    found = summary(**wrong, error=twice)[1]
    told = list(run.last_lines([{"name": "SQLite", **right}, {"name": "PostgreSQL", **found}]))
    assert told[-3:] == [
        f"ÉCHEC sur PostgreSQL — {A_TEST}",
        f"ÉCHEC sur PostgreSQL — {A_FILE}",
        "1 passed, 3 failed",
    ]


def test_a_suite_that_stops_before_its_end_fails_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found = run.run_suite("PostgreSQL", "postgresql://nowhere", tmp_path, [])
    assert found["code"] == 1
    told = list(run.last_lines([{"name": "SQLite", **run.stopped(0)}, found]))
    assert told[-2:] == [
        "ÉCHEC sur PostgreSQL — la suite s’est arrêtée avant la fin (code 1)",
        "0 passed, 2 failed",
    ]


def test_the_two_suites_run_at_once_and_what_they_write_does_not_mix(tmp_path, monkeypatch, capfd):
    """Each waits half a minute for the other to have begun: one after the other, they would not end as they should."""
    play = tmp_path / "play"
    play.write_text(
        '#!/bin/sh\nmine=sqlite; other=postgresql; [ -z "$TEST_DATABASE_URL" ] || { mine=postgresql; other=sqlite; }\n'
        f'echo "$mine begins"; : > {tmp_path}/$mine\n'
        f"for _ in $(seq 3000); do [ -e {tmp_path}/$other ] && echo $mine ends && exit 1; sleep 0.01; done\n"
    )
    play.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(play))
    found = run.run_both("postgresql://nowhere", tmp_path, [])
    assert [one["name"] for one in found] == ["SQLite", "PostgreSQL"]
    assert [one["code"] for one in found] == [1, 1]
    said = [line for line in capfd.readouterr().out.splitlines() if line.endswith(("begins", "ends"))]
    assert said == ["sqlite begins", "sqlite ends", "postgresql begins", "postgresql ends"]
