"""Keeps what was laid out under the hash of what it was made from; it may be emptied at any time and only costs time.

What is kept may be internal to an EPCI: the folder is closed to other accounts of the machine, and what nobody asked
for during a month leaves.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cooperation.files import KEPT
from cooperation.printing.whole import whole_file


class Store:
    """A folder of files named by their key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        """Say where the thing of this key is, or will be."""
        return self.folder / key

    def has(self, key: str) -> bool:
        """Say whether it is there, and note that it was asked for."""
        try:
            os.utime(self.path(key))
        except FileNotFoundError:
            return False
        return True

    def receive(self, key: str, made: Path) -> None:
        """Take in a file made elsewhere; elsewhere may be another disk, from which nothing is renamed."""
        self.write(key, made.read_bytes())

    def write(self, key: str, content: bytes) -> None:
        """Keep a content under its key, all at once; two threads may lay out the same letters at the same time."""
        with whole_file(self.path(key)) as file:
            file.write(content)

    def sweep(self, now: datetime) -> int:
        """Let go of what nobody asked for lately; returns how many files left."""
        limit, gone = (now - KEPT).timestamp(), 0
        for entry in os.scandir(self.folder):
            with contextlib.suppress(FileNotFoundError):
                if entry.stat().st_mtime < limit:
                    os.unlink(entry.path)
                    gone += 1
        return gone


def own_store() -> Store:
    """The store of this installation."""
    return Store(Path(settings.PRINT_STORE))


def sweep_store(now: datetime) -> int:
    """Let go of what no print used for a month; returns how many files left."""
    return own_store().sweep(now)
