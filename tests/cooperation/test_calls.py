"""Calls that need much room are given it at once, and nothing else changes for them."""

from __future__ import annotations

import sys

import pytest
from django.conf import settings

from cooperation.calls import NEEDED, roomy


def deep(depth: int) -> int:
    return depth and 1 + deep(depth - 1)


def test_a_roomy_call_answers_and_fails_as_the_call_itself():
    assert roomy(deep)(500) == 500
    assert roomy(lambda *told, **named: (told, named))(1, two=2) == ((1,), {"two": 2})
    with pytest.raises(ZeroDivisionError):
        roomy(lambda: 1 // 0)()
    assert roomy(deep).__name__ == "deep"


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="dit comment CPython range les appels")
def test_the_room_is_asked_for_once_for_all_the_calls_below():
    """Half of a chunk of 1 MB is left, for thousands of calls; the next size up would be another."""
    assert 1024 * 1024 / 2 < 8 * NEEDED < 1024 * 1024
    assert roomy(deep).__code__.co_stacksize == NEEDED


def test_every_page_is_made_with_room():
    assert settings.MIDDLEWARE[0] == "cooperation.calls.roomy"
