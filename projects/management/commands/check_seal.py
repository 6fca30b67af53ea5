"""Reads every chain again, compares it with the rows it seals, and names the first thing that does not hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from cooperation.french import counted
from cooperation.seal import is_signed
from projects.minutes.sealing import KINDS
from projects.seal import guards
from projects.seal.checking import check
from projects.seal.services import heads
from territories.models import Intercommunality


class Command(BaseCommand):
    help = "Vérifie le sceau des décisions : sort avec 0 si tout tient, avec 1 et la première ligne rompue sinon."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--epci", metavar="SIREN", default="", help="une seule intercommunalité")
        parser.add_argument("--heads", metavar="FICHIER", type=Path, help="des empreintes gardées ailleurs")

    def handle(self, *args: Any, epci: str, heads: Path | None = None, **options: Any) -> None:
        kept = read_heads(heads) if heads else []
        found = Intercommunality.objects.order_by("siren")
        if epci:
            found = found.filter(siren=epci.replace(" ", ""))
            if not found:
                raise CommandError(f"Aucune intercommunalité ne porte le SIREN «\u00a0{epci}\u00a0».")
        known = set(found.values_list("siren", flat=True))
        faults = [str(fault) for one in found for fault in check(one, kinds=KINDS, heads=kept)]
        if not epci:
            faults += [
                f"{told['siren']} : l’intercommunalité a disparu, avec sa chaîne."
                for told in kept
                if told["siren"] not in known
            ]
        faults += [
            f"La base ne protège plus la table {table} : relancez « manage.py migrate »."
            for table in guards.missing(connection)
        ]
        if faults:
            others = f"\nAutres défauts : {len(faults) - 1}." if len(faults) > 1 else ""
            raise CommandError(f"Le sceau est rompu. {faults[0]}{others}")
        self.tell()

    def tell(self) -> None:
        for told in heads():
            self.stdout.write(
                f"{told['siren']} : {counted(told['sequence'], 'enregistrement')}, empreinte {told['head']}"
            )
        self.stdout.write("Le sceau tient.")


def read_heads(path: Path) -> list[dict[str, Any]]:
    """The heads of a file whose signature is right; a file that is not ours, or was changed, is refused."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        signature = str(told.pop("signature"))
        listed = [{"siren": str(h["siren"]), "sequence": int(h["sequence"]), "head": h["head"]} for h in told["heads"]]
    except OSError as error:
        raise CommandError(f"Le fichier « {path} » ne peut pas être lu.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"« {path} » n’est pas un fichier d’empreintes.") from error
    if not settings.SEAL_KEY:
        raise CommandError("Donnez la clé qui a signé les empreintes : variable d’environnement SEAL_KEY.")
    if not is_signed(told, settings.SEAL_KEY, signature):
        raise CommandError(
            f"La signature de « {path} » est fausse : le fichier a été changé, ou la clé n’est pas la bonne."
        )
    return listed
