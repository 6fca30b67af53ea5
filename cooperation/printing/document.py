"""What is printed: a title and an ordered list of parts, each a piece of HTML written by a template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cooperation.french import NBSP, raise_ordinals

# Signs that end a line or a paragraph without being seen: the engine gives up on a text that holds one.
SEPARATORS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
# The last two of at least three words of a paragraph or of a title, when both hold on one line wherever such texts are
# set: no cell, which may be narrower, nor the title of a cover, whose letters are too large.
LAST_WORDS = re.compile(r"( [^ <>\n]{1,20}) (?=[^ <>\n]{1,14}</(?:p|h[2-4]|li|dd)>)")


@dataclass(frozen=True)
class Paper:
    """A size of page: its style sheets, and where its number is written, in points from the right and the bottom.

    The style sheet does it for a document of one piece; a part printed apart does not know its number.
    """

    stylesheets: Sequence[str]
    size: float
    right: float
    baseline: float


A4 = Paper(("css/pdf.css",), size=8.5, right=53.858, baseline=45.493)  # margins of 19 and 22 mm, less 3 mm
A5 = Paper(("css/pdf.css", "css/pdf-a5.css"), size=7.5, right=35.433, baseline=29.464)  # 12.5 and 15 mm, less 2


class Cites(Enum):
    """How a part says on which pages others stand: not at all, in a column at the right, or in its sentences."""

    NOTHING = "nothing"
    COLUMN = "column"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Part:
    """A run of pages that can be printed alone: the cover, the contents, one sheet."""

    name: str  # said in an error message: « la fiche P12 »
    html: SafeString
    numbered: bool = True  # whether its pages say their number
    cites: Cites = Cites.NOTHING  # pages of other parts


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
    paper: Paper = A4

    def as_html(self) -> str:
        """Write the parts into one page of HTML."""
        return typeset(render_to_string("printing/document.html", {"document": self}))

    def wrap(self, html: str) -> str:
        """Write the page of HTML of one part, without anything that changes from one print to the next."""
        part = render_to_string("printing/part.html", {"document": self, "html": SafeString(html)})
        return raise_ordinals(hold_ends(without_separators(part)))


def typeset(html: str) -> str:
    """Leave out what the engine gives up on, and raise « 1er » and « 8e », but in links, whose tag would be cut."""
    return raise_ordinals(hold_ends(without_separators(html)), in_links=False)


def hold_ends(html: str) -> str:
    """Keep the last two words of a paragraph, a title or a line of a list together: no last line is one word."""
    return LAST_WORDS.sub(rf"\1{NBSP}", html)


def without_separators(html: str) -> str:
    """Make them spaces, one kind after another: `translate` looks at each letter, and takes a hundred times longer."""
    for sign in SEPARATORS:
        html = html.replace(sign, " ")
    return html
