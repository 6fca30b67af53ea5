"""What the structure tree of a PDF says of the place of things: on which pages each element stands."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

HEADINGS = {"/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Caption"}  # what is read before what it names


def leaves(element, page=None) -> Iterator[tuple[object, object]]:
    """Each run of marked content below an element, in the order of reading: the element that holds it, its page."""
    page = element.get("/Pg", page)
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            yield element, page.objgen
        elif kid.get("/Type") == "/MCR":
            yield element, kid.get("/Pg", page).objgen
        elif "/S" in kid:
            yield from leaves(kid, page)


def elements(element) -> Iterator[object]:
    yield element
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, int) and "/S" in kid:
            yield from elements(kid)


def lonely_headings(pdf: pikepdf.Pdf) -> list[str]:
    """The headings after which the next words stand on another page."""
    found, last = [], None
    for holder, page in leaves(pdf.Root.StructTreeRoot.K[0]):
        heading = heading_of(holder)
        if last and not heading and last[1] != page:
            found.append(last[0])
        last = (heading, page) if heading else None
    return found


def heading_of(element) -> str:
    """The kind of heading that an element belongs to, if any."""
    while element is not None and "/S" in element:
        if str(element.S) in HEADINGS:
            return str(element.S)
        element = element.get("/P")
    return ""


def count_rows(pdf: pikepdf.Pdf) -> int:
    """How many pieces of rows with cells there are: one that is cut between two pages makes two."""
    rows = (one for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.S == "/TR")
    return sum(any(cell.S == "/TD" for cell in elements(row)) for row in rows)
