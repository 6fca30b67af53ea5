"""What the structure tree of a PDF says of the place of things: on which pages each element stands."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

HEADINGS = {"/H1", "/H2", "/H3", "/H4", "/H5", "/H6"}


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
    found, heading = [], None
    for holder, page in leaves(pdf.Root.StructTreeRoot.K[0]):
        is_heading = is_under_heading(holder)
        if heading and not is_heading and heading[1] != page:
            found.append(str(heading[0].get("/S")))
        heading = (holder, page) if is_heading else None
    return found


def is_under_heading(element) -> bool:
    while element is not None and "/S" in element:
        if str(element.S) in HEADINGS:
            return True
        element = element.get("/P")
    return False


def split_rows(pdf: pikepdf.Pdf) -> int:
    """How many rows of tables stand on two pages."""
    rows = (one for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.S == "/TR")
    return sum(len({page for _, page in leaves(row)}) > 1 for row in rows)
