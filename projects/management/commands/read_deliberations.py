"""Reads a list of deliberations that somebody published, and says which lines were refused and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cooperation.spreadsheets import SpreadsheetError
from projects.register.reading import read_deliberations


class Command(BaseCommand):
    help = "Lit un fichier de délibérations (SCDL, ou colonnes d’une collectivité) et rend compte des lignes refusées."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path, help="un fichier CSV, XLSX ou ODS")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            reading = read_deliberations(file)
        except SpreadsheetError as error:
            raise CommandError(str(error)) from error
        days = sorted({one.day for one in reading.kept})
        span = f", du {days[0]:%d/%m/%Y} au {days[-1]:%d/%m/%Y}" if days else ""
        self.stdout.write(f"Délibérations lues : {len(reading.kept)}{span}.")
        self.stdout.write(f"Lignes refusées : {len(reading.refused)}.")
        for line, reason in reading.refused:
            self.stdout.write(f"Ligne {line} : {reason}.")
