"""Lays the pages of a document two by two on larger sheets, in the order in which they are folded into a booklet.

The result is for whoever prints and folds: its pages are pictures of pages, without structure. What is read on a
screen, or by a screen reader, is the document it was made from.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf

Side = tuple[int | None, int | None]  # the page on the left and the one on the right, from 0; nothing is a blank

THICKEST = 80  # pages in one fold: twenty sheets, what two staples hold
SIGNATURE = 32  # pages in each of the folds of a thicker document, to be sewn or glued


def fold(pages: Sequence[int | None]) -> Iterator[Side]:
    """The sides of the sheets of one fold, front then back, for as many pages as four divide."""
    last = len(pages) - 1
    for sheet in range(len(pages) // 4):
        yield pages[last - 2 * sheet], pages[2 * sheet]
        yield pages[2 * sheet + 1], pages[last - 2 * sheet - 1]


def signatures(count: int) -> list[list[int | None]]:
    """Share pages out into folds; blanks come before the last page, which is the back of the cover."""
    size = THICKEST if count <= THICKEST else SIGNATURE
    blanks: list[int | None] = [None] * (-count % 4)
    pages: list[int | None] = [*range(count - 1), *blanks, count - 1]
    return [pages[start : start + size] for start in range(0, len(pages), size)]


def impose(document: Path) -> bytes:
    """Make the booklet of a document: each side holds two of its pages, to be printed on both sides, short edge."""
    with pikepdf.open(document) as source, pikepdf.new() as booklet:
        width, height = (float(value) for value in source.pages[0].mediabox[2:])
        for pages in signatures(len(source.pages)):
            for side in fold(pages):
                booklet.add_blank_page(page_size=(2 * width, height))
                for place, number in enumerate(side):
                    if number is not None:
                        x = place * width
                        area = pikepdf.Rectangle(x, 0, x + width, height)
                        booklet.pages[-1].add_overlay(source.pages[number], area)
        booklet.docinfo["/Title"] = f"{source.docinfo.get('/Title', '')} — livret à plier"
        booklet.Root.Lang = source.Root.get("/Lang", "fr")
        booklet.Root.ViewerPreferences = pikepdf.Dictionary(
            DisplayDocTitle=True, Duplex=pikepdf.Name.DuplexFlipShortEdge, PrintScaling=pikepdf.Name("/None")
        )
        content = io.BytesIO()
        booklet.save(content)
        return content.getvalue()
