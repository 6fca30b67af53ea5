"""What is printed: a title and an ordered list of parts, each a piece of HTML written by a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Part:
    """A run of pages that can be printed alone: the cover, the contents, one sheet."""

    name: str  # said in an error message: « la fiche P12 »
    html: SafeString
    numbered: bool = True  # whether its pages say their number
    cites_pages: bool = False  # whether it says on which page another part stands: it is then printed after the others


@dataclass(frozen=True)
class Document:
    """A whole document, before it is laid out."""

    title: str
    author: str
    parts: Sequence[Part]
    subject: str = ""
    keywords: str = ""
    header: str = ""  # at the top of its pages, on the left
    footer: str = ""  # at the bottom, on the left
    stylesheets: Sequence[str] = field(default=("css/pdf.css",))

    def as_html(self) -> str:
        """Write the parts into one page of HTML."""
        return render_to_string("printing/document.html", {"document": self})

    def wrap(self, html: str) -> str:
        """Write the page of HTML of one part, without anything that changes from one print to the next."""
        return render_to_string("printing/part.html", {"document": self, "html": SafeString(html)})
