"""`manage.py import_projects`: take over the actions of a plan as projects of an EPCI, all or nothing."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cooperation import statistics
from cooperation.french import counted
from cooperation.spreadsheets import SpreadsheetError
from projects.importers.plan import PlanTally, store_plan, tell_doubts
from projects.importers.plan_file import Action, read_plan
from territories.places.models import Intercommunality


class Command(BaseCommand):
    help = "Reprend les actions d’un plan (classeur « Territoires en Transitions ») comme projets d’un EPCI."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="Classeur XLSX ou ODS, ou CSV.")
        parser.add_argument("--epci", metavar="SIREN", required=True, help="SIREN de l’intercommunalité.")
        parser.add_argument("--date", type=datetime.date.fromisoformat, help="Date de dépôt (AAAA-MM-JJ).")
        parser.add_argument("--dry-run", action="store_true", help="Dit ce qui serait fait, sans rien modifier.")

    def handle(self, *args: Any, **options: Any) -> None:
        epci = Intercommunality.objects.filter(siren=options["epci"]).first()
        if epci is None:
            raise CommandError(
                f"Aucune intercommunalité n’a le SIREN « {options['epci']} » : importez-la avec import_places."
            )
        try:
            actions = read_plan(options["file"])
        except SpreadsheetError as error:
            raise CommandError(f"{error} Rien n’a été modifié.") from error
        tell_doubts(actions, epci=epci)
        day = options["date"] or timezone.localdate()
        submitted_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
        with transaction.atomic():
            tally = store_plan(actions, epci=epci, submitted_at=submitted_at)
            if tally.refused:
                raise CommandError("\n".join([*tally.refused, "Rien n’a été modifié."]))
            if options["dry_run"]:
                transaction.set_rollback(True)
        statistics.refresh()
        self.tell(epci, actions, tally)
        if options["dry_run"]:
            self.stdout.write("Essai seulement : rien n’a été modifié.")

    def tell(self, epci: Intercommunality, actions: list[Action], tally: PlanTally) -> None:
        self.stdout.write(
            f"{epci} : {counted(len(actions), 'action lue')}, {counted(len(tally.created), 'projet créé')}, "
            f"{counted(tally.unchanged, 'inchangé')}."
        )
        for action in actions:
            for warning in action.warnings:
                self.stdout.write(f"  ligne {action.line} : {warning}")
