"""Questions that Django does not put to both databases: text that holds a word, numbers that are among many."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import BigAutoField, CharField, Lookup, TextField
from django.db.models.lookups import Contains

Asked = tuple[str, list[Any]]


class Holds(Lookup):
    """A folded text holds a folded word: `contains`, which PostgreSQL answers in half the time without a pattern."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> Asked:
        return Contains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(self, compiler: Any, connection: Any) -> Asked:
        (text, given), (word, asked) = self.process_lhs(compiler, connection), self.process_rhs(compiler, connection)
        return f"strpos({text}, {word}) > 0", [*given, *asked]


class Among(Lookup):
    """A key is among thousands: `in`, where they are one value to the database and are not written one by one."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Asked:
        key, given = self.process_lhs(compiler, connection)
        return f"{key} IN (SELECT value FROM json_each(%s))", [*given, json.dumps(sorted(self.rhs))]

    def as_postgresql(self, compiler: Any, connection: Any) -> Asked:
        key, given = self.process_lhs(compiler, connection)
        return f"{key} = ANY(%s::bigint[])", [*given, sorted(self.rhs)]


def register() -> None:
    """Make them known, from the start of the application."""
    for field in (CharField, TextField):
        field.register_lookup(Holds)
    BigAutoField.register_lookup(Among)
