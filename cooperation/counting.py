"""Where attempts are counted: in the database. Several processes hold one limit, and no other server is needed."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

IN_THE_DATABASE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": "cooperation_counts",  # made by `migrate`
    "KEY_FUNCTION": "cooperation.counting.hidden",
    # Beyond, live counts are dropped: out of reach of whoever would make room for more guesses.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}


def hidden(key: str, prefix: str, version: int) -> str:
    """The name under which something is counted: always the same, and saying nothing of whom it counts.

    A key of allauth holds the address of a connection, and a copy of the database would keep it.
    """
    return salted_hmac("cooperation.counting", f"{prefix}:{version}:{key}", algorithm="sha256").hexdigest()
