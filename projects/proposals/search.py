"""Folding of text for search: lower case, no accents, no ligatures, so that both databases find the same rows."""

from __future__ import annotations

import unicodedata
from typing import Any

from territories.competences.words import legal_word

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'", "\u202f": " ", "\u00a0": " "})


def fold(text: str) -> str:
    """Fold « Cœur d’École » into "coeur d'ecole"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def spellings(word: str) -> set[str]:
    """A folded word and the legal one it stands for: « optionnelle » also finds « supplémentaire »."""
    return {word, legal_word(word)}


def folded_text_of(project: Any) -> str:
    """The words by which a project is found."""
    parts = (project.reference, project.title, project.shared_objective, project.need, project.service,
             project.beneficiaries, project.owner_name, project.competence_text)  # fmt: skip
    return fold("\n".join(part for part in parts if part))
