"""Loading the whole demo territory in one go, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from projects.calendar.models import Meeting, Milestone
from projects.demo import (
    calendar,
    circuit,
    consultations,
    convergence,
    convocation,
    debate,
    diagnosis,
    effects,
    endorsements,
    files,
    followup,
    funding,
    levers,
    papers,
    people,
    places,
    proposals,
    sessions,
    strategy,
)
from projects.demo import clear as clearing
from projects.diagnosis.models import Assessment
from projects.effects.models import Indicator
from projects.effects.survey_models import Survey
from projects.notices.services import silence
from territories.places.models import Intercommunality


@dataclass(frozen=True)
class Loaded:
    """What is in the demo territory, to say it; `is_new` is false when it was already there and nothing was done."""

    epci: Intercommunality
    is_new: bool
    counts: dict[str, int]


@silence()
@transaction.atomic
def load(*, shift_days: int = 0, again: bool = False) -> Loaded:
    """Load the demo territory once; what people changed since is never overwritten, unless asked to start `again`."""
    present = Intercommunality.objects.filter(siren=files.siren()).first()
    if present and not again:
        return Loaded(present, is_new=False, counts={})
    data = files.read(shift_days=shift_days)
    if again:
        clearing.clear(data)
    epci = places.load_territory(data)
    communes = places.load_communes(data, epci)
    competences = places.load_competences(data, epci, communes)
    consultations.load_consultations(data, epci, communes, competences)
    partners = people.load_partners(data, epci, communes, competences)
    members = people.load_members(data, epci, communes)
    bodies = people.load_bodies(data, epci, communes, members)
    circuit.load_circuit(data, epci, bodies)
    users = people.load_accounts(data, epci, communes, partners, members)
    tree = strategy.load_strategy(data, epci)
    fields = files.fields_of(data)
    setting = proposals.Setting(epci, communes, competences, partners, members, users, tree, fields)
    projects = proposals.load_projects(data, setting)
    circuit.load_natures(data, projects)
    convergence.load_convergence(data, projects)
    diagnosis.load_actor_map(data, projects, partners)
    diagnosis.load_assessments(data, users, projects)
    funding.load_funding(data, projects, partners)
    funding.load_programme(data, projects)
    sessions.load_sessions(data, bodies, projects)
    papers.load_papers(data, epci, bodies)
    levers.load_levers(data, epci, communes, users, projects)
    endorsements.load_endorsements(data, users, projects)
    debate.load_debate(data, projects)
    followup.load_followup(data, communes, partners, bodies, users, projects)
    calendar.load_calendar(data, epci, communes, partners, users, projects)
    convocation.load_convocation(data, bodies, members, users, projects)
    effects.load_effects(data, users, projects)
    return Loaded(epci, is_new=True, counts=count(epci))


def count(epci: Intercommunality) -> dict[str, int]:
    """Count what was loaded, by its French name."""
    return {
        "communes": epci.communes.count(),
        "compétences": epci.competences.count(),
        "consultations": epci.consultations.count(),
        "instances": epci.bodies.count(),
        "élu·es": epci.elected_members.count(),
        "partenaires": epci.partners.count(),
        "objectifs": epci.strategy_nodes.filter(level=2).count(),
        "projets": epci.projects.count(),
        "indicateurs": Indicator.objects.filter(intercommunality=epci).count(),
        "groupes évalués": Assessment.objects.filter(intercommunality=epci).count(),
        "enquêtes": Survey.objects.filter(intercommunality=epci).count(),
        "services mutualisés": epci.shared_services.count(),
        "séances": epci.sessions.count(),
        "décisions": epci.decisions.count(),
        "étapes": Milestone.objects.filter(intercommunality=epci).count(),
        "réunions": Meeting.objects.filter(intercommunality=epci).count(),
        "comptes": len(files.accounts()),
    }
