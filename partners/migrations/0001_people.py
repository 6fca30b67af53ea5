from django.db import migrations, models

from cooperation.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('partners', '0001_people_directory_and_governance'),
    ]

    dependencies = [('auth', '0012_alter_user_first_name_max_length')]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse électronique')),
                    ('full_name', models.CharField(max_length=150, verbose_name='prénom et nom')),
                    ('is_active', models.BooleanField(default=True, verbose_name='compte ouvert')),
                    ('joined_at', models.DateTimeField(auto_now_add=True, verbose_name='compte créé le')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'personne',
                    'ordering': ['full_name'],
                },
            ),
        ]),
    ]
