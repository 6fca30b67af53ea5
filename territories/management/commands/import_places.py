"""`manage.py import_places`: import communes, their EPCI, populations and outlines, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cooperation.spreadsheets import SpreadsheetError
from territories.importers.outlines import Outlines, read_outlines, store_outlines
from territories.importers.places import PlaceRow, Reading, Tally, limited_to, read_places, store_places

MAX_LISTED = 20


class Command(BaseCommand):
    help = "Importe les communes, leurs intercommunalités, leurs populations et leurs contours : tout ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--communes", metavar="FICHIER", help="Table des communes et de leur EPCI (CSV, XLSX, ODS)."
        )
        parser.add_argument(
            "--outlines", metavar="FICHIER", nargs="+", action="extend", default=[], help="Contours GeoJSON."
        )
        parser.add_argument(
            "--epci", metavar="SIREN", nargs="+", action="extend", default=[], help="Se limiter à ces EPCI."
        )
        parser.add_argument("--year", type=int, default=2025, help="Année d’entrée en vigueur des populations.")
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien modifier.")
        parser.add_argument("--allow-fictional", action="store_true", help="Accepte le département fictif 96.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["communes"] and not options["outlines"]:
            raise CommandError("Donnez --communes FICHIER, --outlines FICHIER, ou les deux.")
        outlines = Outlines()
        try:
            rows = self.rows_of(options) if options["communes"] else []
            for path in options["outlines"]:
                read_outlines(path, outlines)
        except SpreadsheetError as error:
            raise CommandError(f"{error} Rien n’a été modifié.") from error
        with transaction.atomic():
            tallies = store_places(rows, year=options["year"]) if rows else []
            unknown: list[str] = []
            if outlines.by_code:
                tally, unknown = store_outlines(outlines)
                tallies.append(tally)
            if options["dry_run"]:
                transaction.set_rollback(True)
        self.tell(tallies, [f"{code} {outlines.names[code]}".strip() for code in unknown])
        if options["dry_run"]:
            self.stdout.write("Essai seulement : rien n’a été modifié.")

    def rows_of(self, options: dict[str, Any]) -> list[PlaceRow]:
        """The rows to store, or the list of those refused and an exit."""
        reading = read_places(options["communes"], year=options["year"], allow_fictional=options["allow_fictional"])
        if reading.refused:
            self.refuse(reading)
        self.stdout.write(
            f"Lignes lues : {len(reading.rows)} ; refusées : 0 ; "
            f"vides ignorées : {reading.empty} ; totaux ignorés : {reading.totals}."
        )
        return limited_to(reading.rows, options["epci"]) if options["epci"] else reading.rows

    def refuse(self, reading: Reading) -> None:
        lines = [f"  ligne {line} : {reason}." for line, reason in reading.refused[:MAX_LISTED]]
        if (others := len(reading.refused) - MAX_LISTED) > 0:
            lines.append(f"  … et {others} autres lignes.")
        head = f"Lignes refusées : {len(reading.refused)} ; rien n’a été modifié."
        raise CommandError("\n".join([head, *lines]))

    def tell(self, tallies: list[Tally], unknown: list[str]) -> None:
        for tally in tallies:
            self.stdout.write(
                f"{tally.label} : {tally.created} créées, {tally.updated} modifiées, {tally.unchanged} inchangées."
                if tally.label != "contours"
                else f"contours : {tally.created} créés, {tally.updated} modifiés, {tally.unchanged} inchangés."
            )
        if unknown:
            listed = ", ".join(unknown[:MAX_LISTED]) + (", …" if len(unknown) > MAX_LISTED else "")
            self.stdout.write(f"Contours de communes inconnues, laissés de côté : {len(unknown)} ({listed}).")
