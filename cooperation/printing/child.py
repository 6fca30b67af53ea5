"""The process that prints: binds itself to its limits, reads an order, writes a PDF, and ends with a telling code.

Started by `process.py` with an empty environment: whatever a hostile text could make it do, it holds no secret and
no database. Twenty-seven texts built to exhaust WeasyPrint were tried: six ran for ever, four broke its recursion.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from pathlib import Path

TOO_DEEP, TOO_LARGE, FAILED = 3, 4, 5
LARGEST_FILE = 256 * 1024 * 1024


def bind(limit: int, value: int) -> None:
    """Set one limit for good; a system that does not know it (macOS and memory) keeps its own."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(limit, (value, value))


def obey_limits(order: dict) -> None:
    bind(resource.RLIMIT_CPU, order["cpu_seconds"])
    bind(resource.RLIMIT_AS, order["memory"])
    bind(resource.RLIMIT_FSIZE, LARGEST_FILE)
    bind(resource.RLIMIT_CORE, 0)
    bind(resource.RLIMIT_NOFILE, 256)


def main(folder: Path) -> int:
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    obey_limits(order)
    progress = os.open(folder / "progress", os.O_WRONLY | os.O_CREAT)

    def heard(pages: int) -> None:
        os.pwrite(progress, b"%8d" % pages, 0)

    try:
        from cooperation.printing.engine import render  # after the limits, so that loading counts too

        pdf = render((folder / "page.html").read_text(encoding="utf-8"), roots=order["roots"], heard=heard)
        (folder / "result.pdf").write_bytes(pdf)
    except RecursionError:
        return TOO_DEEP
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # the text of the error may quote the document: only its kind leaves
        print(type(error).__name__, file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
