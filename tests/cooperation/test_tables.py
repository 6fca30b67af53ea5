"""Many tables made at once, or a few altered apart from the others, hold what Django would have made one by one."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import AddConstraint, AddField, AlterField, CreateModel, RenameField
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from cooperation.tables import AlterTables, CreateTables

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


HOUSES = {"cooperation", "territories", "partners", "projects"}


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


def test_a_table_altered_apart_keeps_its_rows_and_those_that_point_at_it():
    before = ProjectState()
    made = CreateTables([KEEPER, HIVE])
    made.state_forwards("cooperation", before)
    altered = AlterTables(
        ("keeper",),
        [
            RenameField("keeper", "name", "full_name"),
            AlterField("keeper", "full_name", models.CharField(max_length=80)),
            AddField("keeper", "is_away", models.BooleanField(default=False)),
            AddConstraint("keeper", models.CheckConstraint(condition=~models.Q(full_name=""), name="keeper_is_named")),
        ],
    )
    after = before.clone()
    altered.state_forwards("cooperation", after)
    with connection.schema_editor() as editor:
        made.database_forwards("cooperation", editor, ProjectState(), before)
    try:
        keeper = before.apps.get_model("cooperation", "Keeper").objects.create(name="Qui garde les ruches")
        before.apps.get_model("cooperation", "Hive").objects.create(keeper=keeper, frames=10)
        with connection.schema_editor() as editor:
            altered.database_forwards("cooperation", editor, before, after)
        keepers, hives = (after.apps.get_model("cooperation", name).objects for name in ("Keeper", "Hive"))
        assert list(keepers.values_list("full_name", "is_away")) == [("Qui garde les ruches", False)]
        assert hives.get().keeper.full_name == "Qui garde les ruches"
        for refused in (lambda: keepers.create(full_name=""), lambda: hives.create(keeper_id=keeper.pk + 1, frames=1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                refused()
    finally:
        with connection.schema_editor() as editor:
            made.database_backwards("cooperation", editor, after, ProjectState())


def test_no_migration_works_every_model_out_again_for_each_of_many_steps():
    """Each step costs a second of the first start of the platform: many are taken together."""
    long = [
        str(migration)
        for (house, _), migration in MigrationLoader(None).disk_migrations.items()
        if house in HOUSES and len(migration.operations) > 5
    ]
    assert long == [], "prenez ses étapes ensemble : cooperation.tables.CreateTables, AlterTables"
