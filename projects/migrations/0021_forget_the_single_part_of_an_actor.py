from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("projects", "0020_place_the_actors_of_a_project")]

    operations = [
        migrations.RemoveField("actor", "part"),
        migrations.RemoveField("historicalactor", "part"),
    ]
