"""Two secret ballots that differ only by who voted what leave the same traces: nothing kept can tell them apart.

The same four members vote at the same instant, in the same order and with the same totals; only the positions pass from
one to the other. Every table of the database is compared row by row, in the order in which it gives them (history,
web sessions, notices and seal included: what a backup would hold), and so are the logs and the mails. If anything
anywhere linked a person to a position, it would differ.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from partners.people.models import Role
from partners.people.services import open_membership
from projects.ballots import services
from tests.projects.test_live_session import clerk, council, opened_ballot, with_accounts  # noqa: F401
from tests.test_pages import BACKEND

pytestmark = pytest.mark.django_db
NOW = datetime(2032, 3, 1, 18, tzinfo=UTC)
RANDOM = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")  # numbers drawn by chance
ONE_WAY = ("for", "against", "abstain", "for")
THE_OTHER = ("abstain", "for", "for", "against")


def tables() -> dict[str, list[str]]:
    """Every row of every table, as text; PostgreSQL moves its rows about as it likes, so they are put in order."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = [RANDOM.sub("…", repr(row)) for row in cursor.fetchall()]
            found[table] = rows if connection.vendor == "sqlite" else sorted(rows)
    return found


def numbers_drawn() -> dict[str, tuple]:
    """Where the counters of PostgreSQL stand: unlike rows, they do not come back when a transaction is undone."""
    if connection.vendor == "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename, last_value, start_value FROM pg_sequences")
        return {name: (last or start, last is not None) for name, last, start in cursor.fetchall()}


def put_back(numbers: dict[str, tuple]) -> None:
    with connection.cursor() as cursor:
        for name, (value, is_drawn) in numbers.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value, is_drawn])


def traces_of(body, members, positions, kind, said):
    """What one ballot leaves, from its opening to the proclamation; everything is undone at the end."""
    said.records.clear()
    mail.outbox.clear()
    numbers = numbers_drawn()
    with transaction.atomic(), time_machine.travel(NOW, tick=False):
        ballot = opened_ballot(body, kind=kind)
        address = reverse("projects:vote", args=[ballot.pk])
        for rank, ((client, seat), position) in enumerate(zip(members, positions, strict=True)):
            told = {"seat": seat.pk, "position": position, "key": UUID(int=rank + 1), "confirmed": 1}
            assert client.post(address, told).status_code == 302
        open_still = tables()
        services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
        services.proclaim(item=ballot.item, outcome="adopted", text="", by=clerk(), at=NOW)
        left = {"open": open_still, "proclaimed": tables()}
        transaction.set_rollback(True)
    put_back(numbers)
    left["logs"] = [RANDOM.sub("…", record.getMessage()) for record in said.records]
    left["mails"] = [(message.to, message.subject, message.body) for message in mail.outbox]
    return left


@pytest.fixture
def members(council):  # noqa: F811
    """Four members, each signed in on a tablet of their own."""
    with time_machine.travel(NOW, tick=False):
        seats = with_accounts(council, 4)
        clients = []
        for seat in seats:
            person, epci = seat.member.user, council.intercommunality
            if not person.memberships.exists():
                open_membership(user=person, intercommunality=epci, role=Role.ELECTED, starts_on=NOW.date())
            client = Client()
            client.force_login(seat.member.user, BACKEND)
            clients.append((client, seat))
    return clients


def test_who_voted_what_in_a_secret_ballot_changes_nothing_anywhere(council, members, said):  # noqa: F811
    one = traces_of(council, members, ONE_WAY, "secret", said)
    other = traces_of(council, members, THE_OTHER, "secret", said)
    for moment in ("open", "proclaimed"):
        differing = [table for table in one[moment] if one[moment][table] != other[moment][table]]
        assert differing == [], moment
    assert one["logs"] == other["logs"]
    assert one["mails"] == other["mails"]
    assert sum("request_finished" in line for line in one["logs"]) == len(members)  # the votes are in the log
    assert one["open"]["django_session"] and one["proclaimed"]["projects_historicalballot"]
    assert any("secrettally" in table and rows for table, rows in one["proclaimed"].items())


def test_the_same_comparison_tells_the_votes_of_a_public_ballot_apart(council, members, said):  # noqa: F811
    """The control: where positions are kept by name, tables differ, and so does the seal."""
    one = traces_of(council, members, ONE_WAY, "public", said)
    other = traces_of(council, members, THE_OTHER, "public", said)
    differing = {table for table in one["proclaimed"] if one["proclaimed"][table] != other["proclaimed"][table]}
    assert {"projects_ballotposition", "projects_historicalballotposition", "projects_sealedrecord"} <= differing
