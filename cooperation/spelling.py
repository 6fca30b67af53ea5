"""Texts compared whatever their spelling: no capitals, no accents, no ligatures, so that both databases agree."""

from __future__ import annotations

import re
import unicodedata

ONE_SIGN_FOR_ANOTHER = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "\u202f": " ", "\u00a0": " "}
TABLE = str.maketrans(ONE_SIGN_FOR_ANOTHER)


def fold(text: str) -> str:
    """Fold « Cœur d’École » into "coeur d'ecole"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(TABLE))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def fold_words(text: str) -> str:
    """Fold « Élu·e référent·e » or « code_insee » into "elu e referent e" or "code insee"."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))
