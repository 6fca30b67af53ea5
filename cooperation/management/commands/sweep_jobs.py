"""`manage.py sweep_jobs`: resume or close the jobs whose worker died, and let go of old printed parts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cooperation.jobs import sweep
from cooperation.printing.store import sweep_store


class Command(BaseCommand):
    help = "Reprend ou clôt les travaux de fond interrompus, et fait de la place (à lancer chaque nuit)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{sweep(now)} travaux interrompus ont été repris ou clos.")
        self.stdout.write(f"{sweep_store(now)} pages conservées et inutilisées depuis un mois ont été effacées.")
