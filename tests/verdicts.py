"""What was judged of a page on one database is not judged again on the other, when the other serves the same page.

What a browser shows hangs on the text of the page, its styles and its scripts, not on the database that the text was
read from. So each page without fault is kept, for the time of one run of the two suites, under the hash of its text;
the second database serves all its pages too, and the browser opens those that differ, be it by one word. A page that
had a fault is never kept.

Two databases give different keys to the same rows. Keys are read by nobody: in addresses, names and identifiers, a
number counts by where it stands and not by what it is, so that a label tied to the wrong field is still another page.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from django.db import connection

FOLDER = os.environ.get("SUITE_VERDICTS", "")
TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)
QUOTED = r"""=(?:"[^"]*"|'[^']*')"""
UNSEEN = re.compile(
    r"\s(?:href|action|id|for|name|list|headers|aria-(?:labelledby|describedby|controls)|data-coop-[a-z-]+)" + QUOTED
)
CHOSEN = re.compile(r"\svalue" + QUOTED)  # read by nobody either, where it is not written in a field
IS_CHOSEN = re.compile(r"""<(?:option|button)\b|<input\b[^>]*\btype=["']?(?:hidden|radio|checkbox)\b""", re.IGNORECASE)
TOKEN = re.compile(r"""(<input\b[^>]*\bname="csrfmiddlewaretoken"[^>]*\bvalue=)"[^"]*\"""")
SITE = re.compile(r"http://(?:testserver|localhost|127\.0\.0\.1)(?::\d+)?")


def sameness(page: str) -> str:
    """The text of a page, where each key is replaced by its order of appearance."""
    order: dict[str, str] = {}

    def by_order(number: re.Match[str]) -> str:
        return order.setdefault(number[0], f"#{len(order)}")

    def in_attribute(attribute: re.Match[str]) -> str:
        return re.sub(r"\d+", by_order, attribute[0])

    def in_tag(tag: re.Match[str]) -> str:
        text = UNSEEN.sub(in_attribute, tag[0])
        return CHOSEN.sub(in_attribute, text) if IS_CHOSEN.match(text) else text

    return TAG.sub(in_tag, SITE.sub("", TOKEN.sub(r'\1""', page)))


def place(what: str, page: str) -> Path:
    return Path(FOLDER) / hashlib.sha256(f"{what}\n{sameness(page)}".encode()).hexdigest()


def may_be_known() -> bool:
    """Whether another database was there before: SQLite begins with its pages, and PostgreSQL comes to them late."""
    return bool(FOLDER) and connection.vendor == "postgresql"


def is_known(what: str, page: str) -> bool:
    """Whether the same page was judged, in this run, and found without fault."""
    return may_be_known() and place(what, page).exists()


def keep(what: str, page: str) -> None:
    """Keep that a page has no fault."""
    if FOLDER:
        Path(FOLDER).mkdir(exist_ok=True)
        place(what, page).touch()
