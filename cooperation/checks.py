"""The answer of a rule of law, the same whoever asks: whether it holds, in one French sentence, with its article."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Check:
    """The answer of a rule: whether it holds, in one French sentence, with its article and its figure."""

    name: str
    article: str
    holds: bool | None  # None: the rule does not apply
    sentence: str
    figure: Decimal | None = None
