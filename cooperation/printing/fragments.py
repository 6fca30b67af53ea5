"""A fragment: some pages laid out apart, kept as bytes in which the numbers of objects are holes still to be filled.

A PDF is a list of numbered objects that cite one another by number, so pages made apart cannot simply be put end to
end. A fragment keeps its objects as templates: joining it to others is then one substitution and one compression,
without reading a single object again. Every hole has the same width, so that the place of each object is known.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cooperation.printing.whole import whole_file

INTEGER = "I"  # how the long lists of numbers are kept: as they are in memory, for a page has a thousand references
HOLE = b"%-7d"  # ten million objects at most
# What a hole stands for: another object of the fragment, a key of the tree of parents, or what the document shares.
LOCAL, KEY, SHARED = 0, 1, 2


@dataclass(frozen=True)
class Bookmark:
    """An entry of the contents a reader shows beside the pages."""

    level: int
    label: str
    page: int  # within the fragment, from 0
    x: float  # in points, from the left
    y: float  # in points, from the bottom


@dataclass(frozen=True)
class Template:
    """Text with holes; each reference is `4 × number + what it stands for`."""

    text: bytes
    references: Sequence[int]

    def fill(self, first: int, first_key: int, shared: Sequence[int]) -> bytes:
        """Give each hole its number: objects begin at `first`, keys at `first_key`."""
        bases = (first, first_key)
        return self.text % tuple(
            [
                (shared[reference >> 2] if reference & 3 == SHARED else bases[reference & 3] + (reference >> 2))
                for reference in self.references
            ]
        )


@dataclass(frozen=True)
class Stream:
    """Content, already compressed, behind its dictionary."""

    head: Template
    content: bytes


@dataclass(frozen=True)
class Facts:
    """What must be known of a fragment before it is joined: its pages, and where its titles and anchors stand."""

    pages: Sequence[int] = ()  # its pages, by the number of their object
    tops: Sequence[int] = ()  # its structure elements, to be hung below the document
    branch: int = -1  # its branch of the tree of parents
    keys: int = 0  # how many keys of that tree it uses
    shared: Sequence[str] = ()  # what it borrows: « pages », « document », « font:… », « folio:0 »
    offers: dict[str, int] = field(default_factory=dict)  # what it lends, by the number of its object
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    bookmarks: Sequence[Bookmark] = ()
    width: float = 0  # of its pages, in points
    glyphs: dict[str, tuple[int, float]] = field(default_factory=dict)  # of a face: number and width of each letter
    covers: Sequence[int] = ()  # of a face: all that it draws, small capitals and other forms of a letter too
    drawings: Sequence[int] = ()  # of its pages, in their order, by the number of their object
    blanks: int = 0  # how many figures are still to be written on them


@dataclass(frozen=True)
class Fragment:
    """Facts, then the objects: the plain ones in one template, the streams each in its own."""

    facts: Facts
    plain: Template
    starts: Sequence[int]  # where each plain object begins in the filled template
    streams: Sequence[Stream]


def write(fragment: Fragment, path: Path) -> None:
    """Write at once or not at all: a fragment that is there is whole."""
    numbers = [array(INTEGER, some).tobytes() for some in (fragment.plain.references, fragment.starts)]
    blobs = [*numbers, fragment.plain.text, *(part for s in fragment.streams for part in (s.head.text, s.content))]
    head = {
        "streams": [list(stream.head.references) for stream in fragment.streams],
        "lengths": [len(blob) for blob in blobs],
    }
    lines = (json.dumps(asdict(fragment.facts)).encode(), json.dumps(head).encode(), b"".join(blobs))
    with whole_file(path) as file:
        file.write(b"\n".join(lines))


def read_facts(path: Path) -> Facts:
    """Read the first line only."""
    with path.open("rb") as file:
        return facts_from(json.loads(file.readline()))


def facts_from(values: dict[str, Any]) -> Facts:
    return Facts(**{**values, "bookmarks": [Bookmark(**entry) for entry in values["bookmarks"]]})


def read(path: Path) -> Fragment:
    with path.open("rb") as file:
        facts = facts_from(json.loads(file.readline()))
        head = json.loads(file.readline())
        blobs = iter([file.read(length) for length in head["lengths"]])
    references, starts = array(INTEGER, next(blobs)), array(INTEGER, next(blobs))
    plain = Template(next(blobs), references)
    streams = [Stream(Template(next(blobs), cited), next(blobs)) for cited in head["streams"]]
    return Fragment(facts, plain, starts, streams)


def join_plain(objects: Iterable[Template]) -> tuple[Template, list[int]]:
    """Put the templates of plain objects end to end; returns where each begins once filled."""
    texts: list[bytes] = []
    references: list[int] = []
    starts: list[int] = []
    position = 0
    for template in objects:
        starts.append(position)
        texts.append(template.text)
        references.extend(template.references)
        position += len(template.fill(0, 0, [0] * 256)) + 1
    return Template(b"\n".join(texts), references), starts
