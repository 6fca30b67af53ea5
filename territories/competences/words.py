"""The words people use for the legal ones: « optionnelle » was the law until 2019, it is « supplémentaire » since."""

from __future__ import annotations

from cooperation.spelling import fold

# Beginnings of words, folded, and the legal word that they stand for (domain: loi n° 2019-1461).
LEGAL_WORDS = {"optionnel": "supplementaire", "facultati": "supplementaire"}


def legal_word(word: str) -> str:
    """The legal word behind a word typed by someone, both folded."""
    return next((legal for begin, legal in LEGAL_WORDS.items() if word.startswith(begin)), word)


def matches(words: str, text: str) -> bool:
    """Whether a text holds every word asked for, or the legal word that it stands for; a final « s » is no matter."""
    folded = fold(text)
    return all(legal_word(word).rstrip("s") in folded for word in fold(words).split())
