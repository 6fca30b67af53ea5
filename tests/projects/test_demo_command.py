"""The command that loads the demo: once, never over what people changed, never in production by accident."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from projects.deliberation.models import Session
from projects.proposals.models import CourseStep, Project
from territories.places.models import Commune, Intercommunality

pytestmark = pytest.mark.django_db


def run(**options: object) -> str:
    output = StringIO()
    call_command("load_demo", stdout=output, **options)
    return output.getvalue()


def project(reference: str) -> Project:
    return Project.objects.get(reference=reference)


def test_dates_are_moved_when_asked(settings):
    settings.DEBUG = True
    run(shift_days=-7)
    assert Session.objects.get(state=Session.State.CONVENED).held_on == date(2026, 12, 3)
    assert CourseStep.objects.filter(project__reference="P01").first().happened_on == date(2024, 2, 7)


def test_public_passwords_are_refused_in_production_unless_asked(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="le mot de passe est public"):
        run()
    assert "Val-d-Orvelle-2032" not in run(allow_production=True)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What a first run says; the tests that follow start from what it left, and leave it so."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEBUG=True):
            yield run()
        transaction.set_rollback(True)


def test_a_second_run_changes_nothing_of_what_people_wrote(loaded):
    assert "22 communes" in loaded
    Project.objects.filter(reference="P01").update(title="Un autre titre")
    assert "déjà chargée" in run()
    assert project("P01").title == "Un autre titre"


def test_starting_again_puts_everything_back_and_touches_no_other_territory(loaded):
    other = Intercommunality.objects.create(siren="200000172", name="Une autre", kind="CC")
    kept = Commune.objects.create(insee_code="74001", name="Ailleurs", department_code="74", intercommunality=other)
    project("P02").actors.first().interests.all().delete()
    project("P01").save()
    assert "30 projets" in run(again=True)
    assert Project.objects.count() == 30
    assert project("P02").actors.first().interests.exists()
    assert Project.history.filter(reference="P01").values("id").distinct().count() == 1
    kept.refresh_from_db()
    assert kept.intercommunality == other
