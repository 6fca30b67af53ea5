"""The demo territory that the tests put back row by row is the one that was loaded."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tests import demo
from tests.factories import make_project

pytestmark = pytest.mark.django_db


def held() -> dict[str, list[str]]:
    """What each table holds, in whatever order its database gives it; then nothing is left of it."""
    with transaction.atomic():
        demo.load()
        found = {one.table: sorted(map(repr, one.lines)) for one in demo.read()}
        transaction.set_rollback(True)
    return found


def test_what_is_put_back_is_what_was_loaded_in_this_process_or_another(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "SHARED", tmp_path / "shared")
    monkeypatch.setattr(demo, "_kept", {})
    loaded = held()
    assert loaded["projects_project"] and loaded["projects_sealedrecord"]
    assert held() == loaded
    monkeypatch.setattr(demo, "_kept", {})
    monkeypatch.setattr(demo, "load_for_good", None)  # nobody loads it twice
    assert held() == loaded


def test_what_is_written_after_it_is_numbered_after_it(monkeypatch):
    held()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as where nothing was numbered yet
            for numbers in ("projects_project_id_seq", "projects_historicalproject_history_id_seq"):
                cursor.execute(f"ALTER SEQUENCE {numbers} RESTART")
    monkeypatch.setattr(demo, "_kept", {})
    assert make_project(demo.load()).history.count() == 1
