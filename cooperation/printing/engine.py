"""Lays a page of HTML out as an accessible PDF (PDF/UA-1); runs inside the child process only."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from cooperation.printing.fetcher import Fetcher


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
    return page.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")
