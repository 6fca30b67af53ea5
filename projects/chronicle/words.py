"""The difference between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

WORD = re.compile(r"\w+(?:[’'-]\w+)*|\s+|[^\w\s]")
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, went, or came."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Tell two texts apart, word by word: without what was added, the pieces give the first again."""
    return [
        Piece(kind, "".join(text for _, text in run))
        for kind, run in groupby(_pieces(WORD.findall(before), WORD.findall(after)), key=lambda piece: piece[0])
    ]


def _pieces(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    for act, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            yield SAME, "".join(before[start:end])
            continue
        if end > start:
            yield REMOVED, "".join(before[start:end])
        if last > first:
            yield ADDED, "".join(after[first:last])
