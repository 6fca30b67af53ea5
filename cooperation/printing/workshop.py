"""Has pieces laid out by a few processes at once, each of which can be killed without losing what is already made."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cooperation.printing.hiring import Hand, hire
from cooperation.printing.process import FAILED, KILLED_BY_TIME, Limits, PrintingError, TooLong
from cooperation.printing.store import Store

BEAT = 0.02  # seconds between two looks at the table
LONGEST = 99_999_999  # signs of HTML
HANDS = 2  # processes at most: the others of the machine are for those who browse
TABLES = threading.BoundedSemaphore(2)  # at work at once, however many threads of this process ask for a print


@dataclass(frozen=True)
class Piece:
    """Pages to lay out: kept under `key` once they are. Its HTML is written when it is needed, and not kept."""

    key: str
    write: Callable[[], str] = field(compare=False)
    numbered: bool = True

    @property
    def mark(self) -> str:
        """What makes its names unique in a document."""
        return self.key[:10]


@dataclass(frozen=True)
class Face:
    """A font lent to every piece, made from a specimen of its letters."""

    key: str
    html: str


class Workshop:
    """The table on which pieces wait, are being laid out, and are done."""

    def __init__(
        self, store: Store, *, stylesheets: Sequence[str], faces: Sequence[Face], limits: Limits, piece_seconds: float
    ) -> None:
        self.store = store
        self.stylesheets = stylesheets
        self.faces = faces
        self.limits = limits
        self.piece_seconds = piece_seconds
        self.deadline = time.monotonic() + limits.seconds

    def make(self, pieces: Sequence[Piece], on_done: Callable[[int], None] | None = None) -> dict[str, int]:
        """Lay out the pieces that are not kept yet; returns, for those that failed, the code of the reason.

        `on_done` hears how many are done, with those that were kept; what it raises stops the work, and loses nothing
        of what is kept.
        """
        missing = [p for p in {p.key: p for p in pieces}.values() if not self.store.has(p.key)]
        if not missing:
            return {}
        kept = len(pieces) - len(missing)
        asked = time.monotonic()
        with TABLES, tempfile.TemporaryDirectory(prefix="printing-") as name:
            self.deadline += time.monotonic() - asked  # waiting for a table is no fault of the document
            return Table(self, Path(name), missing).work(on_done and (lambda done: on_done(kept + done)))


class Table:
    """One run of the workshop: a folder, the processes at work on it, and what became of each piece."""

    def __init__(self, workshop: Workshop, folder: Path, pieces: Sequence[Piece]) -> None:
        self.workshop = workshop
        self.folder = folder
        self.pieces: dict[str, Piece] = {}
        self.failed: dict[str, int] = {}
        self.over: set[str] = set()
        self.hired = 0
        self.hands: dict[str, Hand] = {}
        self.since: dict[str, float] = {}
        for place in ("todo", "doing", "done", "faces"):
            (folder / place).mkdir()
        for number, piece in enumerate(pieces):
            self.lay(piece, number)
        self.write_order()

    def lay(self, piece: Piece, number: int) -> None:
        """Put a piece on the table. The longest are taken first: a long one taken last leaves the other hands idle."""
        html = piece.write()
        name = f"{LONGEST - min(len(html), LONGEST):08d}{number:06d}"
        task = {"html": html, "mark": piece.mark, "numbered": piece.numbered}
        (self.folder / "todo" / name).write_text(json.dumps(task), encoding="utf-8")
        self.pieces[name] = piece

    def write_order(self) -> None:
        shop = self.workshop
        order = {
            **shop.limits.order(),
            "stylesheets": list(shop.stylesheets),
            "faces": [{"path": str(shop.store.path(face.key)), "html": face.html} for face in shop.faces],
        }
        (self.folder / "order.json").write_text(json.dumps(order), encoding="utf-8")

    def work(self, on_done: Callable[[int], None] | None) -> dict[str, int]:
        heard = -1
        try:
            while len(self.over) < len(self.pieces):
                self.hire()
                self.collect()
                self.watch()
                if on_done and heard != len(self.over):
                    heard = len(self.over)
                    on_done(heard)
                if time.monotonic() > self.workshop.deadline:
                    raise TooLong(KILLED_BY_TIME.format(seconds=self.workshop.limits.seconds))
                time.sleep(BEAT)
        finally:
            for hand in self.hands.values():
                hand.dismiss()
        return self.failed

    def hire(self) -> None:
        """Keep as many processes at work as there are hands and pieces waiting."""
        if len(self.hands) == HANDS:
            return  # what waits is not even counted: a long document has thousands of pieces
        waiting = len(os.listdir(self.folder / "todo"))
        while waiting and len(self.hands) < HANDS:
            self.hired += 1
            if self.hired > HANDS + len(self.pieces):
                raise PrintingError(FAILED)  # they end before they begin: hiring more would never end
            name = f"hand{self.hired}"
            self.hands[name] = hire(self.folder, name)
            waiting -= 1

    def collect(self) -> None:
        """Put away what is done."""
        store = self.workshop.store
        for entry in os.listdir(self.folder / "faces"):
            if "." not in entry:
                store.receive(entry, self.folder / "faces" / entry)
        for entry in os.listdir(self.folder / "done"):
            name, _, suffix = entry.partition(".")
            made = self.folder / "done" / entry
            if suffix == "error":
                self.fail(name, int(made.read_text()))
                made.unlink()
            elif not suffix:
                store.receive(self.pieces[name].key, made)
                self.over.add(name)

    def fail(self, name: str, code: int) -> None:
        self.failed[self.pieces[name].key] = code
        self.over.add(name)

    def watch(self) -> None:
        """Kill what takes too long, and note what a process that died had in its hands."""
        doing = {entry.partition("-")[0]: entry for entry in os.listdir(self.folder / "doing")}
        self.since = {entry: since for entry, since in self.since.items() if entry in doing.values()}
        for name, hand in list(self.hands.items()):
            held = doing.get(name)
            code = hand.poll()
            if code is None and held and self.works_on(held, hand) > self.workshop.piece_seconds:
                hand.dismiss()
                code = -signal.SIGKILL
            if code is not None:
                del self.hands[name]
                self.drop(held, code)

    def works_on(self, held: str, hand: Hand) -> float:
        """Say for how long a hand has been at work on what it holds."""
        worked = hand.worked()
        return worked - self.since.setdefault(held, worked)

    def drop(self, held: str | None, code: int) -> None:
        """Give up the piece that a process held when it ended, unless it had just finished it."""
        self.collect()
        name = held.partition("-")[2] if held else ""
        if name and name not in self.over:
            self.fail(name, code)
        if held:
            (self.folder / "doing" / held).unlink(missing_ok=True)
