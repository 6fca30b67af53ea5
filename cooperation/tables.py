"""Many tables made at once, for the first migration of a house; a few of them altered without reading the others.

Django works out every model again, and all that are tied to it, for each table that it makes: a minute of processor
for the tables of this project, of which nine tenths are spent on models that nobody reads in between. Here the models
are worked out once, when all of them are known; the tables made are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models import Model


class Together(Operation):
    """Steps for all of which the models are worked out once."""

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # the models already worked out, which are so again on the next reading
        for step in self.steps:
            step.state_forwards(app_label, state)


class CreateTables(Together):
    """Creates the tables of these models, each with its keys, constraints and indexes already in it."""

    def __init__(self, models: Sequence[CreateModel]) -> None:
        super().__init__(models)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.steps], {}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in self.steps:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in reversed(self.steps):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.steps)} tables"


class AlterTables(Together):
    """Does these operations on a few tables of a house, one after the other.

    Each is given these tables alone, with no more than the key of those that they point at: with the hundred others
    to work out again, each column would cost a second of processor.
    """

    def __init__(self, tables: Sequence[str], operations: Sequence[Operation]) -> None:
        super().__init__(operations)
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.tables, self.steps], {}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation, before, after in self.stages(app_label, from_state, to_state):
            operation.database_forwards(app_label, schema_editor, before, after)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation, before, after in reversed(list(self.stages(app_label, to_state, from_state))):
            operation.database_backwards(app_label, schema_editor, after, before)

    def stages(
        self, app_label: str, from_state: ProjectState, to_state: ProjectState
    ) -> Iterator[tuple[Operation, ProjectState, ProjectState]]:
        """Each operation, with the tables as they are before it and after it."""
        before = self.lean(app_label, from_state, to_state)
        for operation in self.steps:
            after = before.clone()
            operation.state_forwards(app_label, after)
            yield operation, before, after
            before = after

    def lean(self, app_label: str, from_state: ProjectState, to_state: ProjectState) -> ProjectState:
        """These tables as they were, and the keys of those that they point at, before or after."""
        keys = [(app_label, name) for name in self.tables]
        models = {key: from_state.models[key].clone() for key in keys}
        for state in (from_state, to_state):
            for key in keys:
                for field in state.models[key].fields.values():
                    if field.remote_field:
                        target = resolve_relation(field.remote_field.model, *key)
                        models.setdefault(target, key_alone(to_state.models[target]))
        return ProjectState(models)

    def describe(self) -> str:
        return f"Alter {len(self.tables)} tables"


def key_alone(model: ModelState) -> ModelState:
    """A table of which only the key is told."""
    fields = [(name, field.clone()) for name, field in model.fields.items() if field.primary_key]
    named: dict[str, Any] = {name: model.options[name] for name in ("db_table", "swappable") if name in model.options}
    return ModelState(model.app_label, model.name, fields, named, (Model,))
