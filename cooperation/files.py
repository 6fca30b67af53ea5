"""What every room knows of the files that are kept: they may be out of reach for a while, and that is one fault."""

from __future__ import annotations


class FilesOutOfReach(OSError):
    """Raised when the place of the files does not answer, or refuses us; its words are a French sentence to show."""

    def __init__(self) -> None:
        super().__init__("Les fichiers ne sont pas accessibles pour le moment : réessayez dans quelques minutes.")
