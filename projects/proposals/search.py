"""The words by which a project is found, and those that stand for one another."""

from __future__ import annotations

from typing import Any

from cooperation.spelling import fold
from territories.competences.words import legal_word


def spellings(word: str) -> set[str]:
    """A folded word and the legal one it stands for: « optionnelle » also finds « supplémentaire »."""
    return {word, legal_word(word)}


def folded_text_of(project: Any) -> str:
    """The words by which a project is found."""
    parts = (project.reference, project.title, project.shared_objective, project.need, project.service,
             project.beneficiaries, project.owner_name, project.competence_text)  # fmt: skip
    return fold("\n".join(part for part in parts if part))
