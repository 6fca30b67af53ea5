"""The table of the shared cache, where attempts to sign in are counted whichever process receives them."""

from django.core.management import call_command
from django.db import migrations

TABLE = "cooperation_counts"


def make(apps, schema_editor):
    call_command("createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0)


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):

    dependencies = [
        ('cooperation', '0001_jobs_done_in_the_background'),
    ]

    operations = [
        migrations.RunPython(make, remove),
    ]
