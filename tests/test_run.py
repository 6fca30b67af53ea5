"""Nothing is passed over in silence: what could not run is named in the last lines of a run."""

import json
from types import SimpleNamespace

from tests import conftest, run

SKIPPED = [("tests/test_pages.py", 3, f"Skipped: {conftest.NO_BROWSER}")] * 2 + [
    ("x.py", 1, f"Skipped: {conftest.NO_DATA}")
]


def test_a_missing_browser_and_missing_data_are_named_with_the_tests_that_wait_for_them(tmp_path, monkeypatch):
    monkeypatch.setenv("SUITE_SUMMARY", str(tmp_path / "summary.json"))
    lines = []
    reports = {"skipped": [SimpleNamespace(longrepr=one) for one in SKIPPED], "passed": [1, 2, 3]}
    conftest.pytest_terminal_summary(SimpleNamespace(stats=reports, write_line=lines.append))
    assert lines == [
        "NON EXÉCUTÉ — navigateur Chromium absent : 2 tests",
        "NON EXÉCUTÉ — données publiques réelles absentes (réglage SHARED_DATA) : 1 tests",
    ]
    found = json.loads((tmp_path / "summary.json").read_text())
    told = list(run.last_lines([{"name": "SQLite", **found}, {"name": "PostgreSQL", **found}]))
    assert told[0] == "NON EXÉCUTÉ sur SQLite — navigateur Chromium absent : 2 tests"
    assert told[2] == "NON EXÉCUTÉ sur PostgreSQL — navigateur Chromium absent : 2 tests"
    assert told[-1] == "6 passed, 0 failed"
