"""The process that prints: binds itself to its limits, reads an order, writes what it made, ends with a telling code.

Copied from one that `hiring.py` starts with an empty environment: whatever a hostile text could make it do, it holds no
secret and no database. Twenty-seven texts built to exhaust WeasyPrint were tried: six ran for ever, four broke its
recursion.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cooperation.calls import roomy

if TYPE_CHECKING:
    from cooperation.printing.engine import Press

TOO_DEEP, TOO_LARGE, FAILED = 3, 4, 5
PAGE = "page"  # the name of a hand whose folder holds one page of HTML, and no table
SESSION = Path("/proc/self/autogroup")
LARGEST_FILE = 256 * 1024 * 1024


def bind(limit: int, value: int) -> None:
    """Set one limit for good; a system that does not know it (macOS and memory) keeps its own."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(limit, (value, value))


def obey_limits(order: dict[str, Any]) -> None:
    bind(resource.RLIMIT_CPU, order["cpu_seconds"])
    bind(resource.RLIMIT_AS, order["memory"])
    bind(resource.RLIMIT_FSIZE, LARGEST_FILE)
    bind(resource.RLIMIT_CORE, 0)
    bind(resource.RLIMIT_NOFILE, 256)
    give_way(order["courtesy"])


def give_way(courtesy: int) -> None:
    """Let others go first: among the processes of our session, and as a session among others.

    Linux may share the processor between sessions first (`man 7 sched`, autogroup): alone in ours, we would otherwise
    weigh as much as the whole server of the pages, however courteous. It hears one such wish every tenth of a second.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(courtesy, os.getpriority(os.PRIO_PROCESS, 0)))
    for _ in range(5):
        try:
            if not SESSION.read_text().endswith(f" {courtesy}\n"):  # another hand may have said it
                SESSION.write_text(str(courtesy))
        except BlockingIOError:
            time.sleep(0.1)
        except OSError:  # another system, or a service whose share is told by `CPUWeight=`
            return
        else:
            return


def obey(folder: Path) -> dict[str, Any]:
    """Read an order and bind ourselves to its limits."""
    order = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    obey_limits(order)
    tempfile.tempdir = str(folder)  # where the engine lays its fonts: what a killed process leaves goes with the folder
    return order


def wait_for_folders(courtesy: int) -> int:
    """Load what takes long, then have each folder that is named worked at by a copy of this process."""
    give_way(courtesy)  # loading already takes a second from those who browse
    from cooperation.printing import engine, fragments  # noqa: F401

    gc.freeze()  # what is loaded stays: no copy looks through it again
    hands: dict[int, Path] = {}
    signal.signal(signal.SIGCHLD, lambda *_: see_off(hands))
    for line in sys.stdin:
        folder, _, name = line.rstrip("\n").partition("\t")
        if (pid := os.fork()) == 0:
            os._exit(attempt(partial(serve, Path(folder), name)))
        hands[pid] = Path(folder) / f"{name}.code"
        see_off(hands)  # it may have ended before it was noted
        print(pid, flush=True)
    return 0


def see_off(hands: dict[int, Path]) -> None:
    """Tell how each copy ended: one that was killed, or that a text library stopped, cannot say it itself."""
    for pid in list(hands):
        with contextlib.suppress(OSError):  # told already by a signal that came meanwhile, or its folder is gone
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                tell(os.waitstatus_to_exitcode(status), hands.pop(pid))


@roomy
def serve(folder: Path, name: str) -> None:
    """Be the copy: alone in a group that can be killed, in the session of all hands, at work in one folder."""
    os.setpgid(0, 0)
    os.close(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = obey(folder)
    if name == PAGE:
        print_page(folder, order)
    else:
        work(folder, name, order)


def tell(code: int, path: Path) -> None:
    """Write at once: whoever looks reads the whole code or nothing yet."""
    written = path.with_suffix(".part")
    written.write_text(str(code))
    written.replace(path)


def attempt(task: Callable[[], object]) -> int:
    try:
        task()
    except RecursionError:
        return TOO_DEEP
    except (MemoryError, SystemError):  # the second where no memory was left even to make the first
        return TOO_LARGE
    except Exception as error:  # the text of the error may quote the document: only its kind leaves
        print(type(error).__name__, file=sys.stderr)
        return FAILED
    return 0


def print_page(folder: Path, order: dict[str, Any]) -> None:
    progress = os.open(folder / "progress", os.O_WRONLY | os.O_CREAT)

    def heard(pages: int) -> None:
        os.pwrite(progress, b"%8d" % pages, 0)

    from cooperation.printing.engine import render

    pdf = render((folder / "page.html").read_text(encoding="utf-8"), roots=order["roots"], heard=heard)
    (folder / "result.pdf").write_bytes(pdf)


def work(folder: Path, name: str, order: dict[str, Any]) -> None:
    """Take pieces one by one; one that fails says so and leaves the others their chance."""
    from cooperation.printing import fragments
    from cooperation.printing.engine import Press

    press = Press(roots=order["roots"], stylesheets=order["stylesheets"])
    for face in order["faces"]:
        learn(press, face, folder)
    while (piece := claim(folder, name)) is not None:
        task = json.loads(piece.read_text(encoding="utf-8"))
        made = folder / "done" / piece.name.partition("-")[2]

        def make(task: dict[str, Any] = task, made: Path = made) -> None:
            fragment = press.press(task["html"], mark=task["mark"], numbered=task["numbered"])
            fragments.write(fragment, made)

        if code := attempt(make):
            tell(code, made.with_suffix(".error"))
        piece.unlink()
        if code == TOO_LARGE:
            return  # memory that was refused once is better asked for by a new process


def learn(press: Press, face: dict[str, str], folder: Path) -> None:
    """Read a face that is kept, or make it and hand it over to be kept."""
    from cooperation.printing import fragments

    kept = Path(face["path"])
    if not kept.exists():
        kept = folder / "faces" / kept.name
        fragments.write(press.cast(face["html"]), kept)
    press.know(fragments.read(kept))


def claim(folder: Path, name: str) -> Path | None:
    """Take the next piece from the table: a name can be changed by one process only."""
    for waiting in sorted(os.listdir(folder / "todo")):
        taken = folder / "doing" / f"{name}-{waiting}"
        with contextlib.suppress(FileNotFoundError):
            (folder / "todo" / waiting).rename(taken)
            return taken
    return None


if __name__ == "__main__":
    sys.exit(wait_for_folders(courtesy=int(sys.argv[1])))
