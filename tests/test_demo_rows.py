"""The demo territory that the tests put back row by row is the one that was loaded."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests import demo

pytestmark = pytest.mark.django_db


def held() -> dict[str, list[str]]:
    """What each table holds, in whatever order its database gives it; then nothing is left of it."""
    with transaction.atomic():
        demo.load()
        found = {one.table: sorted(map(repr, one.lines)) for one in demo.read()}
        transaction.set_rollback(True)
    return found


def test_what_is_put_back_is_what_was_loaded(monkeypatch):
    monkeypatch.setattr(demo, "_kept", {})
    loaded = held()
    assert loaded["projects_project"] and loaded["projects_sealedrecord"]
    assert held() == loaded
