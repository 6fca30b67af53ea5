"""The words by which projects are found, where to look for those that nobody shares, and an index that lists them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, F, OuterRef

from cooperation.tables import AlterTables, CreateTables

TOGETHER = 500
SHORTEST, LONGEST = 3, 100


def words_in(text):
    """The words of a text as they were cut on the day of this migration."""
    return {
        word[start : start + 2 * LONGEST]
        for word in text.split()
        if len(word) >= SHORTEST
        for start in range(0, max(len(word) - LONGEST, 1), LONGEST)
    }


def keep_words(apps):
    """Read the text of each project once; the words of an EPCI are known before they are linked."""
    words, links = (apps.get_model("projects", name) for name in ("Word", "ProjectWord"))
    rows = apps.get_model("projects", "Project").objects.order_by("pk")
    known = {}
    told = rows.values_list("pk", "intercommunality", "search_text").iterator(chunk_size=TOGETHER)
    while several := [row for _, row in zip(range(TOGETHER), told, strict=False)]:
        said = [(pk, epci, words_in(text)) for pk, epci, text in several]
        new = {(epci, text) for _, epci, found in said for text in found} - known.keys()
        made = [words(intercommunality_id=epci, text=text) for epci, text in sorted(new)]
        known |= {(one.intercommunality_id, one.text): one.pk for one in words.objects.bulk_create(made)}
        links.objects.bulk_create(
            (
                links(intercommunality_id=epci, project_id=pk, word_id=known[epci, text])
                for pk, epci, found in said
                for text in sorted(found)
            ),
            batch_size=5_000,
        )


def see_who_is_shared(apps):
    """Those that an actor shares need no longer be looked at; a project that waits to be counted keeps its mark."""
    given = apps.get_model("projects", "Endorsement").objects.filter(
        actor__project=OuterRef("project"), endorses=True, objective_version=F("actor__project__objective_version")
    )
    apps.get_model("projects", "Addend").objects.filter(Exists(given), is_stale=False).update(may_lack_sharer=False)


# The key of this table begins with the project; from a commune, its projects are read without opening their rows.
FROM_COMMUNE = "CREATE INDEX projects_from_a_commune ON projects_project_communes (commune_id, project_id)"


def keep(apps, schema_editor):
    schema_editor.execute(FROM_COMMUNE)
    keep_words(apps)
    see_who_is_shared(apps)
    if schema_editor.connection.vendor == "postgresql":  # else the tables cannot be altered in the same transaction
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def undo(apps, schema_editor):
    schema_editor.execute("DROP INDEX projects_from_a_commune")


def part_of(model, **more):
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=model, **{"related_name": "+"} | more)


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_names_in_the_order_of_a_dictionary")]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Word",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("intercommunality", part_of("territories.intercommunality", db_index=False)),
                        ("text", models.CharField(max_length=200)),
                    ],
                    options={
                        "verbose_name": "mot des projets",
                        "verbose_name_plural": "mots des projets",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("intercommunality", "text"),
                                name="one_word_of_a_kind",
                                violation_error_message="Ce mot existe déjà.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("intercommunality", part_of("territories.intercommunality", db_index=False)),
                        ("project", part_of("projects.project", related_name="words")),
                        ("word", part_of("projects.word", db_index=False)),
                    ],
                    options={
                        "verbose_name": "mot d’un projet",
                        "verbose_name_plural": "mots des projets, un par un",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("word", "project"),
                                name="one_link_from_a_word",
                                violation_error_message="Ce mot est déjà dans ce projet.",
                            )
                        ],
                    },
                ),
            ]
        ),
        AlterTables(
            ["addend"],
            [
                migrations.AddField("addend", "may_lack_sharer", models.BooleanField(default=True)),
                migrations.AddIndex(
                    "addend",
                    models.Index(
                        condition=models.Q(("may_lack_sharer", True)),
                        fields=["project"],
                        name="projects_without_sharer",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex("project", "project_list"),
        migrations.AddIndex(
            "project",
            models.Index(
                fields=["intercommunality", "-updated_at", "-id", "status", "submitted_at", "author", "scale"],
                name="project_list",
            ),
        ),
        migrations.RunPython(keep, undo),
    ]
