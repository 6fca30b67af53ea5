"""Names in the order of a French dictionary, on both databases: neither capitals, accents nor apostrophes count.

Neither database does it by itself: SQLite puts « Équipements » after « Voirie » and « ANAH » before « Agence », and
PostgreSQL does as the machine on which it was installed.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func

ACCENTED = "ÀÂÄÁÃÅÇÉÈÊËÍÎÏÌÑÓÔÖÒÕÚÙÛÜÝŸàâäáãåçéèêëíîïìñóôöòõúùûüýÿ-‑–"
PLAIN = "AAAAAACEEEEIIIINOOOOOUUUUYYaaaaaaceeeeiiiinooooouuuuyy   "
IGNORED = "'’«»()"
TWO_LETTERS = {"Œ": "OE", "œ": "oe", "Æ": "AE", "æ": "ae"}
TABLE = str.maketrans(ACCENTED, PLAIN, IGNORED) | str.maketrans(TWO_LETTERS)


def key(text: str | None) -> str | None:
    """What a name is sorted by: « L’Étoile » as « letoile »."""
    return None if text is None else text.translate(TABLE).lower()


class Alphabetical(Func):
    """Order by a name as people look for it in a list."""

    function = "alphabetical"  # given to SQLite at each connection, see `teach`
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        name = "%(expressions)s"
        for one, two in TWO_LETTERS.items():
            name = f"replace({name}, '{one}', '{two}')"
        ignored = IGNORED.replace("'", "''")
        template = f"(lower(translate({name}, '{ACCENTED}{ignored}', '{PLAIN}')) COLLATE \"C\")"
        return self.as_sql(compiler, connection, template=template, **context)


def teach(connection: Any, **signal: Any) -> None:
    """Teach SQLite the order, when a connection opens."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("alphabetical", 1, key, deterministic=True)
