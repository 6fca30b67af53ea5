"""What the database knows of its own tables: without it, it takes the wrong way through a large one.

PostgreSQL counts by itself. SQLite never does: it then believes that an EPCI is a choice among many, where all projects
belong to one, and reads the whole table for a page of twenty-five. Counting takes it one second of processor for a
hundred thousand projects with all that hangs on them.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def refresh(using: str = DEFAULT_DB_ALIAS, **told: Any) -> None:
    """Count again: once the tables are made, after each import, and every night."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute("ANALYZE")
