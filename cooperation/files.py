"""What every room knows of the files that are kept: for how long, and that they may be out of reach for a while."""

from __future__ import annotations

from datetime import timedelta

KEPT = timedelta(days=30)  # what can be made again may be internal: a file of it is not kept for ever


class FilesOutOfReach(OSError):
    """Raised when the place of the files does not answer, or refuses us; its words are a French sentence to show."""

    def __init__(self) -> None:
        super().__init__("Les fichiers ne sont pas accessibles pour le moment : réessayez dans quelques minutes.")
