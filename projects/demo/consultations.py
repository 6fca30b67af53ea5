"""Loading the consultations of the communes: three that are closed, with their votes, and two under way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from projects.demo.files import DemoData
from projects.demo.saving import save
from territories.competences.models import Competence
from territories.consultations.deadlines import months_after
from territories.consultations.models import Answer, Consultation
from territories.consultations.outcome import judge
from territories.places.models import Commune, Intercommunality

SPOKEN_BEFORE = 21  # days before its deadline on which, in the demo, a council deliberates


def load_consultations(
    data: DemoData, epci: Intercommunality, communes: dict[str, Commune], competences: dict[str, Competence]
) -> None:
    """Write each consultation with the answers of the communes; the closed ones are judged by the rule itself."""
    for told in data.consultations["procedures"]:
        if launched := told.get("launched"):
            said = {row["insee"]: row[told["code"]] for row in data.consultations["positions"]}
            consultation = write(epci, launched, competences)
            write_answers(consultation, communes, notified_on=told["notified_on"], said=said)
            outcome = judge(consultation.procedure, consultation.voices_on(date.max))
            consultation.closed_on = told["due_on"] + timedelta(days=1)
            consultation.accepted, consultation.result = outcome.accepted, outcome.as_json()
            consultation.order_on = launched.get("order_on")
            consultation.order_reference = launched.get("order_reference", "")
            save(consultation)
    for told in data.consultations["under_way"]:
        write_answers(write(epci, told, competences), communes, notified_on=told["notified_on"], said={})


def write(epci: Intercommunality, told: dict[str, Any], competences: dict[str, Competence]) -> Consultation:
    votes = told.get("votes", {})
    return save(
        Consultation(
            intercommunality=epci,
            procedure_code=told["procedure"],
            title=told["title"],
            question=told["question"],
            competence=competences[told["competence"]] if "competence" in told else None,
            council_on=told["council_on"],
            votes_for=votes.get("for"),
            votes_against=votes.get("against"),
            abstentions=votes.get("abstentions"),
            population_year=epci.communes.first().populations.first().year_in_force,
        )
    )


def write_answers(
    consultation: Consultation, communes: dict[str, Commune], *, notified_on: date, said: dict[str, str]
) -> None:
    due_on = months_after(notified_on, consultation.procedure.months)
    for code, commune in communes.items():
        population = commune.populations.first()
        position = "" if said.get(code) == "silence" else said.get(code, "")
        save(
            Answer(
                intercommunality=consultation.intercommunality,
                consultation=consultation,
                commune=commune,
                inhabitants=population.total,
                municipal_inhabitants=population.municipal,
                notified_on=notified_on,
                due_on=due_on,
                position=position,
                deliberated_on=due_on - timedelta(days=SPOKEN_BEFORE) if position else None,
            )
        )
