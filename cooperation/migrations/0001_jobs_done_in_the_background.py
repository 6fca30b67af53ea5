import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cooperation.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('cooperation', '0001_background_jobs'),
        ('cooperation', '0002_remember_what_a_job_was_asked_and_lacks'),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40, verbose_name='nature')),
                    ('intercommunality_id', models.PositiveBigIntegerField(db_index=True, verbose_name='intercommunalité')),
                    ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                    ('state', models.CharField(choices=[('queued', 'En attente'), ('running', 'En cours'), ('done', 'Terminé'), ('failed', 'Échoué'), ('cancelled', 'Annulé')], default='queued', max_length=10, verbose_name='état')),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='fait')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name='en tout')),
                    ('message', models.CharField(blank=True, max_length=300, verbose_name='message')),
                    ('warning', models.TextField(blank=True, verbose_name='réserve')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='reprises')),
                    ('order', models.JSONField(blank=True, default=dict, verbose_name='commande')),
                    ('result', models.FileField(blank=True, upload_to='jobs/%Y/%m', verbose_name='résultat')),
                    ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='demandé le')),
                    ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='dernier signe de vie')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ],
                options={
                    'verbose_name': 'travail de fond',
                    'ordering': ['-created_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled'])), name='job_has_a_known_state', violation_error_message='Cet état de travail n’existe pas.')],
                },
            ),
        ]),
    ]
