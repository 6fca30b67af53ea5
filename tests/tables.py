"""The tables of the README, from the code: `manage.py shell -c "import tests.tables; tests.tables.show()"`."""

from __future__ import annotations

from partners.people.access import ROLE_PERMISSIONS
from partners.people.models import Role
from projects.proposals.states import Status
from projects.proposals.workflow import TRANSITIONS
from territories.places.models import Intercommunality


def state_table() -> str:
    """Every transition: what it is called, from where to where, who, and the reason it asks for."""
    order = list(Status.values)
    lines = ["| acte | de | vers | droit | motif demandé |", "|---|---|---|---|---|"]
    for transition in TRANSITIONS:
        sources = ", ".join(Status(s).label for s in sorted(transition.sources, key=order.index))
        lines.append(
            f"| {transition.label} | {sources} | {Status(transition.target).label} "
            f"| {f'`{transition.permission}`' if transition.permission else 'en séance'} "
            f"| {transition.reason_label if transition.needs_reason else '—'} |"
        )
    return "\n".join(lines)


def role_table() -> str:
    """Every right on an EPCI × every role."""
    rights = [codename for codename, _ in Intercommunality._meta.permissions]
    lines = [f"| droit | {' | '.join(Role(role).label for role in ROLE_PERMISSIONS)} |"]
    lines.append("|---" * (len(ROLE_PERMISSIONS) + 1) + "|")
    for right in rights:
        cells = ("oui" if right in held else "" for held in ROLE_PERMISSIONS.values())
        lines.append(f"| `{right}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def show() -> None:
    print(state_table(), role_table(), sep="\n\n")
