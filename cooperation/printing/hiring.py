"""Hires hands: processes copied from one that has already loaded the engine, which takes longer than laying out a page.

That one holds no secret either, reads nothing but the names of folders, and leaves when its master does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

BEAT, PATIENCE = 0.005, 5.0  # seconds between two looks at a process that was killed, and in all
TELLS_WORK = Path("/proc/self/stat").exists()  # whether the system tells what each process has used


@dataclass(frozen=True)
class Hand:
    """A process at work in a folder, under a name."""

    master: subprocess.Popen[bytes]
    pid: int
    folder: Path
    name: str

    def poll(self) -> int | None:
        """Return the code it ended with, as its master tells, or nothing while it works; both may have been killed."""
        is_over = self.master.poll() is not None and not is_alive(self.pid)
        told = self.folder / f"{self.name}.code"
        if told.exists():
            return int(told.read_text())
        return -signal.SIGKILL if is_over else None

    def worked(self) -> float:
        """Seconds of processor it has used, since waiting is no fault; the clock, where the system does not tell."""
        if not TELLS_WORK:
            return time.monotonic()
        with suppress(OSError):  # it has just ended
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0

    def dismiss(self) -> None:
        """Stop it at once, whatever it does, and see it gone: nothing more is written in a folder that is removed."""
        if self.poll() is not None:
            return
        for kill in (os.killpg, os.kill):  # just hired, it may not lead its own group yet
            with suppress(ProcessLookupError):
                kill(self.pid, signal.SIGKILL)
        end = time.monotonic() + PATIENCE
        while self.poll() is None and time.monotonic() < end:
            time.sleep(BEAT)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Master:
    """The process that hands are copied from; started when it is first needed, and again if it died."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def hire(self, folder: Path, name: str) -> Hand:
        """Have a hand work in this folder. Raises `OSError` when none can be had."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.process = start()
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(f"{folder}\t{name}\n".encode())
            self.process.stdin.flush()
            if not (answer := self.process.stdout.readline()):
                raise OSError("the printing process died")
            return Hand(self.process, int(answer), folder, name)


def start() -> subprocess.Popen[bytes]:
    """Start the process that waits for the names of folders."""
    home = tempfile.gettempdir()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(settings.BASE_DIR),
        "HOME": home,
        "XDG_CACHE_HOME": home,  # fontconfig keeps its list of fonts there between two prints
        "LANG": "C.UTF-8",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "cooperation.printing.child", str(settings.PRINT_COURTESY)],
        env=environment,
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


hire = Master().hire
