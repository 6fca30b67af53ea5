"""Lays pages of a document two by two on larger sheets, in the order in which they are folded into a booklet.

The pages change places, not the order of reading: each becomes a picture that keeps its marks, and the structure tree,
the bookmarks and the links of the document follow them. A booklet is as accessible as the document it was made from.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from cooperation.printing.folding import Side, fold, signatures


def impose(document: Path) -> bytes:
    """Make the booklet of a document: each side holds two of its pages, to be printed on both sides, short edge."""
    with pikepdf.open(document) as pdf:
        count = len(pdf.pages)
        width, height = (float(value) for value in pdf.pages[0].mediabox[2:])
        places: dict[tuple[int, int], Place] = {}
        for pages in signatures(count):
            for side in fold(pages):
                places |= lay_side(pdf, side, width, height)
        follow(pdf, places)
        del pdf.pages[:count]
        name_booklet(pdf)
        content = io.BytesIO()
        pdf.save(content, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return content.getvalue()


@dataclass(frozen=True)
class Place:
    """Where a page went: the side that shows it, the picture it became, and how far to the right it stands."""

    side: pikepdf.Object
    picture: pikepdf.Object
    right: float


def lay_side(pdf: pikepdf.Pdf, side: Side, width: float, height: float) -> dict[tuple[int, int], Place]:
    """Draw two pages on a new side; returns where each went."""
    pdf.add_blank_page(page_size=(2 * width, height))
    sheet = pdf.pages[-1].obj
    places: dict[tuple[int, int], Place] = {}
    pictures, drawing, links = Dictionary(), [], Array()
    for number, (page, right) in enumerate(zip(side, (0.0, width), strict=True)):
        if page is None:
            continue
        source = pdf.pages[page].obj
        picture = pdf.make_indirect(pdf.pages[page].as_form_xobject())
        if "/StructParents" in source:
            picture.StructParents = source.StructParents
        pictures[f"/Page{number}"] = picture
        drawing.append(f"q 1 0 0 1 {right} 0 cm /Page{number} Do Q")
        for link in source.get("/Annots", Array()):
            move_link(link, sheet, right)
            links.append(link)
        places[source.objgen] = Place(sheet, picture, right)
    sheet.Resources = Dictionary(XObject=pictures)
    sheet.Contents = pdf.make_stream("\n".join(drawing).encode())
    sheet.Tabs = Name.S  # links are walked in the order of the structure
    if links:
        sheet.Annots = links
    return places


def move_link(link: pikepdf.Object, sheet: pikepdf.Object, right: float) -> None:
    left, bottom, end, top = (float(value) for value in link.Rect)
    link.Rect = Array([left + right, bottom, end + right, top])
    if "/P" in link:
        link.P = sheet


def follow(pdf: pikepdf.Pdf, places: Mapping[tuple[int, int], Place]) -> None:
    """Lead to the new sides all that pointed at the pages: what is read, bookmarks, names."""
    if "/StructTreeRoot" in pdf.Root:
        follow_structure(pdf.Root.StructTreeRoot, places)
    for target in pikepdf.NameTree(pdf.Root.Names.Dests).values() if "/Names" in pdf.Root else ():
        turn(target, places)
    waiting = [pdf.Root.Outlines] if "/Outlines" in pdf.Root else []
    while waiting:
        entry = waiting.pop()
        turn(entry.get("/Dest"), places)
        waiting += [entry[name] for name in ("/First", "/Next") if name in entry]


def turn(target: pikepdf.Object | None, places: Mapping[tuple[int, int], Place]) -> None:
    """Turn « [page /XYZ left top zoom] » towards the side that shows the page."""
    if isinstance(target, Array) and (place := places.get(target[0].objgen)):
        target[0] = place.side
        target[2] = float(target[2]) + place.right


def follow_structure(root: pikepdf.Object, places: Mapping[tuple[int, int], Place]) -> None:
    """Name, for each run of marked content, the picture in which it now is."""
    waiting: list[tuple[pikepdf.Object, Place | None]] = [(root, None)]
    while waiting:
        element, above = waiting.pop()
        place = places.get(element.Pg.objgen, above) if "/Pg" in element else above
        if "/Pg" in element and place:
            element.Pg = place.side
        kids = element.get("/K", Array())
        if not isinstance(kids, Array):
            kids = Array([kids])
        for number, kid in enumerate(kids):
            if isinstance(kid, int):
                assert place
                kids[number] = Dictionary(Type=Name.MCR, Pg=place.side, Stm=place.picture, MCID=kid)
            elif kid.get("/Type") == Name.MCR:
                own = places[kid.Pg.objgen] if "/Pg" in kid else place
                assert own
                kid.Pg, kid.Stm = own.side, own.picture
            else:
                waiting.append((kid, place))
        if "/K" in element:
            element.K = kids


def name_booklet(pdf: pikepdf.Pdf) -> None:
    """Say what it is, and how it is to be printed."""
    title = f"{pdf.docinfo.get('/Title', '')} — livret à plier"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
    pdf.docinfo["/Title"] = title
    pdf.Root.ViewerPreferences = Dictionary(
        DisplayDocTitle=True, Duplex=Name.DuplexFlipShortEdge, PrintScaling=Name("/None")
    )
