"""The workflow engine: reads a table of transitions, says which are possible and why not, and performs one safely.

The tables live in the rooms (`projects/proposals/workflow.py`); this page knows no state by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction

from cooperation.access import ALLOWED, Verdict
from cooperation.history import sign
from cooperation.texts import REASON, excess

# A guard receives the object and the acting person and returns "" or the French sentence explaining the refusal.
Guard = Callable[[Any, Any], str]


@dataclass(frozen=True)
class Transition:
    """One row of a state table."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str  # asked of `may(user, permission, obj)`, "" when only another transition or a session triggers it
    label: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    reason_label: str = "Motif"
    effect: str = ""  # plain French: what happens next, shown before the act


def row(
    name: str,
    sources: Iterable[str],
    target: str,
    permission: str,
    label: str,
    guards: Iterable[Guard] = (),
    *,
    reason: str = "",
    effect: str = "",
) -> Transition:
    """Write one line of a table; `reason` is the label of the compulsory reason, when there is one."""
    return Transition(
        name, frozenset(sources), target, permission, label, tuple(guards), bool(reason), reason or "Motif", effect
    )


class Workflow:
    """A state table bound to the question « may this person? » and to the record of moves.

    `may(user, permission, obj)` answers whether the person holds the right; `record(obj, transition, source, by,
    reason)` writes the move that is never erased.
    """

    def __init__(
        self,
        table: Iterable[Transition],
        *,
        may: Callable[[Any, str, Any], bool],
        record: Callable[..., None],
        field: str = "status",
    ) -> None:
        self.table = {transition.name: transition for transition in table}
        self.may = may
        self.record = record
        self.field = field

    def verdict(self, obj: models.Model, name: str, by: Any) -> Verdict:
        """Say whether the person may perform the transition now, with the reason when not."""
        transition = self.table[name]
        state = getattr(obj, self.field)
        if state not in transition.sources:
            labels = dict(obj._meta.get_field(self.field).flatchoices)  # type: ignore[union-attr]
            *others, last = [f"« {labels[code]} »" for code in labels if code in transition.sources]
            possible = f"{', '.join(others)} ou {last}" if others else last
            return Verdict(
                f"« {transition.label} » n’est pas possible : le projet est à l’état « {labels.get(state, state)} ». "
                f"Cela se fait à l’état {possible}."
            )
        if transition.permission and not self.may(by, transition.permission, obj):
            return Verdict(f"Votre rôle ne permet pas l’action « {transition.label} » sur ce projet.")
        for guard in transition.guards:
            if reason := guard(obj, by):
                return Verdict(reason)
        return ALLOWED

    def actions(self, obj: models.Model, by: Any) -> list[tuple[Transition, Verdict]]:
        """List the transitions leaving the present state that the person has the right to see, each with its verdict.

        Transitions without a permission belong to a session, and are never offered as buttons.
        """
        state = getattr(obj, self.field)
        return [
            (transition, self.verdict(obj, transition.name, by))
            for transition in self.table.values()
            if state in transition.sources and transition.permission and self.may(by, transition.permission, obj)
        ]

    @transaction.atomic
    def perform(self, obj: models.Model, name: str, *, by: Any, reason: str = "", **extra: Any) -> Any:
        """Lock the row, check again, move, save and record who and why.

        Raises `PermissionDenied` when the right is missing, `ValidationError` with the French reason otherwise.
        Returns the fresh object. `extra` are fields set in the same save.
        """
        transition = self.table[name]
        locked = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        if transition.permission and not self.may(by, transition.permission, locked):
            raise PermissionDenied(f"Votre rôle ne permet pas l’action « {transition.label} ».")
        if not (verdict := self.verdict(locked, name, by)):
            raise ValidationError(verdict.reason)
        if transition.needs_reason and not reason.strip():
            raise ValidationError(f"« {transition.label} » demande un motif : écrivez-le en une phrase.")
        if said := excess(reason, REASON):
            raise ValidationError(said)
        source = getattr(locked, self.field)
        setattr(locked, self.field, transition.target)
        for key, value in extra.items():
            setattr(locked, key, value)
        said = f"{transition.label} : {reason}" if reason else transition.label
        sign(locked, because=said)
        locked.save()
        self.record(locked, transition, source, by, reason.strip())
        return locked
