"""Many tables made at once hold what Django would have made one by one."""

import pytest
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from cooperation.tables import CreateTables

pytestmark = pytest.mark.django_db(transaction=True)

# The hive is tied to a keeper who is only made after it.
HIVE = CreateModel(
    "Hive",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("keeper", models.ForeignKey("cooperation.Keeper", models.CASCADE)),
        ("frames", models.IntegerField()),
    ],
    options={"constraints": [models.CheckConstraint(condition=models.Q(frames__gt=0), name="frames_in_each_hive")]},
)
KEEPER = CreateModel("Keeper", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())])


def tables() -> set[str]:
    return {"cooperation_hive", "cooperation_keeper"} & set(connection.introspection.table_names())


def test_tables_tied_to_one_another_are_made_whatever_their_order_and_go_the_way_they_came():
    before, after = ProjectState(), ProjectState()
    assert before.apps.all_models["cooperation"] == after.apps.all_models["cooperation"] == {}  # worked out, and empty
    operation = CreateTables([HIVE, KEEPER])
    operation.state_forwards("cooperation", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("cooperation", editor, before, after)
    try:
        assert tables() == {"cooperation_hive", "cooperation_keeper"}
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "cooperation_hive")
        assert "frames_in_each_hive" in found
        assert ("cooperation_keeper", "id") in [constraint["foreign_key"] for constraint in found.values()]
    finally:
        with connection.schema_editor() as editor:
            operation.database_backwards("cooperation", editor, after, before)
    assert tables() == set()
