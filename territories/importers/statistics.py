"""What the database believes of the size of a table that is being filled."""

from __future__ import annotations

from django.db import connection, models


def count_again(*filled: type[models.Model]) -> None:
    """Have PostgreSQL count the tables again, within the transaction that fills them.

    It plans a query from what it last counted; a table counted when it was empty would be read row by row, at each
    query, whatever it holds by then. SQLite plans without counting.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in filled:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
