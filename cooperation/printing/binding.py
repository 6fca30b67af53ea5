"""Binds fragments into one accessible PDF: one structure tree, one contents, one numbering of the pages.

Nothing is laid out nor read again here: the fragments are written one after the other, so that neither time nor
memory grows faster than the number of pages (about a thousandth of a second and a few kilobytes for each sheet).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from struct import pack
from typing import IO
from xml.sax.saxutils import escape

from cooperation.printing.figures import Glyphs, write_figures
from cooperation.printing.fragments import Bookmark, Facts, Fragment, Stream, Template
from cooperation.printing.whole import whole_file

FREE, PLAIN, PACKED = 0, 1, 2  # kinds of entry in the table of objects
ENTRY = 7  # bytes that the table of objects gives to each
PACKING = 3  # level of compression of what is compressed again at each binding


@dataclass(frozen=True)
class Folio:
    """How the number of a page is written, in points: the style sheet does it for a document of one piece."""

    size: float
    right: float  # from the right edge of the sheet
    baseline: float  # from the bottom edge
    colour: str = ".294118 .352941 .345098"  # --ink-soft

    def write(self, text: str, *, width: float, glyphs: Glyphs) -> bytes:
        """Write the drawing of a text aligned to the right; `glyphs` gives each letter's number and width."""
        letters = [glyphs[letter] for letter in text]
        left = width - self.right - self.size * sum(advance for _, advance in letters) / 1000
        numbers = "".join(f"{glyph:04x}" for glyph, _ in letters)
        return (
            f"/Artifact <</Type /Pagination /Subtype /Footer>> BDC BT /folio {self.size} Tf {self.colour} rg "
            f"1 0 0 1 {left:.3f} {self.baseline} Tm <{numbers}> Tj ET EMC"
        ).encode()


@dataclass(frozen=True)
class Cover:
    """What a PDF says of itself before it is opened."""

    title: str
    author: str
    subject: str = ""
    keywords: str = ""
    language: str = "fr"
    creator: str = "Commun’accord"


class Writer:
    """Writes numbered objects in a file and remembers where each one is."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.position = 0
        self.entries = bytearray(pack(">BIH", FREE, 0, 65535))  # a document of 4,000 pages has a million objects
        self.next = 1
        self.digest = sha256()
        self.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.position += len(data)

    def reserve(self, count: int = 1) -> int:
        """Set numbers aside; returns the first."""
        first, self.next = self.next, self.next + count
        return first

    def note(self, number: int, place: int) -> None:
        """Say in the table where an object is."""
        self.enter(number, pack(">BIH", PLAIN, place, 0))

    def note_packed(self, first: int, count: int, home: int) -> None:
        """Say in the table that objects are in a stream, one after the other."""
        head = pack(">BI", PACKED, home)
        self.enter(first, head + head.join([pack(">H", rank) for rank in range(count)]))

    def enter(self, first: int, entries: bytes) -> None:
        start, end = first * ENTRY, first * ENTRY + len(entries)
        if end > len(self.entries):
            self.entries.extend(bytes(end - len(self.entries)))
        self.entries[start:end] = entries

    def put(self, number: int, data: bytes) -> None:
        self.note(number, self.position)
        self.write(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def put_stream(self, number: int, head: bytes, content: bytes) -> None:
        self.note(number, self.position)
        self.write(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, head, content))

    def pack(self, first: int, starts: Sequence[int], text: bytes) -> None:
        """Put plain objects, numbered from `first`, into one compressed stream."""
        home = self.reserve()
        self.note_packed(first, len(starts), home)
        table = " ".join(f"{first + index} {start}" for index, start in enumerate(starts)).encode() + b"\n"
        content = zlib.compress(table + text, PACKING)
        head = b"<</Type /ObjStm/N %d/First %d/Filter /FlateDecode/Length %d>>"
        self.put_stream(home, head % (len(starts), len(table), len(content)), content)

    def close(self, root: int, info: int) -> None:
        """Write the table of objects, as the last of them."""
        number, place = self.reserve(), self.position
        self.note(number, place)
        table = zlib.compress(self.entries)
        name = self.digest.hexdigest()[:32].encode()
        head = b"<</Type /XRef/W [1 4 2]/Size %d/Root %d 0 R/Info %d 0 R/ID [<%b> <%b>]/Filter /FlateDecode/Length %d>>"
        self.put_stream(number, head % (self.next, root, info, name, name, len(table)), table)
        self.write(b"startxref\n%d\n%%%%EOF\n" % place)


class Binder:
    """Binds fragments in the order they come. `faces` are those lent to all; the first one writes the folios."""

    def __init__(self, file: IO[bytes], cover: Cover, *, total: int, folio: Folio) -> None:
        self.writer = Writer(file)
        self.cover = cover
        self.total = total
        self.folio = folio
        self.shared = {name: self.writer.reserve() for name in ("pages", "document", "structure", "parents")}
        self.faces: dict[str, Glyphs] = {}
        self.pages: list[int] = []
        self.tops: list[int] = []
        self.branches: list[tuple[int, int, int]] = []
        self.keys = 0
        self.anchors: dict[str, bytes] = {}
        self.bookmarks: list[tuple[Bookmark, int]] = []

    def lend(self, face: Fragment) -> None:
        """Write a face; the first one also writes the numbers of the pages."""
        first = self.place(face, {})
        numbers = {name: first + number for name, number in face.facts.offers.items()}
        self.shared |= numbers
        self.faces |= {name.removeprefix("font:"): face.facts.glyphs for name in numbers}
        self.shared.setdefault("font:folio", next(iter(numbers.values())))

    def add(self, fragment: Fragment, figures: str = "") -> None:
        """Write the pages of a fragment after those already there, with the figures of the pages they cite."""
        facts = fragment.facts
        if facts.blanks:
            fragment = self.fill(fragment, figures)
        folios = {name: self.write_folio(facts, name) for name in facts.shared if name.startswith("folio:")}
        first = self.place(fragment, folios)
        pages = [first + number for number in facts.pages]
        for name, (page, x, y) in facts.anchors.items():
            self.anchors.setdefault(name, b"[%d 0 R /XYZ %.2f %.2f 0]" % (pages[page], x, y))
        self.bookmarks += [(entry, pages[entry.page]) for entry in facts.bookmarks]
        self.tops += [first + number for number in facts.tops]
        self.branches.append((first + facts.branch, self.keys, self.keys + facts.keys - 1))
        self.keys += facts.keys
        self.pages += pages

    def fill(self, fragment: Fragment, figures: str) -> Fragment:
        """Give their figures to the blanks of the pages."""
        waiting, streams = iter(figures), list(fragment.streams)
        for number in fragment.facts.drawings:
            place = number - len(fragment.starts)
            drawing = write_figures(zlib.decompress(streams[place].content), self.faces, waiting)
            content = zlib.compress(drawing, PACKING)
            streams[place] = Stream(Template(b"<</Filter /FlateDecode/Length %d>>" % len(content), []), content)
        return replace(fragment, streams=streams)

    def write_folio(self, facts: Facts, name: str) -> int:
        number = len(self.pages) + int(name.partition(":")[2]) + 1
        text = f"page {number} sur {self.total}"
        drawing = self.folio.write(text, width=facts.width, glyphs=next(iter(self.faces.values())))
        home = self.writer.reserve()
        self.writer.put_stream(home, b"<</Length %d>>" % len(drawing), drawing)
        return home

    def place(self, fragment: Fragment, own: dict[str, int]) -> int:
        """Give numbers to the objects of a fragment and write them; returns the first number."""
        first = self.writer.reserve(len(fragment.starts) + len(fragment.streams))
        shared = [own[name] if name in own else self.shared[name] for name in fragment.facts.shared]
        self.writer.pack(first, fragment.starts, fragment.plain.fill(first, self.keys, shared))
        for number, stream in enumerate(fragment.streams, start=first + len(fragment.starts)):
            self.writer.put_stream(number, stream.head.fill(first, self.keys, shared), stream.content)
        return first

    def close(self) -> None:
        """Write what the whole document owns: pages, structure, names, contents, metadata."""
        kids = references(self.pages)
        self.writer.put(self.shared["pages"], b"<</Type /Pages/Count %d/Kids [%b]>>" % (len(self.pages), kids))
        self.write_structure()
        catalogue = [
            b"/Type /Catalog/Lang %b" % text(self.cover.language),
            b"/Pages %d 0 R" % self.shared["pages"],
            b"/StructTreeRoot %d 0 R/MarkInfo <</Marked true>>" % self.shared["structure"],
            b"/ViewerPreferences <</DisplayDocTitle true>>",
            b"/Names <</Dests %d 0 R>>" % self.write_names(),
            b"/Metadata %d 0 R" % self.write_metadata(),
        ]
        if self.bookmarks:
            catalogue.append(b"/Outlines %d 0 R" % self.write_outlines())
        root, info = self.writer.reserve(), self.writer.reserve()
        self.writer.put(root, b"<<%b>>" % b"".join(catalogue))
        said = {"Title": self.cover.title, "Author": self.cover.author, "Subject": self.cover.subject}
        said |= {"Keywords": self.cover.keywords, "Creator": self.cover.creator}
        entries = b"".join(b"/%b %b" % (name.encode(), text(value)) for name, value in said.items() if value)
        self.writer.put(info, b"<<%b>>" % entries)
        self.writer.close(root, info)

    def write_structure(self) -> None:
        structure, document, parents = (self.shared[name] for name in ("structure", "document", "parents"))
        root = b"<</Type /StructTreeRoot/K [%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>"
        self.writer.put(structure, root % (document, parents, self.keys))
        top = b"<</Type /StructElem/S /Document/P %d 0 R/K [%b]>>"
        self.writer.put(document, top % (structure, references(self.tops)))
        self.writer.put(parents, b"<</Kids [%b]>>" % references(branch for branch, _, _ in self.branches))

    def write_names(self) -> int:
        number = self.writer.reserve()
        entries = b"".join(b"%b %b" % (text(name), self.anchors[name]) for name in sorted(self.anchors))
        self.writer.put(number, b"<</Names [%b]>>" % entries)
        return number

    def write_metadata(self) -> int:
        number = self.writer.reserve()
        content = describe(self.cover).encode()
        self.writer.put_stream(number, b"<</Type /Metadata/Subtype /XML/Length %d>>" % len(content), content)
        return number

    def write_outlines(self) -> int:
        """Nest the bookmarks by their level; a level skipped is as if it were not."""
        root = self.writer.reserve()
        numbers = [self.writer.reserve() for _ in self.bookmarks]
        parents: list[int] = []
        kids: dict[int, list[int]] = {root: []}
        path = [(0, root)]
        for number, (entry, _) in zip(numbers, self.bookmarks, strict=True):
            while path[-1][0] >= entry.level:
                path.pop()
            parents.append(path[-1][1])
            kids[path[-1][1]].append(number)
            kids[number] = []
            path.append((entry.level, number))
        places = {number: place for siblings in kids.values() for place, number in enumerate(siblings)}
        for number, parent, (entry, page) in zip(numbers, parents, self.bookmarks, strict=True):
            siblings, own, place = kids[parent], kids[number], places[number]
            links = [b"/Prev %d 0 R" % siblings[place - 1]] if place else []
            links += [b"/Next %d 0 R" % siblings[place + 1]] if place + 1 < len(siblings) else []
            links += [b"/First %d 0 R/Last %d 0 R/Count %d" % (own[0], own[-1], -len(own))] if own else []
            where = b"[%d 0 R /XYZ %.2f %.2f 0]" % (page, entry.x, entry.y)
            said = b"/Title %b/Parent %d 0 R/Dest %b" % (text(entry.label), parent, where)
            self.writer.put(number, b"<<%b%b>>" % (said, b"".join(links)))
        tops = kids[root]
        head = b"<</Type /Outlines/Count %d/First %d 0 R/Last %d 0 R>>"
        self.writer.put(root, head % (len(tops), tops[0], tops[-1]))
        return root


def bind(
    path: Path,
    fragments: Iterable[tuple[Fragment, str]],
    *,
    faces: Iterable[Fragment],
    cover: Cover,
    total: int,
    folio: Folio,
) -> None:
    """Bind the fragments, each with the figures its blanks wait for, into one PDF of `total` pages.

    It is written at `path` at once or not at all.
    """
    with whole_file(path) as file:
        binder = Binder(file, cover, total=total, folio=folio)
        for face in faces:
            binder.lend(face)
        for fragment, figures in fragments:
            binder.add(fragment, figures)
        binder.close()


def references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def text(value: str) -> bytes:
    """Write a string as a PDF reads it."""
    if value.isascii():
        return b"(%b)" % value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode()
    return b"<%b>" % (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode()


def describe(cover: Cover) -> str:
    """Write the metadata that say, among other things, that the document claims PDF/UA-1."""
    title, author, subject = escape(cover.title), escape(cover.author), escape(cover.subject)
    keywords, creator, language = escape(cover.keywords), escape(cover.creator), escape(cover.language)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Keywords>{keywords}</pdf:Keywords></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>{creator}</xmp:CreatorTool></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
