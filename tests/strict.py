"""What the templates of the tests put in place of a variable that nobody gave: nothing, by stopping the page."""

from __future__ import annotations

import sys

from django.template.base import FilterExpression


class UndefinedVariableError(Exception):
    """A template asks for a name that its view, or its include, does not give."""


class Undefined(str):
    """Django writes this text where a variable is missing, after putting the name of the variable into it.

    It also stands for a related row that does not exist, which a template may ask about: there it counts as nothing,
    and only the expression that looks for a name finds it worth writing.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        return sys._getframe(1).f_code is FilterExpression.resolve.__code__

    def __str__(self) -> str:
        return ""

    def __mod__(self, name: object) -> str:
        raise UndefinedVariableError(f"Ce gabarit demande « {name} », que personne ne lui donne.")
