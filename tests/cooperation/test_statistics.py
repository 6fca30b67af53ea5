"""The database knows how large its tables are, and reads a page without reading them whole."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from cooperation import statistics
from projects.models import Project
from tests.factories import make_coordinator, make_epci

pytestmark = pytest.mark.django_db


@pytest.fixture
def many():
    epci = make_epci()
    Project.objects.bulk_create(
        Project(intercommunality=epci, reference=f"Z{n}", title=f"Projet {n}", author=None) for n in range(300)
    )
    return epci


def test_a_few_projects_of_a_person_are_not_looked_for_among_all_those_of_the_territory(many):
    person, some = make_coordinator(many), list(Project.objects.values_list("pk", flat=True)[:20])
    asked = Project.objects.visible_to(person).filter(pk__in=some).order_by()
    statistics.refresh()
    plan = asked.explain().splitlines()[0]
    assert connection.vendor == "postgresql" or "rowid=?" in plan  # the former counts by itself


def test_they_are_counted_again_every_night(monkeypatch):
    asked = []
    monkeypatch.setattr(statistics, "refresh", lambda: asked.append(1))
    call_command("send_notices", stdout=StringIO())
    assert asked == [1]
