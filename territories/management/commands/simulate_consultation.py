"""`manage.py simulate_consultation`: what would come of a consultation of the communes, before it is launched."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territories.consultations.council import judge_council
from territories.consultations.electors import MissingPopulation, electors_of
from territories.consultations.outcome import Voice
from territories.consultations.procedures import BY_CODE, Asked, Procedure
from territories.consultations.simulation import Simulation, simulate, suppose
from territories.places.models import Intercommunality

REFUSED = 2  # what was asked cannot be answered


def listed(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]


class Command(BaseCommand):
    help = "Simule une consultation des communes : résultat, seuils, veto. Les communes qu’on ne nomme pas se taisent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = ", ".join(BY_CODE)
        parser.add_argument("--epci", metavar="SIREN", required=True, help="L’intercommunalité.")
        parser.add_argument("--procedure", metavar="NOM", required=True, help=f"La procédure : {codes}.")
        parser.add_argument(
            "--favourable", metavar="INSEE,…", type=listed, action="extend", default=[],
            help="Les communes favorables (celles qui s’opposent, pour « plu-opposition »).",
        )  # fmt: skip
        parser.add_argument(
            "--unfavourable", metavar="INSEE,…", type=listed, action="extend", default=[],
            help="Les communes défavorables.",
        )  # fmt: skip
        parser.add_argument("--concerned", metavar="INSEE", default="", help="La commune concernée (« one-commune »).")
        parser.add_argument("--votes-for", type=int, default=0, help="Conseil communautaire : voix pour.")
        parser.add_argument("--votes-against", type=int, default=0, help="Conseil communautaire : voix contre.")
        parser.add_argument("--seats", type=int, help="Conseil communautaire : nombre de sièges.")
        parser.add_argument("--json", action="store_true", help="Répond en JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        epci = Intercommunality.objects.filter(siren=options["epci"]).first()
        if epci is None:
            self.refuse(f"Aucune intercommunalité ne porte le SIREN « {options['epci']} ».")
        procedure = BY_CODE.get(options["procedure"])
        if procedure is None:
            known = ", ".join(BY_CODE)
            self.refuse(f"La procédure « {options['procedure']} » n’existe pas. Choisissez parmi : {known}.")
        try:
            if procedure.asked is Asked.COUNCIL:
                self.tell_council(epci, procedure, options)
                return
            simulation = simulate(procedure, self.voices_of(epci, procedure, options))
        except (MissingPopulation, ValueError) as error:
            self.refuse(str(error))
        self.tell(procedure, simulation, as_json=options["json"])

    def refuse(self, sentence: str) -> None:
        raise CommandError(sentence, returncode=REFUSED)

    def voices_of(self, epci: Intercommunality, procedure: Procedure, options: dict[str, Any]) -> list[Voice]:
        """The communes asked with the positions supposed; refuses an unknown one, and one named twice."""
        named = options["favourable"] + options["unfavourable"]
        if twice := [code for code, times in Counter(named).items() if times > 1]:
            self.refuse(f"Commune nommée deux fois : {', '.join(twice)}. Donnez une seule position à chacune.")
        voices = [elector.as_voice() for elector in electors_of(epci)]
        if procedure.asked is Asked.ONE_COMMUNE:
            concerned = options["concerned"] or (named[0] if len(named) == 1 else "")
            if not concerned:
                self.refuse("Dites quelle commune est concernée : --concerned INSEE.")
            voices = [voice for voice in voices if voice.code == concerned]
            named = [*named, concerned]
        members = {voice.code for voice in voices}
        if unknown := [code for code in named if code not in members]:
            self.refuse(f"Commune inconnue dans cette consultation : {', '.join(dict.fromkeys(unknown))}.")
        return suppose(voices, favourable=options["favourable"], unfavourable=options["unfavourable"])

    def tell_council(self, epci: Intercommunality, procedure: Procedure, options: dict[str, Any]) -> None:
        if options["favourable"] or options["unfavourable"]:
            self.refuse(f"{procedure.label} : le conseil communautaire décide seul, ne nommez aucune commune.")
        seats = options["seats"] if options["seats"] is not None else epci.council_seats
        if not seats:
            self.refuse("Dites combien de sièges compte le conseil communautaire : --seats NOMBRE.")
        votes = {"votes_for": options["votes_for"], "votes_against": options["votes_against"], "seats": seats}
        outcome = judge_council(procedure, **votes)
        if options["json"]:
            answer = {
                "accepted": outcome.standing.is_carried,
                "standing": outcome.standing.value,
                "counts": votes,
                "populations": {},
            }
            self.stdout.write(json.dumps(answer | {"veto": False, "reasons": outcome.reasons}, ensure_ascii=False))
            return
        self.stdout.write("\n".join([f"{procedure.label} : {outcome.standing.value}.", *outcome.reasons]))

    def tell(self, procedure: Procedure, simulation: Simulation, *, as_json: bool) -> None:
        outcome = simulation.outcome
        if as_json:
            coalitions = {
                "smallest_winning": [voice.code for voice in simulation.winning],
                "smallest_blocking": [voice.code for voice in simulation.blocking],
            }
            self.stdout.write(json.dumps(outcome.as_json() | coalitions, ensure_ascii=False))
            return
        word = "accepté" if outcome.accepted else "rejeté"
        self.stdout.write(f"{procedure.label} ({procedure.article}) : {word}.")
        for line in (*outcome.reasons, *outcome.warnings):
            self.stdout.write(f"  {line}")
