"""Django's name card of the house."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ProjectsConfig(AppConfig):
    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from projects.debate.erasing import listen as listen_to_erasures
        from projects.notices.listening import listen
        from projects.totals.listening import listen as listen_to_totals

        post_migrate.connect(put_guards_in_place, sender=self)
        listen()
        listen_to_totals()
        listen_to_erasures()


def put_guards_in_place(using: str, **told: Any) -> None:
    """A migration that builds a table again on SQLite takes its triggers away: they come back after each one."""
    from projects.seal import guards

    guards.install(connections[using])
