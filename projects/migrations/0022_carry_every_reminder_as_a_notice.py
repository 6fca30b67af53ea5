import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import projects.notices.kinds


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0021_forget_the_single_part_of_an_actor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("opinionletter", "one_letter_of_a_kind_per_person"),
        migrations.RenameModel("OpinionLetter", "OpinionReminder"),
        migrations.RenameField("opinionreminder", "sent_on", "told_on"),
        migrations.AlterModelOptions(
            "opinionreminder",
            {
                "ordering": ["request", "told_on", "pk"],
                "verbose_name": "rappel d’un avis",
                "verbose_name_plural": "rappels d’avis",
            },
        ),
        migrations.AlterField(
            "opinionreminder",
            "kind",
            models.CharField(
                "rappel",
                choices=[("asked", "demande"), ("soon", "rappel"), ("last", "dernier rappel")],
                max_length=5,
            ),
        ),
        migrations.AlterField(
            "opinionreminder",
            "request",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="projects.opinionrequest"
            ),
        ),
        migrations.AlterField("opinionreminder", "seen_at", models.DateTimeField("vu le", blank=True, null=True)),
        migrations.AlterField("opinionreminder", "told_on", models.DateField("dit le")),
        migrations.AddConstraint(
            "opinionreminder",
            models.UniqueConstraint(
                fields=["request", "person", "kind"], name="one_reminder_of_a_kind_per_person"
            ),
        ),
        migrations.AddField(
            "action",
            "written_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "historicalaction",
            "written_by",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        *(
            migrations.AlterField(
                model, "kind", models.CharField("nature", choices=projects.notices.kinds.labelled, max_length=12)
            )
            for model in ("notice", "noticepace")
        ),
    ]
