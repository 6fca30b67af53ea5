"""Writes the head of every chain, signed, into a file to be kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cooperation.french import counted
from projects.seal.services import export


class Command(BaseCommand):
    help = (
        "Écrit la dernière empreinte de chaque chaîne, signée avec SEAL_KEY : un fichier à garder hors de la machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", required=True, metavar="FICHIER.json", type=Path, help="où écrire")

    def handle(self, *args: Any, output: Path, **options: Any) -> None:
        if not settings.SEAL_KEY:
            raise CommandError(
                "Donnez une clé de signature : variable d’environnement SEAL_KEY, 32 caractères au moins."
            )
        told = export(key=settings.SEAL_KEY, now=timezone.now())
        try:
            output.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"Impossible d’écrire « {output} » : {error.strerror}.") from error
        count = len(told["heads"])
        self.stdout.write(f"{counted(count, 'empreinte')} dans {output}. Gardez ce fichier ailleurs.")
