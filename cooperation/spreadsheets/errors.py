"""The one error of a spreadsheet that cannot be read, in a French sentence with its line."""

from __future__ import annotations


class SpreadsheetError(Exception):
    """What is wrong in a file, where, and what to do."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(f"Ligne {line} : {message}" if line else message)
