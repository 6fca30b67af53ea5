from django.db import migrations, models

WORDS = {
    "leads": "porte le projet",
    "is_touched": "est touché",
    "decides": "décide",
    "does": "fait",
    "pays": "paie",
    "uses": "utilise",
}
# What the single part of an actor said becomes the place it meant.
PLACES = {"lead": "leads", "contributes": "does", "funds": "pays", "concerned": "is_touched"}


def read_places_from_parts(apps, schema_editor):
    for model in ("Actor", "HistoricalActor"):
        rows = apps.get_model("projects", model)._base_manager
        for part, place in PLACES.items():
            rows.filter(part=part).update(**{place: True})


def read_parts_from_places(apps, schema_editor):
    for model in ("Actor", "HistoricalActor"):
        rows = apps.get_model("projects", model)._base_manager
        for part, place in reversed(PLACES.items()):
            rows.filter(**{place: True}).update(part=part)


class Migration(migrations.Migration):
    dependencies = [("projects", "0019_where_a_project_stands_in_its_circuit")]

    operations = [
        *(
            migrations.AddField(model, name, models.BooleanField(words, default=False))
            for model in ("actor", "historicalactor")
            for name, words in WORDS.items()
        ),
        migrations.RunPython(read_places_from_parts, read_parts_from_places),
        migrations.RemoveConstraint("actor", "one_lead_per_project"),
        migrations.AddConstraint(
            "actor",
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(leads=True),
                name="one_lead_per_project",
                violation_error_message="Un seul acteur porte le projet.",
            ),
        ),
    ]
