"""Where to look for the projects that nobody funds, and those of an author or of a commune in their order."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef


def see_who_is_funded(apps, schema_editor):
    """Those that are funded need no longer be looked at; a project that waits to be counted keeps its mark."""
    mine = OuterRef("project")
    lines = apps.get_model("projects", "FundingLine").objects.filter(
        plan__project=mine, plan__is_current=True, amount__gt=0
    )
    running = apps.get_model("projects", "OperatingLine").objects.filter(project=mine, side="resource")
    counted = apps.get_model("projects", "Addend").objects.filter(is_stale=False)
    counted.filter(Exists(lines) | Exists(running)).update(may_lack_funder=False)


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_directory_memberships_and_bodies"),
        ("projects", "0008_expect_people_at_a_meeting"),
        ("territories", "0001_places_competences_and_what_communes_share"),
    ]

    operations = [
        migrations.AddField("addend", "may_lack_funder", models.BooleanField(default=True)),
        migrations.RunPython(see_who_is_funded, migrations.RunPython.noop),
        migrations.AddIndex(
            "addend",
            models.Index(
                condition=models.Q(("may_lack_funder", True)), fields=["project"], name="projects_without_funder"
            ),
        ),
        migrations.AddIndex("actor", models.Index(fields=["commune", "project"], name="projects_of_a_commune")),
        migrations.AddIndex(
            "project", models.Index(fields=["author", "-updated_at", "-id"], name="project_by_author")
        ),
    ]
