"""`manage.py settle_totals`: count again what an upgrade left to be counted, before anybody reads a sum."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cooperation.french import counted
from projects.models import Addend
from projects.totals.services import settle


class Command(BaseCommand):
    help = "Compte de nouveau les projets qui attendent de l’être : après une mise à jour, avant le premier lecteur."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = Addend.objects.filter(is_stale=True).order_by()
        count = waiting.count()
        for pk in waiting.values_list("intercommunality", flat=True).distinct():
            settle(pk)
        self.stdout.write(f"{counted(count, 'projet compté', 'projets comptés')} de nouveau.")
