"""The numbers and the names by which an organisation is recognised, as pure functions."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

from cooperation.spelling import fold_words
from territories.places.identifiers import validate_siret as validate_siret

RNA = re.compile(r"W\d[0-9A-Z]\d{7}")  # Corsican and overseas numbers hold a letter
# Words that do not tell one association from another.
COMMON_WORDS = frozenset(
    "a asso association ass assoc au aux d de des du en et l la le les pour sur un une".split()  # noqa: SIM905
)
WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "ctre": "centre", "cte": "comite"}


def compact(value: str) -> str:
    """The number without the spaces, dots and hyphens that people put in it, in capitals."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", value).upper()


def validate_rna(value: str) -> None:
    """Refuse an RNA number that is not W and 9 signs (the second may be a letter: W2A…, W9R…)."""
    if not RNA.fullmatch(value):
        raise ValidationError(f"« {value} » n’est pas un numéro RNA : il faut la lettre W suivie de 9 chiffres.")


def essential(name: str) -> str:
    """The words that tell an organisation apart, in alphabetical order: what two spellings share.

    « Asso. St-Roch (ASR) » and « Association Saint Roch » give the same; parentheses hold acronyms, and are dropped.
    """
    words = [WORDS.get(word, word) for word in fold_words(re.sub(r"\([^)]*\)", " ", name)).split()]
    kept = [word for word in words if word not in COMMON_WORDS]
    return " ".join(sorted(kept or words or fold_words(name).split()))
