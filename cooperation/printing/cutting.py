"""Cuts what WeasyPrint is about to write into a fragment; runs inside the child process only.

WeasyPrint hands over the objects of its PDF just before it writes them. What belongs to one document (catalogue,
contents, metadata, fonts of the house) is left aside, what remains is cleaned and its references become holes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import pydyf

from cooperation.printing.figures import count_blanks
from cooperation.printing.fragments import (
    HOLE,
    KEY,
    LOCAL,
    SHARED,
    Bookmark,
    Facts,
    Fragment,
    Stream,
    Template,
    join_plain,
)
from cooperation.printing.sparing import is_lent

POINT = 0.75  # of a CSS pixel
LINK = "doc:"  # how a part names an anchor that may stand in another one
COMPRESSION = 6
# A reference, or a string in which what looks like one is only text. While numbers are not known, the generation of a
# reference says what it stands for.
REFERENCE = re.compile(rb"\((?:\\.|[^\\)])*\)|<[0-9a-fA-F]+>|\b(\d+) ([012]) R\b", re.DOTALL)
# In these a run of text may stand without an element of its own.
HOLDS_TEXT = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/TH", "/TD", "/LBody", "/Lbl", "/Caption", "/Span"}
PLAIN_RUN = {"Type", "S", "K", "Pg", "P"}


def number_of(reference: bytes) -> int:
    return int(reference.split()[0])


def stand_for(number: int, kind: int) -> bytes:
    return b"%d %d R" % (number, kind)


class Cutter:
    """Cuts one PDF. `faces` says which letters each shared face holds; a font it covers is borrowed, not kept."""

    def __init__(self, document: Any, pdf: pydyf.PDF, faces: Mapping[str, Facts]) -> None:
        self.document = document
        self.objects = pdf.objects
        self.catalog = pdf.catalog
        self.pages = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
        self.pages_root = pdf.pages.number
        self.faces = faces
        self.shared: list[str] = []

    def find(self, reference: bytes) -> Any:
        return self.objects[number_of(reference)]

    def borrow(self, name: str) -> bytes:
        """Refer to something that the whole document shares."""
        if name not in self.shared:
            self.shared.append(name)
        return stand_for(self.shared.index(name), SHARED)

    def cut(self, *, mark: str, numbered: bool) -> Fragment:
        """Cut the pages. `mark` makes names unique in the document; numbered pages get a place for their number."""
        self.borrow_fonts(numbered=numbered)
        drawings = [number_of(page["Contents"]) for page in self.pages]
        lent = {name: self.faces[name].glyphs for name in self.faces if f"font:{name}" in self.shared}
        blanks = sum(count_blanks(write_drawing(self.objects[number]), lent) for number in drawings)
        for number, page in enumerate(self.pages):
            self.open_page(page, number, numbered=numbered)
        tops, branch, keys = self.cut_structure(mark)
        roots = [*(page.number for page in self.pages), *tops, branch]
        names, fragment = self.collect(roots)
        first = self.document.pages[0]
        facts = Facts(
            pages=[names[page.number] for page in self.pages],
            tops=[names[top] for top in tops],
            branch=names[branch],
            keys=keys,
            shared=self.shared,
            anchors=self.list_anchors(),
            bookmarks=list(self.list_bookmarks()),
            width=first.width * POINT,
            drawings=[names[number] for number in drawings] if blanks else [],
            blanks=blanks,
        )
        return fragment(facts)

    def borrow_fonts(self, *, numbered: bool) -> None:
        """Point at the shared faces; a font that holds other letters stays, with its own file."""
        used: dict[str, set[int]] = {}
        for font in self.document.fonts.values():
            used.setdefault(font.hash, set()).update(font.to_unicode)
        for page in self.pages:
            fonts = self.find(self.find(page["Resources"])["Font"])
            for name, glyphs in used.items():
                if name in fonts and is_lent(name, glyphs, self.faces):
                    fonts[name] = self.borrow(f"font:{name}")
            if numbered:
                fonts["folio"] = self.borrow("font:folio")

    def open_page(self, page: pydyf.Dictionary, number: int, *, numbered: bool) -> None:
        """Untie the page from its document, and leave the door open for its number."""
        page["Parent"] = self.borrow("pages")
        page["StructParents"] = stand_for(page["StructParents"], KEY)
        if numbered:
            content = self.find(page["Contents"])
            content.stream = [b"q", *content.stream, b"Q"]  # what follows is drawn as on a blank page
            page["Contents"] = pydyf.Array([page["Contents"], self.borrow(f"folio:{number}")])
        for reference in page.get("Annots", ()):
            annotation = self.find(reference)
            if "StructParent" in annotation:
                annotation["StructParent"] = stand_for(annotation["StructParent"], KEY)
            turn_link(annotation)

    def cut_structure(self, mark: str) -> tuple[list[int], int, int]:
        """Untie the structure tree; returns its tops, its branch of the tree of parents, and how many keys it uses."""
        root = self.find(self.catalog["StructTreeRoot"])
        above = self.find(root["K"][0])
        merged: dict[bytes, bytes] = {}
        for element in self.walk(above):
            merge_runs(element, self.find, merged)
            rename_headers(element, mark)
        tops = [number_of(reference) for reference in above["K"]]
        for top in tops:
            self.objects[top]["P"] = self.borrow("document")
        numbers = self.find(root["ParentTree"])["Nums"]
        for place, value in enumerate(numbers):
            if isinstance(value, int):
                numbers[place] = stand_for(value, KEY)
            elif isinstance(value, pydyf.Array):
                value[:] = [merged.get(reference, reference) for reference in value]
            else:
                numbers[place] = merged.get(value, value)
        keys = len(numbers) // 2
        branch = pydyf.Dictionary({"Limits": pydyf.Array([numbers[0], numbers[-2]]), "Nums": numbers})
        branch.number = len(self.objects)
        self.objects.append(branch)
        return tops, branch.number, keys

    def walk(self, element: pydyf.Dictionary) -> Iterator[pydyf.Dictionary]:
        waiting = [element]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(
                kid for x in one["K"] if isinstance(x, bytes) and "S" in (kid := self.find(x)) and "K" in kid
            )

    def list_anchors(self) -> dict[str, tuple[int, float, float]]:
        """Say where each anchor stands; one that runs over several pages stands at its beginning."""
        places: dict[str, tuple[int, float, float]] = {}
        for number, page in enumerate(self.document.pages):
            for name, (x, y, *_) in page.anchors.items():
                places.setdefault(name, (number, x * POINT, (page.height - y) * POINT))
        return places

    def list_bookmarks(self) -> Iterator[Bookmark]:
        for number, page in enumerate(self.document.pages):
            for level, label, (x, y), _state in page.bookmarks:
                yield Bookmark(level, label, number, x * POINT, (page.height - y) * POINT)

    def collect(self, roots: Iterable[int]) -> tuple[dict[int, int], Callable[[Facts], Fragment]]:
        """Keep what the roots lead to, plain objects first; returns the new numbers, and how to make the fragment."""
        plain: dict[int, tuple[bytes, list[tuple[int, int]]]] = {}
        streams: dict[int, tuple[bytes, list[tuple[int, int]], bytes]] = {}
        waiting = list(roots)
        while waiting:
            number = waiting.pop()
            if number in plain or number in streams:
                continue
            kept = self.objects[number]
            if isinstance(kept, pydyf.Stream):
                head, content = write_stream(kept)
                text, cited = open_holes(head)
                streams[number] = text, cited, content
            else:
                text, cited = open_holes(kept.data)
                plain[number] = text, cited
            waiting.extend(number for number, kind in cited if kind == LOCAL)
        names = {number: place for place, number in enumerate([*plain, *streams])}

        def code(cited: list[tuple[int, int]]) -> list[int]:
            return [4 * (names[number] if kind == LOCAL else number) + kind for number, kind in cited]

        whole, starts = join_plain(Template(text, code(cited)) for text, cited in plain.values())
        kept_streams = [Stream(Template(text, code(cited)), content) for text, cited, content in streams.values()]
        return names, lambda facts: Fragment(facts, whole, starts, kept_streams)


def turn_link(annotation: pydyf.Dictionary) -> None:
    """Make a place of the document out of an address « doc:anchor?What it leads to »."""
    action = annotation.get("A")
    target = action["URI"].string if action and "URI" in action else ""
    if target.startswith(LINK):
        anchor, _, label = target.removeprefix(LINK).partition("?")
        del annotation["A"]
        annotation["Dest"] = pydyf.String(anchor)
        annotation["Contents"] = pydyf.String(unquote(label) or anchor)


def merge_runs(parent: pydyf.Dictionary, find: Callable[[bytes], Any], merged: dict[bytes, bytes]) -> None:
    """Give a paragraph its text directly: the element of a run that says nothing of it is one object too many."""
    if parent["S"] not in HOLDS_TEXT:
        return
    kids = pydyf.Array()
    for kid in parent["K"]:
        run = find(kid) if isinstance(kid, bytes) else {}
        if is_plain_run(run) and run["Pg"] == parent.get("Pg"):
            kids.extend(run["K"])
            merged[kid] = parent.reference
        else:
            kids.append(kid)
    parent["K"] = kids


def is_plain_run(element: Mapping[str, Any]) -> bool:
    """Whether an element is a run of text and nothing more: no language, no other words, no element inside."""
    is_bare = element.get("S") == "/Span" and set(element) == PLAIN_RUN
    return is_bare and all(isinstance(mark, int) for mark in element["K"])


def rename_headers(element: pydyf.Dictionary, mark: str) -> None:
    """Make the names of header cells unique in a document made of several fragments."""
    if "ID" in element:
        element["ID"] = pydyf.String(f"{mark}-{element['ID'].string}")
    attributes = element.get("A")
    if attributes and "Headers" in attributes:
        attributes["Headers"] = pydyf.Array(
            [pydyf.String(f"{mark}-{header.string}") for header in attributes["Headers"]]
        )


def write_stream(stream: pydyf.Stream) -> tuple[bytes, bytes]:
    """Compress as well as is worth the time, and return the dictionary apart from the content."""
    raw = write_drawing(stream)
    extra = pydyf.Dictionary(stream.extra)
    if stream.compress:
        raw = zlib.compress(raw, COMPRESSION)
        extra["Filter"] = "/FlateDecode"
    extra["Length"] = len(raw)
    return extra.data, raw


def write_drawing(stream: pydyf.Stream) -> bytes:
    """Write the content alone, as it is before compression."""
    return pydyf.Stream(stream.stream).data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")


def open_holes(data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """Replace each reference by a hole; returns the text and what the holes stand for."""
    cited: list[tuple[int, int]] = []

    def open_one(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        kind = int(match[2])
        cited.append((int(match[1]), kind))
        return HOLE if kind == KEY else HOLE + b" 0 R"

    return REFERENCE.sub(open_one, data.replace(b"%", b"%%")), cited


def cut_face(document: Any, pdf: pydyf.PDF) -> Fragment:
    """Keep the font of a specimen, to be lent to every fragment that needs no other letter."""
    font = max(document.fonts.values(), key=lambda font: len(font.to_unicode))
    cutter = Cutter(document, pdf, {})
    page = cutter.pages[0]
    fonts = cutter.find(cutter.find(page["Resources"])["Font"])
    number = number_of(fonts[font.hash])
    names, fragment = cutter.collect([number])
    letters: dict[str, tuple[int, float]] = {}
    for glyph, text in font.to_unicode.items():
        letters.setdefault(text, (glyph, font.widths[glyph]))  # plain letters are drawn before their other forms
    return fragment(Facts(offers={f"font:{font.hash}": names[number]}, glyphs=letters, covers=sorted(font.to_unicode)))
