"""The difference between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]")
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, went, or came."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Tell two texts apart, word by word: without what was added, the pieces give the first again.

    A space between two changes goes with them: half a sentence is easier to read than words struck one by one.
    """
    one, two = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    gone = came = ""
    for act, start, end, first, last in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        old, new = "".join(one[start:end]), "".join(two[first:last])
        if act == "equal" and old.strip():
            pieces += [*_change(gone, came), Piece(SAME, old)]
            gone = came = ""
        else:
            gone, came = gone + old, came + new
    return [*pieces, *_change(gone, came)]


def _change(gone: str, came: str) -> list[Piece]:
    if gone == came:
        return [Piece(SAME, gone)] if gone else []
    return [piece for piece in (Piece(REMOVED, gone), Piece(ADDED, came)) if piece.text]
