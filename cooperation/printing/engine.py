"""Lays pages of HTML out as accessible PDF (PDF/UA-1); runs inside the child process only.

Where WeasyPrint's own time goes, on the sheets of the demo (processor time, profiled): layout 45 % (tables 14, lines of
text 19), drawing of pages 23 (inline drawings 11, text 7), reading of HTML 8, rules and selectors 9, boxes 5, our
cutting 6. What each measure gains, against the same sheets without it:

    style sheets and fonts read once for all pieces      18 %
    garbage collected between two pieces only            15 %
    styles computed once for all pieces                  12 %
    the steps of a sheet in two lists of known width     10 %: columns that balance themselves are tried and tried again
    the letters of five faces lent to all                 4 %, and nine tenths of the file
    no font made of letters that are lent                 4 %
    tables of a width said beforehand                     5 %
    five marks of notes not given to each element         4 %
    the dots of the contents drawn as one line           nine tenths of the contents: each dot was a box
    the index in a table                                 six sevenths of the index: two columns are balanced by trial
    the longest pieces taken first                       up to a second of a print: no hand ends long after the other
    and what is left, that a page does without at a price: drawings 13 %, tags 8 %, hyphenation 3 %

Together the third, fourth, sixth and eighth took a third off a sheet (9.6 s of processor for 24 sheets, then 6.4);
all but the fourth leave every piece as it was, byte for byte. Two processes share the rest, and nothing is laid out
twice.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from cooperation.printing import sparing
from cooperation.printing.cutting import Cutter, cut_face
from cooperation.printing.fetcher import Fetcher
from cooperation.printing.fragments import Facts, Fragment

VARIANT = "pdf/ua-1"


class PageCounter(logging.Handler):
    """Hears WeasyPrint say that it lays a page out, and passes on how many it has done."""

    def __init__(self, heard: Callable[[int], None]) -> None:
        super().__init__()
        self.heard = heard
        self.pages = 0

    def emit(self, record: logging.LogRecord) -> None:
        if "Page" in str(record.msg):
            self.pages += 1
            self.heard(self.pages)


def render(html: str, *, roots: Mapping[str, list[str]], heard: Callable[[int], None] | None = None) -> bytes:
    """Print the HTML. Nothing outside `roots` is read; `heard` is told how many pages were laid out so far."""
    if heard:
        progress = logging.getLogger("weasyprint.progress")
        progress.setLevel(logging.INFO)
        progress.addHandler(PageCounter(heard))
    # Boxes point at one another: collecting garbage less often while they are made saves about a fifth of the time.
    gc.set_threshold(100_000, 50, 100)
    page = weasyprint.HTML(string=html, url_fetcher=Fetcher(roots))
    return page.write_pdf(font_config=FontConfiguration(), pdf_variant=VARIANT)


class Press:
    """Lays many pieces out with one reading of the style sheets and of the fonts."""

    def __init__(self, *, roots: Mapping[str, list[str]], stylesheets: Sequence[str]) -> None:
        self.fetcher = Fetcher(roots)
        self.fonts = FontConfiguration()
        self.styles = [
            weasyprint.CSS(url=f"static:{name}", url_fetcher=self.fetcher, font_config=self.fonts)
            for name in stylesheets
        ]
        self.faces: dict[str, Facts] = {}
        sparing.remember(self.faces)
        gc.disable()  # between two pieces only, when what one needed can all go

    def know(self, face: Fragment) -> None:
        """Learn the letters of a face, so that the pieces that need no other borrow it."""
        self.faces.update({name.removeprefix("font:"): face.facts for name in face.facts.offers})

    def press(self, html: str, *, mark: str, numbered: bool) -> Fragment:
        """Lay a piece out and cut it."""
        return self.lay_out(
            html, lambda document, pdf: Cutter(document, pdf, self.faces).cut(mark=mark, numbered=numbered)
        )

    def cast(self, html: str) -> Fragment:
        """Make a face from a specimen of its letters."""
        return self.lay_out(html, cut_face)

    def lay_out(self, html: str, cut: Callable[[Any, Any], Fragment]) -> Fragment:
        made: list[Fragment] = []

        def finish(document: Any, pdf: Any) -> None:
            made.append(cut(document, pdf))
            del pdf.objects[3:]  # nothing is written here: what matters has been cut out

        page = sparing.PlainPage(string=html, url_fetcher=self.fetcher)
        page.render(font_config=self.fonts, stylesheets=self.styles).write_pdf(pdf_variant=VARIANT, finisher=finish)
        gc.collect(1)
        return made[0]
