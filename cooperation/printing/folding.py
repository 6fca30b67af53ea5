"""In which order pages are laid two by two, front then back, so that the folded sheets make a booklet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
