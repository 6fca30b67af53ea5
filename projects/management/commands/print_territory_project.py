"""Prints the projet de territoire of an EPCI into a file, with every project that may be printed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model
from django.utils import timezone

from cooperation.french import counted, number
from cooperation.printing import PrintingError, impose
from partners.models import Body
from projects.models import Orientation
from projects.prints.services import say_missing
from projects.report.choices import FOR_EVERYONE, PRINTABLE, Audience, Choices, Format
from projects.report.content import gather
from projects.report.forms import NONE_LEFT, NOT_PAST
from projects.report.services import print_whole
from territories.models import Commune, Intercommunality


class Command(BaseCommand):
    help = "Imprime le projet de territoire d’une intercommunalité en PDF accessible (PDF/UA-1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--epci", required=True, metavar="SIREN", help="les neuf chiffres de l’intercommunalité")
        parser.add_argument("--as-of", metavar="AAAA-MM-JJ", default="", help="l’état à la fin d’un jour passé")
        parser.add_argument("--format", choices=Format.values, default=Format.A4.value, help="papier (a4 par défaut)")
        parser.add_argument("--public", action="store_true", help="le document pour tout le monde, sans rien d’interne")
        parser.add_argument("--state", action="append", choices=PRINTABLE, default=[], help="un état (à répéter)")
        parser.add_argument("--orientation", metavar="CODE", default="", help="une orientation du mandat, par son code")
        parser.add_argument("--commune", metavar="INSEE", default="", help="une commune, par son code")
        parser.add_argument("--body", metavar="NOM", default="", help="ce qu’une instance a examiné, par son nom")
        parser.add_argument("--output", required=True, metavar="FICHIER.pdf", type=Path, help="où écrire le document")

    def handle(self, *args: Any, epci: str, output: Path, **options: Any) -> None:
        today = timezone.localdate()
        paper = options.get("format") or Format.A4.value
        audience = Audience.PUBLIC if options.get("public") else Audience.INTERNAL
        day = self.read_day(options.get("as_of") or "", today)
        intercommunality = Intercommunality.objects.filter(siren=epci.replace(" ", "")).first()
        if intercommunality is None:
            raise CommandError(
                f"Aucune intercommunalité ne porte le SIREN « {epci} ». Vérifiez les neuf chiffres, "
                "ou importez-la d’abord avec la commande import_places."
            )
        choices = Choices(
            audience=audience,
            as_of=day,
            format=paper,
            states=options.get("state") or (),
            orientation=self.find(Orientation, intercommunality, "code", options.get("orientation")),
            commune=self.find(Commune, intercommunality, "insee_code", options.get("commune")),
            body=self.find(Body, intercommunality, "name", options.get("body")),
        )
        if choices.is_public and choices.states and not set(choices.states) & set(FOR_EVERYONE):
            raise CommandError(NONE_LEFT)
        self.check_place(output)
        try:
            report = gather(intercommunality, user=None, today=today, choices=choices)
            printed = print_whole(report)
            content = impose(printed.path) if paper == Format.BOOKLET else printed.content
            output.write_bytes(content)
        except PrintingError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(self.refusal(output, error)) from error
        weight = len(content) / 1_000_000
        count = counted(report.sheets_count, "projet")
        self.stdout.write(f"{intercommunality.name} : {count}, {number(weight, 1)} Mo, dans {output}")
        if printed.missing:
            raise CommandError(say_missing(list(printed.missing)))

    def find(self, model: type[Model], epci: Intercommunality, name: str, value: str | None) -> int | None:
        """The key of what was named; a name that is unknown is told with those that are known."""
        if not value:
            return None
        known = dict(model._default_manager.filter(intercommunality=epci).values_list(name, "pk"))
        if value not in known:
            raise CommandError(f"« {value} » n’est pas connu ici. Choisissez parmi : {', '.join(sorted(known))}.")
        return known[value]

    def read_day(self, text: str, today: dt.date) -> str:
        try:
            day = dt.date.fromisoformat(text) if text else None
        except ValueError as error:
            raise CommandError(f"« {text} » n’est pas un jour : écrivez-le comme {today.isoformat()}.") from error
        if day and day >= today:
            raise CommandError(NOT_PAST)
        return text

    def check_place(self, output: Path) -> None:
        """Find out before a long print, rather than after, that its result cannot be written."""
        try:
            with output.open("ab"):
                pass
        except OSError as error:
            raise CommandError(self.refusal(output, error)) from error
        if not output.stat().st_size:
            output.unlink()

    def refusal(self, output: Path, error: OSError) -> str:
        reason = {
            FileNotFoundError: "le dossier n’existe pas",
            PermissionError: "vous n’avez pas le droit d’y écrire",
            IsADirectoryError: "c’est un dossier : donnez un nom de fichier",
        }.get(type(error), error.strerror or "l’écriture a échoué")
        return f"Impossible d’écrire « {output} » : {reason}."
