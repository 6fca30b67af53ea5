"""Loading the circuit that the projects follow, and the nature of the decisions taken by delegation."""

from __future__ import annotations

from partners.governance.circuits import Circuit, CircuitStep
from partners.governance.models import Body
from projects.circuit.models import Nature
from projects.demo.files import DemoData
from projects.demo.proposals import at_noon
from projects.demo.saving import save
from projects.proposals.models import Project
from territories.places.models import Intercommunality


def load_circuit(data: DemoData, epci: Intercommunality, bodies: dict[str, Body]) -> Circuit:
    """Write the circuit that the projects follow, already adopted."""
    told = data.governance["circuit"]
    circuit = save(
        Circuit(
            intercommunality=epci,
            number=1,
            reason=told["reason"],
            reference=told["reference"],
            starts_on=told["starts_on"],
            adopted_at=at_noon(told["starts_on"]),
        )
    )
    for rank, written in enumerate(told["steps"], 1):
        codes = written["bodies"]
        said = {name: value for name, value in written.items() if name != "bodies"}
        step = save(CircuitStep(circuit=circuit, position=rank, **said))
        step.bodies.set(bodies[code] for code in codes)
    return circuit


def load_natures(data: DemoData, projects: dict[str, Project]) -> None:
    """Say of the projects decided by delegation which matter was delegated."""
    officers = {told["ref"]: told["lead_officer"] for told in data.projects}
    for reference, matter in data.governance["natures"].items():
        project = projects[reference]
        save(
            Nature(
                intercommunality=project.intercommunality,
                project=project,
                matter=matter,
                stated_by_name=officers[reference],
            )
        )
