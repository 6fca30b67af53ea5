"""The demo territory that the tests put back row by row is the one that was loaded."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from tests import demo


def held() -> dict:
    """What each table holds, in whatever order its database gives it."""
    tables = [demo.read(table) for table in connection.introspection.django_table_names(only_existing=True)]
    return {one.table: sorted(map(repr, one.lines)) for one in tables}


@pytest.mark.django_db(transaction=True)
def test_what_is_put_back_is_what_was_loaded(monkeypatch):
    """Emptied in between as after a test that wrote for good, so that nothing of the first load remains."""
    monkeypatch.setattr(demo, "_kept", {})
    demo.load()
    loaded = held()
    assert loaded["projects_project"] and loaded["projects_sealedrecord"]
    call_command("flush", interactive=False, verbosity=0)
    assert not held()["projects_project"]
    demo.load()
    assert held() == loaded
