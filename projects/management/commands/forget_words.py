"""`manage.py forget_words`: no longer keep, for the search, words that no project says any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cooperation.french import counted
from projects.models import Word


class Command(BaseCommand):
    help = "Efface les mots gardés pour la recherche que plus aucun projet ne contient (à lancer chaque nuit)."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = Word.objects.forget_unused()
        self.stdout.write(f"{counted(gone, 'mot effacé', 'mots effacés')} de la recherche.")
