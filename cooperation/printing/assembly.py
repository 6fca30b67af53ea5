"""Prints a document part by part: what did not change since the last print is not laid out again.

Each part is kept under the hash of all that makes it: its HTML, the style sheets, the version of the engine. A part
that cites pages is laid out with blanks in the place of their numbers, as many as the longest number has figures, and
the numbers are written at binding: pages may move, and what cites them is not laid out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from cooperation.printing import fragments
from cooperation.printing.binding import Cover, Folio, bind
from cooperation.printing.document import Cites, Document, Part
from cooperation.printing.estimate import work_of
from cooperation.printing.figures import BLANK, GAP
from cooperation.printing.fragments import Facts
from cooperation.printing.process import Limits, PrintingError, reason_of
from cooperation.printing.store import Store, own_store
from cooperation.printing.workshop import HANDS, Face, Piece, Workshop

FORMAT = "4"  # of what is kept: to be changed with what `cutting.py` writes
APART = "css/pdf-part.css"
PIECE_SECONDS = 20.0
MEMORY = 768 * 1024 * 1024
TRIES = 6  # of the contents; a document whose pages never settle keeps the last ones
ROOM = 3  # figures at least in the place of a page number: a document of 99 pages may have 100 tomorrow
PAGES = 2  # that a part makes more often than not: enough to tell how many figures a long document needs

ANCHOR = re.compile(r'\sid="([^"]+)"')
HEAD_ANCHOR = re.compile(r'<(?:article|section)\b[^>]*\sid="([^"]+)"')  # what other parts may link to
INNER_LINK = re.compile(r'<a href="#([^"]+)">(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
IMPORT = re.compile(r'@import url\("static:([^"]+)"\)')

# The letters of each face that are lent to all parts; a part that needs another letter keeps a font of its own.
WEIGHTS = ((400, "normal"), (400, "italic"), (600, "normal"), (700, "normal"), (900, "normal"))
LETTERS = "".join(map(chr, [*range(0x21, 0x7F), *range(0xA1, 0x180)])).replace("\u00ad", "")
SIGNS = f"{BLANK}‐‑–—‘’‚“”„†‡•…‰‹›€™−≈≠≤≥→ ﬁ ﬂ fi fl ff ffi ffl tt"


@dataclass(frozen=True)
class Printed:
    """A document on paper, and the names of the parts that had to be left out of it."""

    path: Path  # in the store: to be read or copied at once
    pages: int
    missing: Sequence[str] = ()

    @property
    def content(self) -> bytes:
        return self.path.read_bytes()


def print_in_parts(
    document: Document, *, limits: Limits | None = None, on_progress: Callable[[int, int], None] | None = None
) -> Printed:
    """Print the parts apart and bind them; `on_progress` hears how many parts are done, and of how many.

    A part that cannot be printed is replaced by a page that says so.
    """
    return Assembly(document, own_store(), limits or limits_for(document), on_progress).run()


def wait_for(document: Document, *, in_one_piece: bool = False) -> float:
    """Say how many seconds a person would wait for a document: those of the parts still to be laid out, shared by the
    hands at work, for what is kept costs next to nothing; those of all of it when it is printed in one piece.
    """
    if in_one_piece:
        return sum(work_of(part.html) for part in document.parts)
    return Assembly(document, own_store(), limits_for(document)).work_left() / HANDS


def limits_for(document: Document) -> Limits:
    """Grant what this many parts need, several times over."""
    seconds = 120 + 5 * len(document.parts)
    return Limits(seconds=seconds, cpu_seconds=seconds, memory=MEMORY)


class Assembly:
    """One print: what its parts are kept under, and what is known of them."""

    def __init__(
        self,
        document: Document,
        store: Store,
        limits: Limits,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.document = document
        self.store = store
        self.on_progress = on_progress
        stylesheets = (*document.paper.stylesheets, APART)
        self.root = root_hash(stylesheets)
        self.anchors = {name: n for n, part in enumerate(document.parts) for name in ANCHOR.findall(part.html)}
        self.faces = [Face(hash_of(self.root, html), html) for html in map(write_specimen, WEIGHTS)]
        self.workshop = Workshop(
            store,
            stylesheets=stylesheets,
            faces=self.faces,
            limits=limits,
            piece_seconds=PIECE_SECONDS,
        )
        self.missing: list[str] = []
        self.citing = {number for number, part in enumerate(document.parts) if part.cites is not Cites.NOTHING}
        self.room = max(ROOM, len(str(PAGES * len(document.parts))))
        self.exact: set[int] = set()  # the parts whose blanks cannot be written on: laid out with their numbers
        self.facts: dict[str, Facts] = {}

    def run(self) -> Printed:
        pieces = [self.piece(part, {}) for part in self.document.parts]
        whole = f"{hash_of(self.root, repr(self.cover()), *(piece.key for piece in pieces))}.pdf"
        if self.store.has(whole) and self.store.has(f"{whole}.pages"):  # both are asked for, or one would leave first
            return Printed(self.store.path(whole), int(self.store.path(f"{whole}.pages").read_text()))
        pieces, figures = self.settle(self.lay_out(pieces))
        facts = [self.look(piece) for piece in pieces]
        total = sum(len(one.pages) for one in facts)
        used = {name for one in facts for name in one.shared}
        faces = [fragments.read(self.store.path(face.key)) for face in self.faces]
        path = self.store.path(f"{whole}.incomplete" if self.missing else whole)
        self.store.write(f"{whole}.pages", str(total).encode())  # there before the document that it tells of
        bind(
            path,
            (
                (fragments.read(self.store.path(piece.key)), figures.get(number, ""))
                for number, piece in enumerate(pieces)
            ),
            faces=[faces[0], *(face for face in faces[1:] if used.intersection(face.facts.offers))],
            cover=self.cover(),
            total=total,
            folio=Folio(self.document.paper.size, self.document.paper.right, self.document.paper.baseline),
        )
        return Printed(path, total, self.missing)

    def work_left(self) -> float:
        parts = {self.piece(part, {}).key: part for part in self.document.parts}
        return sum(work_of(part.html) for key, part in parts.items() if not self.store.has(key))

    def cover(self) -> Cover:
        document = self.document
        return Cover(document.title, document.author, document.subject, document.keywords)

    def piece(self, part: Part, pages: Mapping[str, int], *, exact: bool = False) -> Piece:
        def write() -> str:
            return self.document.wrap(self.open_links(part, pages, exact=exact))

        return Piece(hash_of(self.root, str(part.numbered), write()), write, part.numbered)

    def open_links(self, part: Part, pages: Mapping[str, int], *, exact: bool) -> str:
        """Make the links of a part lead anywhere in the document, and leave room for the pages that it cites."""

        def open_one(match: re.Match[str]) -> str:
            anchor, words = match[1], match[2]
            if anchor not in self.anchors:
                return words
            said = quote(unescape(TAG.sub("", words)).strip())
            number = str(pages.get(anchor, "")) if exact else BLANK * self.room
            page = f' data-page="{number}"' if part.cites is not Cites.NOTHING else ""
            return f'<a href="doc:{anchor}?{said}"{page}>{words}</a>'

        return INNER_LINK.sub(open_one, part.html)

    def lay_out(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Lay out what is not kept; a piece that fails gives its place to a page that says so."""
        failed = self.workshop.make(pieces, self.tell)
        if not failed:
            return list(pieces)
        parts = self.document.parts
        stand_ins = {
            number: self.piece(stand_in(parts[number], failed[piece.key]), {})
            for number, piece in enumerate(pieces)
            if piece.key in failed
        }
        self.missing += [parts[number].name for number in stand_ins]
        self.citing -= stand_ins.keys()
        if self.workshop.make(list(stand_ins.values())):
            raise PrintingError(reason_of(next(iter(failed.values()))) or "L’impression a échoué.")
        return [stand_ins.get(number, piece) for number, piece in enumerate(pieces)]

    def tell(self, done: int) -> None:
        if self.on_progress:
            total = len(self.document.parts)
            self.on_progress(min(done, total), total)

    def settle(self, pieces: list[Piece]) -> tuple[list[Piece], dict[int, str]]:
        """Make room for the pages cited until these no longer move; returns the figures that each part waits for."""
        pages: dict[str, int] = {}
        for _ in range(TRIES if self.citing else 0):
            self.exact |= {number for number in self.citing if not self.waits_for(pieces[number], number, pages)}
            pages = self.number_pages(pieces)
            self.room = max([self.room, *(len(str(page)) for page in pages.values())])
            better = list(pieces)
            for number in self.citing:
                better[number] = self.piece(self.document.parts[number], pages, exact=number in self.exact)
            if better == pieces:
                break
            pieces = self.lay_out(better)
        waiting = {n for n in self.citing - self.exact if self.waits_for(pieces[n], n, pages)}
        return pieces, {number: self.figures(number, pages) for number in waiting}

    def figures(self, number: int, pages: Mapping[str, int]) -> str:
        """Say the numbers of the pages that a part cites, end to end, each in the room it was left."""
        part = self.document.parts[number]
        side = ">" if part.cites is Cites.COLUMN else "<"
        cited = (match[1] for match in INNER_LINK.finditer(part.html))
        return "".join(f"{pages.get(name, ''):{GAP}{side}{self.room}}" for name in cited if name in self.anchors)

    def waits_for(self, piece: Piece, number: int, pages: Mapping[str, int]) -> bool:
        """Whether each figure has its blank: one in a font that the part does not borrow could not be written on."""
        return self.look(piece).blanks == len(self.figures(number, pages))

    def number_pages(self, pieces: Sequence[Piece]) -> dict[str, int]:
        """Say on which page each anchor stands."""
        facts = [self.look(piece) for piece in pieces]
        starts = accumulate((len(one.pages) for one in facts), initial=1)
        return {
            name: start + place[0]
            for start, one in zip(starts, facts, strict=False)
            for name, place in one.anchors.items()
        }

    def look(self, piece: Piece) -> Facts:
        if piece.key not in self.facts:
            self.facts[piece.key] = fragments.read_facts(self.store.path(piece.key))
        return self.facts[piece.key]


def stand_in(part: Part, code: int) -> Part:
    reason = reason_of(code) or "Sa mise en page durait trop longtemps : un texte y est sans doute démesuré."
    anchors = HEAD_ANCHOR.findall(part.html)
    html = render_to_string("printing/missing.html", {"name": part.name, "reason": reason, "anchors": anchors})
    return Part(part.name, html)


def write_specimen(face: tuple[int, str]) -> str:
    """Write all the letters that a face lends."""
    weight, style = face
    letters = {"letters": LETTERS + SIGNS, "small": "".join(filter(str.islower, LETTERS))}
    return render_to_string("printing/specimen.html", {"weight": weight, "style": style, **letters})


def root_hash(stylesheets: Iterable[str]) -> str:
    """Hash what every part depends on: the format, the engine, and the style sheets with those they import."""
    found = hash_of(FORMAT, version("weasyprint"), version("pydyf"))
    for name in stylesheets:
        path = finders.find(name)
        if path is None:
            raise PrintingError(f"La feuille de style « {name} » manque.")
        text = Path(path).read_text(encoding="utf-8")
        found = hash_of(found, text, root_hash(IMPORT.findall(text)) if "@import" in text else "")
    return found


def hash_of(*texts: str) -> str:
    digest = sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()
