"""`manage.py import_places`: import communes, their EPCI, populations and outlines, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cooperation import statistics
from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError, describe
from territories.importers.articles import Articles, read_articles, store_articles
from territories.importers.outlines import Outlines, read_outlines, store_outlines
from territories.importers.places import PlaceRow, Reading, Tally, limited_to, read_places, store_places

MAX_LISTED = 20
LONGEST = 160  # letters of a refusal: a quotation mark that is never closed takes a whole file for one cell


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
        parser.add_argument(
            "--cog", metavar="FICHIER", help="Communes du code officiel géographique de l’INSEE : l’article exact."
        )
        parser.add_argument("--year", type=int, default=2025, help="Année d’entrée en vigueur des populations.")
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien modifier.")
        parser.add_argument("--allow-fictional", action="store_true", help="Accepte le département fictif 96.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["communes"] or options["outlines"] or options["cog"]):
            raise CommandError("Donnez --communes FICHIER, --cog FICHIER, --outlines FICHIER, ou plusieurs.")
        outlines = Outlines()
        try:
            rows = self.rows_of(options) if options["communes"] else []
            articles = self.articles_of(options["cog"]) if options["cog"] else None
            for path in options["outlines"]:
                read_outlines(path, outlines)
        except SpreadsheetError as error:
            raise CommandError(f"{error} Rien n’a été modifié.") from error
        with transaction.atomic():
            tallies = store_places(rows, year=options["year"]) if rows else []
            if articles:
                tally, renamed = store_articles(articles)
                tallies.append(tally)
                self.tell_renamed(renamed)
            unknown: list[str] = []
            if outlines.by_code:
                tally, unknown = store_outlines(outlines)
                tallies.append(tally)
            if options["dry_run"]:
                transaction.set_rollback(True)
        statistics.refresh()
        self.tell(tallies, [f"{code} {outlines.names[code]}".strip() for code in unknown])
        if options["dry_run"]:
            self.stdout.write("Essai seulement : rien n’a été modifié.")

    def rows_of(self, options: dict[str, Any]) -> list[PlaceRow]:
        """The rows to store, or the list of those refused and an exit."""
        reading = read_places(options["communes"], year=options["year"], allow_fictional=options["allow_fictional"])
        if reading.refused:
            self.refuse(options["communes"], reading)
        self.stdout.write(f"{Path(options['communes']).name} : {describe(options['communes'])}.")
        self.stdout.write(
            f"Lignes lues : {len(reading.rows)} ; refusées : {self.refused_in_words(reading)} ; "
            f"vides ignorées : {reading.empty} ; totaux ignorés : {reading.totals}."
        )
        if reading.padded:
            listed = self.listed(reading.padded)
            self.stdout.write(f"Codes INSEE qui avaient perdu leur zéro, rétablis : {len(reading.padded)} ({listed}).")
        return limited_to(reading.rows, options["epci"]) if options["epci"] else reading.rows

    def articles_of(self, path: str) -> Articles:
        """The article of each commune, as the official geographic code gives it."""
        articles = read_articles(path)
        self.stdout.write(f"{Path(path).name} : {describe(path)}.")
        self.stdout.write(
            f"Communes du code officiel géographique : {len(articles.by_code)} ; "
            f"autres lignes laissées de côté (communes déléguées, associées, arrondissements) : {articles.others}."
        )
        return articles

    def refused_in_words(self, reading: Reading) -> str:
        """« 3 (communes : 2, intercommunalités : 0, populations : 1) »."""
        kinds = ", ".join(f"{subject} : {count}" for subject, count in reading.refused_by_subject.items())
        return f"{len(reading.refused)} ({kinds})"

    def listed(self, names: list[str]) -> str:
        """The first names of a list, and that there are others."""
        return ", ".join(names[:MAX_LISTED]) + (", …" if len(names) > MAX_LISTED else "")

    def tell_renamed(self, renamed: list[str]) -> None:
        """Name the communes that bear another name in the official code: their article is left as it was."""
        if renamed:
            self.stdout.write(
                f"Communes d’un autre nom au code officiel, article laissé : {len(renamed)} ({self.listed(renamed)})."
            )

    def refuse(self, path: str, reading: Reading) -> None:
        lines = [f"  ligne {line} : {on_one_line(str(refusal))}." for line, refusal in reading.refused[:MAX_LISTED]]
        if (others := len(reading.refused) - MAX_LISTED) > 0:
            lines.append(f"  … et {counted(others, 'autre ligne')}.")
        guessed = describe(path)
        head = f"Lignes refusées : {self.refused_in_words(reading)} ; rien n’a été modifié. Fichier lu comme {guessed}."
        raise CommandError("\n".join([head, *lines]))

    def tell(self, tallies: list[Tally], unknown: list[str]) -> None:
        for tally in tallies:
            masculine = tally.label in {"contours", "articles"}
            self.stdout.write(f"{tally.in_words('' if masculine else 'e')}.")
        if unknown:
            listed = self.listed(unknown)
            self.stdout.write(f"Contours de communes inconnues, laissés de côté : {len(unknown)} ({listed}).")


def on_one_line(refusal: str) -> str:
    """Cut a refusal short that repeats half of the file."""
    line = refusal.replace("\n", " ")
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()}…"
