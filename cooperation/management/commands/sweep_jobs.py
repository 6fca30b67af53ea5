"""`manage.py sweep_jobs`: resume or close the jobs whose worker died, let go of old documents and printed parts."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cooperation.french import counted
from cooperation.jobs import forget, sweep
from cooperation.printing.store import sweep_store


class Command(BaseCommand):
    help = "Reprend ou clôt les travaux de fond interrompus, et fait de la place (à lancer chaque nuit)."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        jobs, documents, parts = sweep(now), forget(now), sweep_store(now)
        jobs_said = counted(
            jobs, "travail interrompu a été repris ou clos", "travaux interrompus ont été repris ou clos"
        )
        documents_said = counted(
            documents, "document prêt depuis un mois a été effacé", "documents prêts depuis un mois ont été effacés"
        )
        parts_said = counted(
            parts,
            "page conservée et inutilisée depuis un mois a été effacée",
            "pages conservées et inutilisées depuis un mois ont été effacées",
        )
        self.stdout.write(f"{jobs_said}.")
        self.stdout.write(f"{documents_said}.")
        self.stdout.write(f"{parts_said}.")
