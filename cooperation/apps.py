"""Django's name card of the house."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from cooperation import alphabetical, forms, history, lookups, statistics


class CooperationConfig(AppConfig):
    name = "cooperation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        history.keep_managers()
        history.copy_links_by_their_keys()
        connection_created.connect(alphabetical.teach)
        lookups.register()
        forms.say_what_is_missing()
        post_migrate.connect(statistics.refresh, sender=self)
