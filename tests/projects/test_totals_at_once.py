"""Whoever reads the sums never stands in the way of those who write, whatever the order in which they write."""

import threading

import pytest
from django.db import connection, transaction

from projects.models import Addend
from projects.totals import services
from tests.factories import make_epci, make_project

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

pytestmark = pytest.mark.django_db(transaction=True)


def read_while_two_projects_are_written():
    """One act writes the second project, then the first, while somebody reads the sums in between."""
    epci, errors = make_epci(), []
    first, second = make_project(epci), make_project(epci)

    def read():
        try:
            services.settle(epci.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    try:
        with transaction.atomic():
            services.mark([second])
            reader.start()
            wait_for_a_row_held_by_us(reader)
            services.mark([first])
    except Exception as error:
        errors.append(error)
    reader.join()
    return epci, errors


def wait_for_a_row_held_by_us(reader):
    """Until the reader waits for what we write; a transaction sees who waits as it was, until it asks anew."""
    with connection.cursor() as cursor:
        for _ in range(3_000):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] or not reader.is_alive():
                return
            reader.join(0.01)
    raise AssertionError("the reader never came so far")


@pytest.fixture(autouse=True)
def _on_postgresql():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite ne laisse écrire qu’une transaction à la fois : nul n’y attend une ligne")


def test_reading_waits_for_what_is_written_without_holding_what_is_to_be_written():
    epci, errors = read_while_two_projects_are_written()
    assert errors == []
    services.settle(epci.pk)
    assert not Addend.objects.filter(is_stale=True).exists()


def test_by_holding_all_that_is_to_be_counted_they_would_wait_for_each_other(monkeypatch):
    """The control: the reader holds the first project while it waits for the second."""

    def settle_holding_all(intercommunality_id):
        stale = Addend.objects.filter(intercommunality=intercommunality_id, is_stale=True).order_by("pk")
        services.settle_some(stale.select_for_update(of=("self",)))

    monkeypatch.setattr(services, "settle", settle_holding_all)
    _, errors = read_while_two_projects_are_written()
    assert [type(error).__name__ for error in errors] == ["OperationalError"]
