"""Two addresses say whether the process is alive and whether it is ready."""

import pytest
from django.db import DatabaseError


def test_the_process_answers_without_a_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_it_is_ready_when_the_database_answers(client):
    assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_without_its_database_and_says_so(client, monkeypatch):
    def away(*args):
        raise DatabaseError("away")

    monkeypatch.setattr("cooperation.health.MigrationExecutor", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == "database"
