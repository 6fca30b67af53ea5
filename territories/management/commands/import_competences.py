"""`manage.py import_competences`: import what groupings exercise and the national lists, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError
from territories.competences.models import NationalCompetence, Nomenclature
from territories.importers.competences import Outcome, Reading, read_competences, store_competences
from territories.importers.lines import Lines
from territories.importers.nomenclature import (
    Labels,
    read_crosswalk,
    read_groups,
    read_labels,
    store_codes,
    store_crosswalk,
)
from territories.importers.places import Tally

MAX_LISTED = 20


class Command(BaseCommand):
    help = "Importe les compétences exercées par les intercommunalités et les nomenclatures nationales : tout ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", nargs="?", help="Compétences des groupements (CSV, XLSX, ODS).")
        parser.add_argument("--nomenclature", choices=Nomenclature.values, required=True, help="Version des codes.")
        parser.add_argument("--labels", metavar="FICHIER", help="Intitulés des codes de cette nomenclature.")
        parser.add_argument("--groups", metavar="FICHIER", help="Noms des domaines de cette nomenclature.")
        parser.add_argument("--crosswalk", metavar="FICHIER", help="Correspondance de 2021 vers 2025.")
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien modifier.")

    def handle(self, *args: Any, **options: Any) -> None:
        version = options["nomenclature"]
        if not any(options[name] for name in ("file", "labels", "crosswalk")):
            raise CommandError("Donnez un FICHIER de compétences, --labels, --crosswalk, ou plusieurs d’entre eux.")
        try:
            labels = read_labels(options["labels"]) if options["labels"] else None
            groups = read_groups(options["groups"]) if options["groups"] else {}
            passages = read_crosswalk(options["crosswalk"]) if options["crosswalk"] else None
            reading = read_competences(options["file"], known_labels(version, labels)) if options["file"] else None
        except SpreadsheetError as error:
            raise CommandError(f"{error} Rien n’a été modifié.") from error
        parts = [part.lines for part in (labels, passages, reading) if part]
        self.refuse(parts)
        for part in parts:
            self.stdout.write(part.summary())
        with transaction.atomic():
            if labels or reading:
                self.tell(store_codes(version, reading.codes if reading else set(), labels, groups))
            if passages:
                tally, gone = store_crosswalk(passages)
                self.tell(tally, f", {counted(gone, 'retirée')}" if gone else "")
            if reading:
                self.tell_competences(reading, store_competences(reading, version), version, options["verbosity"])
            if options["dry_run"]:
                transaction.set_rollback(True)
        if options["dry_run"]:
            self.stdout.write("Essai seulement : rien n’a été modifié.")

    def refuse(self, parts: list[Lines]) -> None:
        """List the lines refused in every file, and stop before anything changes."""
        refused = [(part.path.name, line, reason) for part in parts for line, reason in part.refused]
        if not refused:
            return
        lines = [f"  « {name} », ligne {line} : {reason}." for name, line, reason in refused[:MAX_LISTED]]
        if (others := len(refused) - MAX_LISTED) > 0:
            lines.append(f"  … et {counted(others, 'autre ligne')}.")
        raise CommandError("\n".join([f"Lignes refusées : {len(refused)} ; rien n’a été modifié.", *lines]))

    def tell(self, tally: Tally, more: str = "") -> None:
        masculine = tally.label.startswith("codes")
        self.stdout.write(f"{tally.in_words('' if masculine else 'e')}{more}.")

    def tell_competences(self, reading: Reading, outcome: Outcome, version: str, verbosity: int) -> None:
        self.stdout.write(f"Disposition reconnue : {reading.layout}.")
        self.list("Colonnes qui ne sont pas des compétences connues, laissées de côté", reading.left_aside, verbosity)
        self.tell(outcome.tally)
        unlabelled = NationalCompetence.objects.filter(nomenclature=version, code__in=reading.codes, label="")
        codes = list(unlabelled.values_list("code", flat=True))
        self.list(f"Codes sans intitulé, gardés comme tels, sur {len(reading.codes)}", codes, verbosity)
        if 5 * len(codes) > len(reading.codes) and version == Nomenclature.Y2025:
            self.stdout.write("Attention : beaucoup de codes sont inconnus en 2025. Vérifiez --nomenclature.")
        self.list("Groupements inconnus, laissés de côté", outcome.unknown, verbosity)
        self.list("dont la clé du SIREN est fausse", outcome.false_keys, verbosity)
        if outcome.silent:
            self.stdout.write(f"Intercommunalités dont le fichier ne dit rien : {outcome.silent}.")
        if outcome.other_only:
            self.stdout.write(
                "Compétences connues par un code de l’autre nomenclature seulement, à rapprocher à la main : "
                f"{outcome.other_only}."
            )
        if outcome.no_longer:
            self.stdout.write(
                f"Compétences qui ne figurent plus dans le fichier, laissées telles quelles : {outcome.no_longer}."
            )

    def list(self, what: str, items: list[str], verbosity: int) -> None:
        """« Groupements inconnus : 3 (…) »; the whole list with --verbosity 2."""
        if items:
            shown = items if verbosity > 1 else items[:MAX_LISTED]
            more = ", … ; la liste entière avec --verbosity 2" if len(shown) < len(items) else ""
            self.stdout.write(f"{what} : {len(items)} ({', '.join(shown)}{more}).")


def known_labels(version: str, labels: Labels | None) -> dict[str, str]:
    """The labels of this version, of the platform and of the file given."""
    stored = NationalCompetence.objects.filter(nomenclature=version).exclude(label="")
    return dict(stored.values_list("code", "label")) | {
        code: label for code, (label, _) in (labels.by_code if labels else {}).items() if label
    }
