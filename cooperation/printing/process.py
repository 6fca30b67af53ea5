"""Has one page printed, follows its progress, stops it at its limits and says in French what went wrong."""

from __future__ import annotations

import importlib.util
import json
import logging
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from cooperation.printing import child
from cooperation.printing.document import Document
from cooperation.printing.hiring import Hand, hire

logger = logging.getLogger(__name__)

BEAT = 0.02  # seconds between two looks at the hand


class PrintingError(Exception):
    """The document could not be printed; its text is a plain French sentence for the person who asked."""


class TooLong(PrintingError):
    """It was stopped for lasting too long: with more time it may well be printed."""


@dataclass(frozen=True)
class Limits:
    """What one print may use."""

    seconds: float = 300
    cpu_seconds: int = 300
    memory: int = 1024 * 1024 * 1024

    def order(self) -> dict[str, Any]:
        """What every process that prints is told: what it may use, how much it gives way, what it may read."""
        return {
            "cpu_seconds": self.cpu_seconds,
            "memory": self.memory,
            "courtesy": settings.PRINT_COURTESY,
            "roots": own_roots(),
        }


SHEET = Limits(seconds=20, cpu_seconds=20, memory=768 * 1024 * 1024)  # one sheet never keeps anybody waiting longer

KILLED_BY_TIME = (
    "L’impression a été arrêtée : elle dépassait {seconds:.0f} secondes. "
    "Un texte du document est sans doute démesuré ; raccourcissez-le, ou imprimez moins de projets à la fois."
)
MESSAGES = {
    child.TOO_DEEP: (
        "L’impression a échoué : un texte du document est imbriqué trop profondément (listes ou citations les unes "
        "dans les autres). Simplifiez sa mise en forme, puis réessayez."
    ),
    child.TOO_LARGE: (
        "L’impression a été arrêtée : le document demande trop de mémoire. Imprimez moins de projets à la fois, "
        "ou allégez les textes et tableaux les plus longs."
    ),
}
FAILED = (
    "L’impression a échoué pour une raison imprévue. Rien n’a été perdu : réessayez, "
    "et prévenez la personne qui administre la plateforme si cela se reproduit."
)


def own_roots() -> dict[str, list[str]]:
    """List the only folders a printed page may be served from, for each of our two kinds of address."""
    folders = [str(entry) for entry in settings.STATICFILES_DIRS if not isinstance(entry, tuple | list)]
    fonts = importlib.util.find_spec("font_source_sans_pro")
    if fonts is None or not fonts.submodule_search_locations:
        raise PrintingError("La police d’impression manque : installez le paquet Python « font-source-sans-pro ».")
    return {"static": folders, "font": [str(Path(next(iter(fonts.submodule_search_locations))) / "files")]}


def print_document(
    document: Document, *, limits: Limits | None = None, on_progress: Callable[[int], None] | None = None
) -> bytes:
    """Print in a process of its own; `on_progress` is told how many pages have been laid out."""
    return print_html(document.as_html(), limits=limits or Limits(), on_progress=on_progress)


def print_html(html: str, *, limits: Limits, on_progress: Callable[[int], None] | None = None) -> bytes:
    with tempfile.TemporaryDirectory(prefix="printing-") as name:
        folder = Path(name)
        (folder / "page.html").write_text(html, encoding="utf-8")
        (folder / "order.json").write_text(json.dumps(limits.order()), encoding="utf-8")
        code = watch(hire(folder, child.PAGE), limits, on_progress)
        if code != 0:
            raise (PrintingError if reason_of(code) else TooLong)(explain(code, limits))
        return (folder / "result.pdf").read_bytes()


def watch(hand: Hand, limits: Limits, on_progress: Callable[[int], None] | None) -> int:
    """Wait for the hand and return its code; whatever happens here, it does not outlive the call."""
    deadline, pages = time.monotonic() + limits.seconds, 0
    try:
        while (code := hand.poll()) is None:
            if time.monotonic() > deadline:
                return -signal.SIGXCPU
            if on_progress and (now := read_progress(hand.folder)) != pages:
                pages = now
                on_progress(pages)
            time.sleep(BEAT)
        return code
    finally:
        hand.dismiss()


def read_progress(folder: Path) -> int:
    try:
        return int((folder / "progress").read_text() or 0)
    except (OSError, ValueError):
        return 0


def explain(code: int, limits: Limits) -> str:
    logger.warning("printing stopped", extra={"code": code})
    return reason_of(code) or KILLED_BY_TIME.format(seconds=limits.seconds)


def reason_of(code: int) -> str:
    """Put the code of a process that ended badly into words; nothing when it was killed for lasting too long."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return ""
    if code in {-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGSEGV, -signal.SIGBUS}:
        code = child.TOO_LARGE  # how the text libraries end when memory is refused to them
    return MESSAGES.get(code, FAILED)
