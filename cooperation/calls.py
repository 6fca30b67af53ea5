"""Room for calls: Python keeps the frames of calls in chunks of 16 kB, and gives one back once no call stands in it.

A loop near the end of a chunk, whose calls cross it, thus asks the system for the next one and gives it back at each
turn: a page of ours did so six hundred times, a fifth of its time. The cure is a call that itself needs much room: the
chunk made for it has place for all those below it (CPython from 3.11 on, `Python/pystate.c`, `push_chunk`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

Told = ParamSpec("Told")
Given = TypeVar("Given")
# Words of eight bytes that a call says it needs, and never touches: over half of a chunk of 1 MB, the rest for what
# it calls. Beyond 2 MB, a system that gives pages of that size would fill one with zeros for each request.
NEEDED = 70_000


def roomy(function: Callable[Told, Given]) -> Callable[Told, Given]:
    """The same function, with room below it for some thousand calls. It makes a middleware too."""

    def with_room(*args: Told.args, **kwargs: Told.kwargs) -> Given:
        return function(*args, **kwargs)

    with_room.__code__ = with_room.__code__.replace(co_stacksize=NEEDED)
    return wraps(function)(with_room)
