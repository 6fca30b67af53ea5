"""`manage.py load_demo`: load the invented territory, and print what it holds and who may sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cooperation import statistics
from projects.demo.files import DemoDataError, accounts
from projects.demo.load import Loaded, load


class Command(BaseCommand):
    help = "Charge le territoire de démonstration : 22 communes, 45 partenaires, 30 projets, tous inventés."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--shift-days",
            type=int,
            default=0,
            metavar="N",
            help="Décale toutes les dates de N jours (elles sont écrites pour le 15 novembre 2026).",
        )
        parser.add_argument(
            "--again",
            action="store_true",
            help="Efface le territoire de démonstration et tout ce qui s’y rattache, puis le recharge.",
        )
        parser.add_argument(
            "--allow-production",
            action="store_true",
            help="Accepte de charger des comptes au mot de passe public alors que DEBUG est désactivé.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["allow_production"]:
            raise CommandError(
                "Le jeu de démonstration ouvre des comptes dont le mot de passe est public : il est refusé quand "
                "DEBUG est désactivé. Ajoutez --allow-production si c’est bien ce que vous voulez."
            )
        try:
            loaded = load(shift_days=options["shift_days"], again=options["again"])
        except DemoDataError as error:
            raise CommandError(str(error)) from error
        statistics.refresh()
        if options["verbosity"]:
            self.tell(loaded)

    def tell(self, loaded: Loaded) -> None:
        """Say what was done; passwords are printed in development only."""
        if not loaded.is_new:
            self.stdout.write(
                f"« {loaded.epci} » est déjà chargée : rien n’a été modifié. "
                "Pour repartir de zéro : manage.py load_demo --again"
            )
            return
        self.stdout.write(self.style.SUCCESS(f"{loaded.epci}"))
        self.stdout.write(", ".join(f"{number} {name}" for name, number in loaded.counts.items()) + ".")
        if settings.DEBUG:
            for account in accounts():
                self.stdout.write(f"  {account.email:<34} {account.password:<20} {account.role} : {account.shows}")
