"""Files that are whole or not there: whoever looks at one while it is written sees nothing, or the one before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Write what is to be at `path`, and is there once all of it is written; nothing is left of what failed.

    Whoever writes the same at the same time, be it another thread of this process, writes a file of its own.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
        try:
            yield file
        except BaseException:
            os.unlink(file.name)
            raise
    os.replace(file.name, path)
