"""What costs and has no year yet is added up with the rest: the programme told it by reading all the plans."""

from django.db import migrations, models


def count_again(apps, schema_editor):
    """What has no year is counted from now on: whoever first reads a sum counts these projects."""
    plans = apps.get_model("projects", "FundingPlan").objects.filter(is_current=True, cost_excl_tax__gt=0)
    yearless = plans.filter(payment_credits__isnull=True).order_by().values("project")
    apps.get_model("projects", "Addend").objects.filter(project__in=yearless).update(is_stale=True)


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0012_find_projects_by_words_that_are_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="total",
            name="kind",
            field=models.CharField(
                choices=[
                    ("all", "Tous"),
                    ("node", "Élément du projet de territoire"),
                    ("orient", "Orientation du mandat"),
                    ("everywhere", "Projets de toute l’intercommunalité"),
                    ("commune", "Projets d’une commune"),
                    ("partner", "Partenaire des projets d’une commune"),
                    ("year", "Dépenses d’une année, HT"),
                    ("year_incl", "Dépenses d’une année, TTC"),
                    ("grant", "Aides d’une année"),
                    ("yearless", "Coût sans année"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
