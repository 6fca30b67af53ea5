"""PRINTING: turns a document into an accessible PDF; the only room that imports WeasyPrint.

Ask with `print_document(Document(...))` for a short act, or `print_in_parts(...)` for a document whose parts are
printed apart, kept, and bound together. The HTML comes from templates; what the pages may load is decided in
`fetcher.py`, and the work is done in processes that can be killed.

    document.py   what is printed: a title and its parts
    process.py    has one page of HTML printed by a hand, with its limits
    assembly.py   prints a document part by part, with the pages its contents cite
    workshop.py   has pieces laid out by a few processes at once
    hiring.py     hands: processes copied from one that has already loaded the engine
    store.py      keeps what was laid out; whole.py writes files that are whole or not there
    estimate.py   says what a part costs, before it is laid out
    binding.py    binds fragments into one accessible PDF
    figures.py    writes the numbers of the cited pages on pages already laid out
    imposing.py   lays pages two by two on sheets to be folded into a booklet; folding.py says in which order
    fragments.py  the shape of a fragment: pages whose numbers are still to be given
    child.py      the process that prints; engine.py, sparing.py and cutting.py work inside it only
"""

from pathlib import Path

from cooperation.printing.assembly import Printed, print_in_parts, wait_for
from cooperation.printing.document import A4, A5, Cites, Document, Paper, Part
from cooperation.printing.process import Limits, PrintingError, TooLong, print_document

__all__ = [
    "A4",
    "A5",
    "Cites",
    "Document",
    "Limits",
    "Paper",
    "Part",
    "Printed",
    "PrintingError",
    "TooLong",
    "impose",
    "print_document",
    "print_in_parts",
    "wait_for",
]


def impose(document: Path) -> bytes:
    """Make the booklet of a document: two pages on each side of its sheets, to be folded."""
    from cooperation.printing import imposing  # heavy: loaded by those who fold only

    return imposing.impose(document)
