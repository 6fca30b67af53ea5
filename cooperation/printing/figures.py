"""Writes the numbers of the cited pages on pages already laid out: a page that moves asks for no new layout.

A part that cites pages is laid out with a blank in the place of each figure: a letter as wide, that nobody will see.
In the drawing of its pages, the blanks then become the figures, in the order in which the pages are cited; one that is
left over, because the number is short, becomes a gap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

# A letter, so that a number is never cut at the end of a line; as wide as a figure in our faces; in no French text.
BLANK = "ƒ"
GAP = " "  # said for a blank that no figure needs
# What a drawing says of text: the font that comes into use, or a line of glyphs of four hexadecimal digits.
TEXT = re.compile(rb"/(\w+) [\d.]+ Tf|\[([^\]]*)\] TJ")
GLYPH = re.compile(rb"<([0-9a-f]+)>")

Glyphs = Mapping[str, tuple[int, float]]  # of a face: number and width of each letter


def count_blanks(drawing: bytes, faces: Mapping[str, Glyphs]) -> int:
    """Count the blanks drawn with a face that is lent: those of another font could not be written on."""
    found = 0

    def see(glyphs: Glyphs) -> bytes:
        nonlocal found
        found += 1
        return write(BLANK, glyphs)

    visit_blanks(drawing, faces, see)
    return found


def write_figures(drawing: bytes, faces: Mapping[str, Glyphs], figures: Iterator[str]) -> bytes:
    """Give each blank its figure."""
    return visit_blanks(drawing, faces, lambda glyphs: write(next(figures), glyphs))


def write(letter: str, glyphs: Glyphs) -> bytes:
    """Write one glyph of a run; a gap ends the run, moves on by as much as a blank is wide, and begins another."""
    if letter == GAP:
        return b">%.6g<" % -glyphs[BLANK][1]
    return b"%04x" % glyphs[letter][0]


def visit_blanks(drawing: bytes, faces: Mapping[str, Glyphs], give: Callable[[Glyphs], bytes]) -> bytes:
    """Draw the same, with what `give` returns in the place of each blank."""
    blanks = {name: b"%04x" % glyphs[BLANK][0] for name, glyphs in faces.items() if BLANK in glyphs}
    face, blank = "", b""

    def visit(text: re.Match[bytes]) -> bytes:
        nonlocal face, blank
        if text[1]:
            face = text[1].decode()
            blank = blanks.get(face, b"")
        elif blank and blank in text[2]:
            return GLYPH.sub(fill, text[0])
        return text[0]

    def fill(run: re.Match[bytes]) -> bytes:
        numbers = (run[1][place : place + 4] for place in range(0, len(run[1]), 4))
        return b"<%b>" % b"".join(give(faces[face]) if number == blank else number for number in numbers)

    return TEXT.sub(visit, drawing)
