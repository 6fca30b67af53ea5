"""`manage.py import_partners FILE --epci SIREN`: fill the directory of partners from a file, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cooperation import statistics
from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError
from partners.directory.importing import Reading, read_partners, store_partners
from territories.places.models import Intercommunality

MAX_LISTED = 20


class Command(BaseCommand):
    help = "Importe des partenaires (associations, RNA, France services, médiation numérique) : tout ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="CSV, XLSX, ODS, JSON ou GeoJSON.")
        parser.add_argument("--epci", required=True, metavar="SIREN", help="L’intercommunalité de l’annuaire.")
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien modifier.")

    def handle(self, *args: Any, **options: Any) -> None:
        epci = Intercommunality.objects.filter(siren=options["epci"]).first()
        if epci is None:
            raise CommandError(f"Aucune intercommunalité n’a le SIREN {options['epci']}.")
        try:
            reading = read_partners(options["file"], epci)
        except SpreadsheetError as error:
            raise CommandError(f"{error} Rien n’a été modifié.") from error
        if reading.refused:
            self.refuse(reading)
        with transaction.atomic():
            tally = store_partners(reading.rows, epci=epci)
            if options["dry_run"]:
                transaction.set_rollback(True)
        statistics.refresh()
        self.stdout.write(f"Lignes lues : {reading.read} ; refusées : 0.")
        self.stdout.write(
            f"Partenaires : {counted(tally.created, 'créé')}, {counted(tally.updated, 'modifié')}, "
            f"{counted(tally.unchanged, 'inchangé')}."
        )
        for note, count in reading.notes.most_common():
            self.stdout.write(f"  {note.in_words(count)}")
        if options["dry_run"]:
            self.stdout.write("Essai seulement : rien n’a été modifié.")

    def refuse(self, reading: Reading) -> None:
        lines = [f"  ligne {line} : {reason}." for line, reason in reading.refused[:MAX_LISTED]]
        if (others := len(reading.refused) - MAX_LISTED) > 0:
            lines.append(f"  … et {counted(others, 'autre ligne')}.")
        raise CommandError("\n".join([f"Lignes refusées : {len(reading.refused)} ; rien n’a été modifié.", *lines]))
