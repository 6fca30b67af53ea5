"""The verdict: an answer to "may I?" that carries its reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Verdict:
    """A refusal speaks, an agreement is silent.

    `Verdict()` is true; `Verdict("Le plan n’est pas équilibré.")` is false in an `if` and its text is the
    plain French sentence shown to the person, by the page, the commands and the tests alike.
    """

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason

    def __str__(self) -> str:
        return self.reason


ALLOWED = Verdict()


def require(verdict: Verdict) -> None:
    """Stop whoever may not, with the reason."""
    if not verdict:
        raise PermissionDenied(verdict.reason)
