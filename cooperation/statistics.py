"""What the database knows of its own tables: without it, it takes the wrong way through a large one.

PostgreSQL counts by itself. SQLite never does: it then believes that an EPCI is a choice among many, where all projects
belong to one, and reads the whole table for a page of twenty-five. Looking at a thousand rows of each index costs it a
few hundredths of a second, whatever the size of the base.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

LOOKED_AT = 1_000  # rows of each index


def refresh(using: str = DEFAULT_DB_ALIAS, **told: Any) -> None:
    """Count again: once the tables are made, after each import, and every night."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            cursor.execute("ANALYZE")
