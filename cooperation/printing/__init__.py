"""PRINTING: turns a document into an accessible PDF; the only room that imports WeasyPrint.

Ask with `print_document(Document(...))`. The document is a list of parts, so that they may one day be printed apart
and assembled; its HTML comes from templates. What the pages may load is decided in `fetcher.py`, and the work is
done in a process of its own that can be killed (`child.py`).
"""

from cooperation.printing.document import Document, Part
from cooperation.printing.process import Limits, PrintingError, print_document

__all__ = ["Document", "Limits", "Part", "PrintingError", "print_document"]
