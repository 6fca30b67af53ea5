"""`manage.py sweep_jobs`: close the jobs whose worker died."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cooperation.jobs import sweep


class Command(BaseCommand):
    help = "Clôt les travaux de fond interrompus (à lancer toutes les dix minutes)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{sweep(timezone.now())} travaux interrompus ont été clos.")
